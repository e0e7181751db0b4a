"""What is left of a story: the way it took, who was told what, the papers, and what a stranger may read."""

import re
from collections import defaultdict

from areas.calendar import local_date
from areas.models import Body
from deliberation.models import Thread
from ledger import verifying
from ledger.models import Event
from notifications.models import Notice
from proposals.deadlines import STAGES
from proposals.states import ENDED
from records.models import Record
from tests.proposals.reading import text as said
from tests.proposals.standing import failures, holds
from tests.stories.town import Town

REMINDER = "ballot_reminded"


def road(town: Town) -> list[str]:
    """Each move: the verb, the state it led to, and where the case then was."""
    events = Event.objects.filter(chain_id=town.case.chain, payload__has_key="verb").order_by("number")
    places = dict(Body.objects.values_list("pk", "area__name"))
    return [f"{e.payload['verb']}: {e.payload['to']}, {places[e.payload['owner']]}" for e in events]


def told(town: Town) -> dict[str, set[str]]:
    """The kinds of notices of this case by person. Nobody was told of one thing twice, and everybody can read it.

    Only those who stayed away from a vote were reminded of it.
    """
    names = {user.pk: name for name, user in town.people.items()}
    found: dict[str, set[str]] = defaultdict(set)
    notices = list(Notice.objects.filter(event__chain=town.case.chain).values_list("user", "event", "kind"))
    assert len({notice[:2] for notice in notices}) == len(notices)
    for user, _event, kind in notices:
        found[names[user]].add(kind.removeprefix("case."))
    assert [name for name in found if town.case.title not in said(town.by(name).get("/inbox/"))] == []
    assert {name for name, kinds in found.items() if REMINDER in kinds} == town.stayed_away
    return {name: kinds - {REMINDER} for name, kinds in found.items()}


def were(told_of: dict[str, str]) -> dict[str, set[str]]:
    """{"name name": "kind kind"} for each of them."""
    return {name: set(kinds.split()) for names, kinds in told_of.items() for name in names.split("、")}


def papers(town: Town) -> list[tuple[str, int, str]]:
    made = Record.objects.made().filter(chain=town.case.chain).order_by("pk")
    return [(str(paper.kind), paper.version, paper.number) for paper in made]


def a_stranger_reads(town: Town, *shown: str, never: tuple[str, ...] = ()) -> str:
    """All public pages of the case in one: its title and status are there, phones and silent names are not."""
    case, stranger = town.case, town.by("")
    pages = [stranger.get(address) for address in _public(town)]
    assert [page.status_code for page in pages] == [200] * len(pages)
    words = [said(page) for page in pages]
    assert [page[:80] for page in words if case.title not in page] == []
    assert case.status in words[0]
    assert case.state not in ENDED or case.status in words[-1]
    everything = " ".join(words)
    assert [text for text in shown if text not in everything] == []
    assert [text for text in (*never, *_phones(town)) if text in everything] == []
    return everything


def _public(town: Town) -> list[str]:
    """Every address at which this case can be read now; the archive comes last."""
    case, doors = town.case, ["", "timeline/"]
    doors += ["talk/"] * Thread.objects.filter(chain=case.chain).exists() + ["decision/"] * case.decisions.exists()
    archive = ["/archive/", f"/archive/{case.number}/"] if case.state in ENDED else []
    return [*map(town.at, doors), "/cases/", *archive]


def a_stranger_checks(town: Town) -> None:
    """Each paper is a PDF that anybody opens, and its code is known; an old version says that there is a newer one."""
    for paper in Record.objects.made().filter(chain=town.case.chain):
        answer = town.by("").get(f"/records/{paper.pk}/")
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
        verdict = "已有新版本" if paper.superseded_by else "核验码是真的，而且是现行版本。"
        assert verdict in said(town.by("").get(f"/verify/{paper.code}/"))


def the_record_is_clean(town: Town) -> None:
    assert [str(problem) for problem in verifying.verify()] == []
    assert failures() == []
    holds(town.turn_to(town.case))


def strip(town: Town) -> str:
    """Who has it and until when, as a stranger reads it at the top of the page."""
    page = said(town.by("").get(town.at()))
    return " ".join(re.search(r"现在由谁办 (\S+) .*?期限 (\S+)", page).groups())


def rung(town: Town) -> list[tuple[str, str]]:
    """What the clocks of the case have said, and on which day."""
    kinds = [stage.event for stage in STAGES]
    events = Event.objects.filter(chain_id=town.case.chain, kind__in=kinds).order_by("number")
    return [(e.kind.removeprefix("case."), local_date(e.at).isoformat()) for e in events]


def _phones(town: Town) -> list[str]:
    return [user.phone for user in town.people.values() if user.phone]
