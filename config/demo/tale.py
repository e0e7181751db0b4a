"""A story's teller: lets people act at past moments, and lets time do its work in between."""

import datetime as dt
from typing import Any

from areas.models import Area
from deliberation import discussion
from deliberation.models import Thread
from ledger import following
from people.models import User
from proposals import clock as case_clock
from proposals import decision, drafts, endorsement, evaluation, lifecycle, screening
from proposals.answer_rules import PointDraft, whole
from proposals.models import Proposal
from voting import casting
from voting import clock as ballot_clock
from voting.models import Ballot

WORDS = ("plan", "interim", "options", "place")


class Tale:
    """Times are days before `today` and an hour in Chengdu: at(12, 9.5) is 9:30, twelve days ago.

    A vote opens and closes by working days, which lie differently each day: opened() and counted() wait for it, and
    nothing that follows comes before.
    """

    def __init__(self, people: dict[str, User], today: dt.datetime) -> None:
        self.people, self.today, self.now = people, today, today
        self.waited_until = today - dt.timedelta(days=400)
        self.case = Proposal()

    def at(self, days_ago: float, hour: float = 10) -> "Tale":
        midnight = self.today.replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=days_ago)
        self.now = max(self.waited_until, min(midnight + dt.timedelta(hours=hour), self.today))
        self.pass_time()
        return self

    def opened(self) -> "Tale":
        return self._wait(self.ballot.opens_at)

    def counted(self) -> "Tale":
        return self._wait(self.ballot.closes_at)

    def _wait(self, until: dt.datetime) -> "Tale":
        self.now = self.waited_until = max(self.now, until.astimezone(self.today.tzinfo))
        self.pass_time()
        return self

    @property
    def ballot(self) -> Ballot:
        return Ballot.objects.filter(chain=self.case.chain).latest("pk")

    def pass_time(self) -> None:
        """Clocks ring and followers hear, as the beat and the outbox would have done by then."""
        ballot_clock.sweep(self.now)
        following.drain(self.now)
        case_clock.sweep(self.now)
        following.drain(self.now)
        if self.case.pk:
            self.case = Proposal.objects.select_related("area", "owner__area", "left_owner__area").get(pk=self.case.pk)

    def files(self, who: str, area: str, **texts: str) -> "Tale":
        user = self.people[who]
        draft = drafts.begin(user, Area.objects.get(name=area), self.now)
        drafts.save(draft, self.now, texts)
        self.case = draft
        words = {name: getattr(draft, name) for name in drafts.FIELDS}
        lifecycle.move(draft, "submit", by=user, at=self.now, texts=words, photos=[])
        return self.settle()

    def moves(self, who: str, verb: str, text: str = "", **facts: Any) -> "Tale":
        texts: dict[str, str] = {name: facts.pop(name) for name in WORDS if name in facts}
        if text:
            texts["text"] = text
        lifecycle.move(self.case, verb, by=self.people[who], at=self.now, texts=texts, **facts)
        return self.settle()

    def endorsed_by(self, *keys: str) -> "Tale":
        for n, key in enumerate(keys):
            endorsement.endorse(self.case, by=self.people[key], at=self.now + dt.timedelta(minutes=37 * n))
        return self.settle()

    def examined_by(self, who: str, *, gains: str, bears: str, **fields: str) -> "Tale":
        """The examination with one who gains and one who bears (“who：what”), and the deliberation is open."""
        parties = [
            screening.Party(name, side, how)
            for side, line in (("gains", gains), ("bears", bears))
            for name, how in [line.split("：", 1)]
        ]
        screening.write(self.case, by=self.people[who], at=self.now, parties=parties, **fields)
        return self.moves(who, "open")

    def says(self, who: str, text: str, *, later: int = 0) -> "Tale":
        thread = Thread.objects.get(chain=self.case.chain)
        discussion.say(thread, by=self.people[who], text=text, at=self.now + dt.timedelta(minutes=later))
        return self

    def vote(self, **choices: str) -> "Tale":
        for choice, keys in choices.items():
            for key in keys.split():
                self.casts(key, choice)
        return self

    def casts(self, who: str, choice: Any) -> "Tale":
        """choice: what the ballot's method takes."""
        self.pass_time()
        casting.cast(self.ballot, by=self.people[who], choice=choice, at=self.now)
        return self

    def answers(self, who: str, *points: tuple[str, str, str], review_in: int, **texts: str) -> "Tale":
        """points: what is wished for, result, reason; the whole result follows from theirs. review_in: days."""
        rows = [PointDraft(*point) for point in points]
        day = (self.now + dt.timedelta(days=review_in)).date()
        facts: dict[str, Any] = {"result": whole(rows), "points": rows, "review_on": day, **texts}
        decision.publish(self.case, by=self.people[who], at=self.now, **facts)
        return self.settle()

    def corrects(self, who: str, correction: str, **texts: str) -> "Tale":
        """The answer once more with other words in some of its fields."""
        was = decision.drafted(self.case.decisions.latest("version"))
        facts: dict[str, Any] = {"result": was.result, "points": was.points, "review_on": was.review_on}
        facts |= {**was.texts, **texts}
        decision.correct(self.case, by=self.people[who], at=self.now, correction=correction, **facts)
        return self.settle()

    def judged_by(self, who: str, solved: str, manner: int, comment: str = "") -> "Tale":
        evaluation.judge(self.case, by=self.people[who], at=self.now, solved=solved, manner=manner, comment=comment)
        return self.settle()

    def settle(self) -> "Tale":
        self.pass_time()
        return self
