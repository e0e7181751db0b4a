"""A small 金牛: one community from its courtyards up to the district, and what its people do through the doors.

Whoever acts is named by a resident's name or an officer's part (OFFICERS). Every door's answer is checked: it leads to
where it should, or `…refused` returns the sentence that the person reads.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from areas.models import Area, Body, Category, Competence, Level
from config.demo.places import NAMES
from deliberation.models import Thread
from ledger import following
from people.models import ResidenceState, User
from people.roles import RoleKey
from proposals import clock as case_clock
from proposals.models import Proposal
from tests import build
from tests.proposals.reading import text as said
from voting import clock as ballot_clock
from voting.models import Ballot

DAY = dt.timedelta(days=1)
CHOSEN = ("statute", "method")  # what a form has chosen already, as a browser sends it
OFFICERS: dict[str, tuple[Level, RoleKey, str, str]] = {
    "screener": (Level.COURTYARD, RoleKey.MODERATOR, "傅望舒", "值班审查员"),
    "convener": (Level.COURTYARD, RoleKey.CHAIR, "方正阳", "召集人"),
    "clerk": (Level.COMMUNITY, RoleKey.MODERATOR, "程小禾", "居委会委员"),
    "community": (Level.COMMUNITY, RoleKey.DECIDER, "罗一川", "专委会主任"),
    "community handler": (Level.COMMUNITY, RoleKey.HANDLER, "邓明月", "居委会环境委员"),
    "grid worker": (Level.COMMUNITY, RoleKey.GRID_WORKER, "何以清", "网格员"),
    "overseer": (Level.COMMUNITY, RoleKey.SUPERVISOR, "秦知秋", "监委会主任"),
    "street": (Level.STREET, RoleKey.DECIDER, "乔明远", "副主任"),
    "street handler": (Level.STREET, RoleKey.HANDLER, "顾南枝", "城市管理办公室"),
    "district": (Level.DISTRICT, RoleKey.DECIDER, "江知远", "联席会副召集人"),
    "district handler": (Level.DISTRICT, RoleKey.HANDLER, "岑溪", "河道整治专班"),
    "inspector": (Level.DISTRICT, RoleKey.SUPERVISOR, "严若谷", "督查专员"),
}
ANSWER = {
    "arguments": "发言里的主要意见已逐条看过，答复写在各点的理由里。",
    "evidence": "现场查看记录和照片各一份，均已归入案卷。",
    "options": "不做：问题还在。分步做：经费够用，先做最急的。",
    "cost": "无需新增经费",
    "actions": "经办人负责，六十天内完成。",
}


class Town:
    """case: the one that is acted on; `turn_to` another one. now: the doors' time, moved by `wait` only."""

    def __init__(self, street: str, community: str, *courtyards: str) -> None:
        self.now = build.AT
        top = build.community(community, within=build.street(street))
        self.courtyards = [build.courtyard(name, within=top) for name in courtyards]
        self.areas = {Level(area.level): area for area in self.courtyards[0].lineage()}
        self.people: dict[str, User] = {}
        self.bodies = {level: self._body(area) for level, area in self.areas.items()}
        for part, (level, role, name, title) in OFFICERS.items():
            self.people[part] = build.staff(name, self.bodies[level], role)
            self.people[part].appointments.update(title=title)
        self.clients: dict[str, Client] = {}
        self.case = Proposal()
        self.stayed_away: set[str] = set()

    def _body(self, area: Area) -> Body:
        body = build.body(area)
        body.name = NAMES[Level(area.level)].format(area.name)
        body.save()
        return body

    def moves_in(self, *names: str, courtyard: int = 0, door: str = "", checked: bool = True) -> tuple[str, ...]:
        """Adults, each behind a door of their own unless `door` says so; their homes were checked today."""
        for name in names:
            self.people[name] = build.person(name, at=self.now)
            state = ResidenceState.VERIFIED if checked else ResidenceState.CLAIMED
            behind = door or f"2-{len(self.people)}01"
            build.home(self.people[name], self.courtyards[courtyard], behind, state=state, at=self.now)
        return names

    def lives_elsewhere(self, name: str, courtyard: str, community: str) -> None:
        """A resident of another community of the district."""
        elsewhere = build.community(community, within=build.street("驷马桥街道"))
        self.people[name] = build.person(name, build.courtyard(courtyard, within=elsewhere))

    def lists(self, code: str, name: str, level: Level, basis: str) -> Category:
        """A line of the competence list: this level owns such matters everywhere in the district."""
        category, _new = Category.objects.get_or_create(code=code, defaults={"name": name})
        day = self.now.date() - 30 * DAY
        whole = self.areas[Level.DISTRICT]
        Competence.objects.create(category=category, area=whole, level=level, basis=basis, valid_from=day)
        return category

    # ── time ─────────────────────────────────────────────────────────────────

    def wait(self, days: int) -> Proposal:
        """Day by day the clocks ring and followers hear, as the beat and the outbox would have it."""
        for _day in range(days):
            self.now += DAY
            self.beat()
        return self.case

    def beat(self) -> Proposal:
        ballot_clock.sweep(self.now)
        following.drain(self.now)
        case_clock.sweep(self.now)
        return self.settle()

    def settle(self) -> Proposal:
        following.drain(self.now)
        return self.turn_to(self.case)

    def turn_to(self, case: Proposal) -> Proposal:
        self.case = Proposal.objects.select_related("area", "owner__area", "left_owner__area").get(pk=case.pk)
        return self.case

    # ── doors ────────────────────────────────────────────────────────────────

    def by(self, who: str) -> Client:
        """This person's browser; with nobody's name that of a stranger."""
        if who not in self.clients:
            self.clients[who] = build.sign_in(Client(), self.people[who]) if who else Client()
        return self.clients[who]

    def at(self, door: str = "") -> str:
        return f"/cases/{self.case.number}/{door}"

    def posts(self, who: str, address: str, leads_to: str | None = None, **data: Any) -> None:
        answer = self.by(who).post(address, data)
        assert (answer.status_code, answer.headers.get("Location")) == (302, leads_to or self.at()), said(answer)

    def files(self, who: str, level: Level = Level.COURTYARD, **texts: Any) -> Proposal:
        """Where, what, check: three steps, and the number at the end."""
        home = self.people[who].residences.get().courtyard
        area = next(area for area in home.lineage() if area.level == level)
        self.posts(who, "/new/where/", "/new/what/", area=area.code, place=texts["place"])
        words = {name: texts[name] for name in ("title", "problem", "wish", "photos") if name in texts}
        self.posts(who, "/new/what/", "/new/check/", **words)
        return self.submits(who)

    def submits(self, who: str) -> Proposal:
        answer = self.by(who).post("/new/check/")
        number = re.fullmatch(r"/new/done/(\d{4}-\d{4})/", answer.headers["Location"])[1]
        assert number in said(self.by(who).get(answer.headers["Location"]))
        self.turn_to(Proposal.objects.get(number=number))
        return self.settle()

    def does(self, who: str, verb: str, reason: str = "", text: str = "", **more: Any) -> Proposal:
        """A move by its own page; whoever may no longer see the case afterwards is led to the desk."""
        page = self.by(who).get(self.at(f"move/{verb}/"))
        assert page.status_code == 200, said(page)
        shown = {field.name: field.value() for field in page.context["form"] if field.name in CHOSEN}
        data = {"since": page.context["form"]["since"].value(), "reason": reason, "text": text, **shown, **more}
        self.posts(who, self.at(f"move/{verb}/"), **data)
        return self.settle()

    def refused(self, who: str, verb: str, reason: str = "", text: str = "请看现场照片。", **more: Any) -> str:
        """The sentence above the form, or on the page that does not open; the case stays as it was."""
        before = Proposal.objects.filter(pk=self.case.pk).values().get()
        page = self.by(who).get(self.at(f"move/{verb}/"))
        since = f"{self.case.state} {self.case.state_since.isoformat()}"
        chosen = {"statute": "house", "method": "yes_no"} if verb == "call_vote" else {}
        data = {"since": since, "reason": reason, "text": text, **chosen, **more}
        answer = self.by(who).post(self.at(f"move/{verb}/"), data)
        assert answer.status_code == 422, said(answer)
        sentence = " ".join(answer.context["form"].non_field_errors())
        assert page.status_code == 200 or str(page.context["reason"]) == sentence
        assert Proposal.objects.filter(pk=self.case.pk).values().get() == before
        return sentence

    def endorsed_by(self, *names: str) -> Proposal:
        for name in names:
            self.posts(name, self.at("endorse/"))
        return self.settle()

    def follows(self, who: str) -> None:
        """The bell on the case's page."""
        self.posts(who, "/follow/", chain=self.case.chain, following="1", next=self.at())

    def appealed_up_by(self, *names: str) -> Proposal:
        for name in names:
            self.posts(name, self.at("appeal-up/"))
        return self.settle()

    def examines(self, who: str, *parties: str, opens: bool = True, **fields: str) -> Proposal:
        """parties: “who：what”, with a plus before those who gain. opens: else something is missing, and it is kept."""
        kept = self.by(who).get(self.at("examination/")).context["parties"].initial_form_count()
        rows: dict[str, Any] = {"party-TOTAL_FORMS": max(kept, len(parties)), "party-INITIAL_FORMS": kept}
        for n, line in enumerate(parties):
            name, how = line.removeprefix("+").split("：")
            side = "gains" if line.startswith("+") else "bears"
            rows |= {f"party-{n}-name": name, f"party-{n}-side": side, f"party-{n}-how": how}
        self.posts(who, self.at("examination/"), None if opens else self.at("examination/"), **rows, **fields, open="1")
        return self.settle()

    def says(self, who: str, text: str) -> None:
        """In the room, without a socket."""
        room = self.at("talk/")
        assert self.by(who).get(room).status_code == 200
        thread = Thread.objects.get(chain=self.case.chain)
        answer = self.by(who).post(f"/talk/{thread.pk}/say/", {"text": text, "next": room})
        number = Thread.objects.get(pk=thread.pk).last_number
        assert (answer.status_code, answer.headers.get("Location")) == (302, f"{room}#post-{number}"), said(answer)
        self.settle()

    @property
    def ballot(self) -> Ballot:
        return Ballot.objects.filter(chain=self.case.chain).latest("pk")

    def votes(self, **choices: str) -> None:
        """choice="name name …": choose, check, cast, keep the receipt."""
        self.beat()
        address, receipts = f"/ballots/{self.ballot.pk}/", []
        for choice, names in choices.items():
            for name in names.split():
                checked = self.by(name).post(address + "confirm/", {"choice": choice})
                assert "您选的是" in said(checked)
                self.posts(name, address + "cast/", address + "receipt/", choice=choice, mine="on")
                receipts.append(self.by(name).get(address + "receipt/").context["code"])
        assert len(set(receipts)) == len(receipts)
        known = {user.pk: name for name, user in self.people.items()}
        roll = {known[voter] for voter in self.ballot.entries.values_list("voter", flat=True)}
        self.stayed_away |= roll - set(" ".join(choices.values()).split())
        self.settle()

    def answers(self, who: str, *points: tuple[str, str, str], door: str = "decide", **texts: Any) -> Proposal:
        """points: what is wished for, result, reason."""
        self.posts(who, self.at(f"{door}/"), **self._answer(points, texts))
        return self.settle()

    def answer_refused(self, who: str, *points: tuple[str, str, str], **texts: Any) -> dict[str, str]:
        """What is missing, by field; nothing is signed and every word stays on the page."""
        answer = self.by(who).post(self.at("decide/"), self._answer(points, texts))
        sheet = answer.context["sheet"]
        assert (answer.status_code, self.case.decisions.count()) in ((200, 0), (422, 0))
        errors = {name: " ".join(lines) for name, lines in sheet.form.errors.items()}
        return (
            errors | {"points": " ".join(sheet.points.non_form_errors())} if sheet.points.non_form_errors() else errors
        )

    def _answer(self, points: tuple[tuple[str, str, str], ...], texts: dict[str, Any]) -> dict[str, Any]:
        results = {result for _wish, result, _reason in points}
        data = ANSWER | {"result": results.pop() if len(results) == 1 else "partly"} | texts
        data |= {"version": self.case.decisions.count(), "point-TOTAL_FORMS": len(points), "point-INITIAL_FORMS": 0}
        data.setdefault("review_on", (self.now + 180 * DAY).date().isoformat())
        for n, (wish, result, reason) in enumerate(points):
            data |= {f"point-{n}-wish": wish, f"point-{n}-result": result, f"point-{n}-reason": reason}
        return data

    def judges(self, who: str, solved: str, manner: int, comment: str = "") -> Proposal:
        assert self.by(who).get(self.at("judge/")).status_code == 200
        self.posts(who, self.at("judge/"), solved=solved, manner=manner, comment=comment)
        return self.settle()

    def turned_away(self, who: str, address: str, send: Callable[..., Any] | None = None, **data: Any) -> str:
        """The sentence on the page of a door that does not open."""
        answer = (send or self.by(who).get)(address, data)
        assert answer.status_code == 403, said(answer)
        return str(answer.context["reason"])
