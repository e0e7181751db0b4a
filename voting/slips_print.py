"""Paper ballots on paper: one slip a page, A5 where it fits and A4 where the question needs more room."""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from adapters import printing
from areas.models import Body

from . import rolls
from .models import Ballot, Owner, RollEntry, Slip
from .states import Choice, RollKind

AT_ONCE = 50
SHANGHAI = ZoneInfo("Asia/Shanghai")
WAYS = {"approval": "ticks", "knapsack": "ticks", "equal_shares": "ticks"}
_PLAN = 160


@dataclass(frozen=True)
class Line:
    """One option of the slip, with the number that the clerks key in."""

    number: int
    text: str
    cost: str


@dataclass(frozen=True)
class Sheet:
    """What stands on every slip of a ballot."""

    ballot: Ballot
    body: Body | None
    closes: str
    plan: str
    way: str
    choices: list[str]
    lines: list[Line]

    @property
    def template(self) -> str:
        return f"voting/slips/{self.way}.html"

    @property
    def budget(self) -> str:
        return f"{self.ballot.rule.budget:,} 元"

    @property
    def points(self) -> range:
        return range(self.ballot.rule.max_score + 1)

    @property
    def is_survey(self) -> bool:
        return self.ballot.roll_kind == RollKind.OWNERS and not self.ballot.terms.get("statutory")


@dataclass(frozen=True)
class Face:
    """One slip. Of a secret ballot it has a serial and nothing of anybody."""

    serial: str
    address: str
    owner: str = ""
    units: str = ""
    area: str = ""

    @property
    def qr(self) -> str:
        drawing = io.BytesIO()
        segno.make(self.address, error="m", micro=False).save(
            drawing, kind="svg", xmldecl=False, border=0, omitsize=True, title="表决票二维码", nl=False
        )
        return drawing.getvalue().decode()


def parts(count: int) -> range:
    """So many files are made of so many slips; each takes some seconds."""
    return range(1, -(-count // AT_ONCE) + 1)


def part(slips: QuerySet[Slip], number: str) -> Iterable[Slip]:
    return Paginator(slips, AT_ONCE).get_page(number)


def pdf(ballot: Ballot, slips: Iterable[Slip], *, at: dt.datetime) -> printing.Pdf:
    """On A5 when the slip with the most units fits on one page of it."""
    made = faces(ballot, slips)
    longest = max(made, key=lambda face: len(face.units))
    is_large = _printed(ballot, [longest], at).pages > 1
    return _printed(ballot, made, at, is_large=is_large)


@translation.override("zh-hans")
def html(ballot: Ballot, made: list[Face], *, is_large: bool = False) -> str:
    """Paper ballots are Chinese documents, whatever language the clerk's screen has."""
    facts = {"sheet": sheet(ballot), "faces": made, "is_large": is_large, "sample": settings.DEMO}
    return render_to_string("voting/slips/slips.html", facts)


def sheet(ballot: Ballot) -> Sheet:
    rule = ballot.rule
    lines = [
        Line(number, ballot.options[key], f"{rule.costs[key]:,} 元" if key in rule.costs else "")
        for number, key in enumerate(rule.options, 1)
    ]
    plan = " ".join(ballot.plan.split())
    shown = f"{plan[:_PLAN]}…" if len(plan) > _PLAN else plan
    return Sheet(
        ballot=ballot,
        body=ballot.area.bodies.order_by("sat_until", "pk").first(),
        closes=until(ballot.closes_at),
        plan=shown,
        way=WAYS.get(rule.method, rule.method),
        choices=[str(choice.label).split("，")[0] for choice in Choice],
        lines=lines,
    )


def faces(ballot: Ballot, slips: Iterable[Slip]) -> list[Face]:
    slips = list(slips)
    rights = RollEntry.objects.filter(pk__in={slip.entry_id for slip in slips}).select_related("owner", "voter")
    found = {right.pk: right for right in rights.prefetch_related("owner__votes_for")}
    return [_face(ballot, slip, found.get(slip.entry_id) if slip.entry_id else None) for slip in slips]


def until(at: dt.datetime) -> str:
    """A term that ends with a day is written as that day's 24:00."""
    local = at.astimezone(SHANGHAI)
    midnight = local.time() == dt.time()
    day = local - dt.timedelta(days=1) if midnight else local
    return f"{day.year}年{day.month}月{day.day}日 {'24:00' if midnight else f'{local:%H:%M}'}"


def address(ballot: Ballot, serial: str) -> str:
    return f"{settings.SITE_URL}{ballot.get_absolute_url()}?slip={serial}"


def _printed(ballot: Ballot, made: list[Face], at: dt.datetime, *, is_large: bool = False) -> printing.Pdf:
    return printing.html_to_pdf(printing.spell_out(html(ballot, made, is_large=is_large)), created=at)


def _face(ballot: Ballot, slip: Slip, right: RollEntry | None) -> Face:
    where = address(ballot, slip.serial)
    if right is None:
        return Face(slip.serial, where)
    whose = right.owner or right.voter
    units = _units(right.units, right.owner)
    return Face(slip.serial, where, whose.name if whose else right.label, "、".join(units), _square(right.floor_area))


def _units(masked: list[tuple[str, int]], owner: Owner | None) -> list[str]:
    """The units of a right by their whole names, for the owner's own hand; masked where the register has changed."""
    whole: dict[tuple[str, int], list[str]] = defaultdict(list)
    for unit in owner.votes_for.all() if owner else ():
        whole[rolls.masked_door(unit), unit.floor_area].append(unit.label)
    return [names.pop(0) if (names := whole[label, area]) else label for label, area in masked]


def _square(area: int) -> str:
    return f"{area // 100:,}.{area % 100:02} ㎡" if area else ""
