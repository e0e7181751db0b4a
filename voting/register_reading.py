"""A whole register read: units and who owns them, and every reason why it cannot be taken as it stands."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from people import homes

from .register_files import Row
from .register_rows import UNIT, YES, Entry, Known, Remark, UnitKey, entries_of

OWNER = ("name", "identity")


@dataclass(frozen=True)
class Party:
    """One head. identity: a keyed hash, or empty where no number was given."""

    name: str
    identity: str
    is_developer: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.identity, "" if self.identity else self.name


@dataclass(frozen=True)
class Holding:
    """One unit. owners: their places among the parties; the first one votes."""

    key: UnitKey
    purpose: str
    floor_area: int
    owners: tuple[int, ...]

    @property
    def label(self) -> str:
        return " ".join(part for part in self.key if part)


@dataclass(frozen=True)
class Register:
    parties: list[Party]
    holdings: list[Holding]

    @property
    def heads(self) -> int:
        return len({holding.owners[0] for holding in self.holdings})

    @property
    def floor_area(self) -> int:
        return sum(holding.floor_area for holding in self.holdings)


@dataclass(frozen=True)
class Reading:
    """register: None as long as there are problems."""

    register: Register | None
    problems: list[Remark]
    warnings: list[Remark]


def understand(rows: Sequence[Row], known: Known) -> Reading:
    entries, problems = entries_of(rows, known)
    problems += [(entry.number, fault) for entry in entries for fault in entry.faults]
    problems += [remark for check in CHECKS for remark in check(entries)]
    return Reading(None if problems else _register(entries), sorted(problems), list(_merged(entries)))


def _register(entries: Sequence[Entry]) -> Register:
    unsold = {entry.who for entry in entries if entry.values["unsold"]}
    names = {entry.who: entry.values["name"] for entry in entries}
    parties = [Party(name, who[0], who in unsold) for who, name in names.items()]
    places = {who: place for place, who in enumerate(names)}
    return Register(parties, [_holding(key, mine, places) for key, mine in _by_unit(entries).items()])


def _holding(key: UnitKey, mine: Sequence[Entry], places: dict[tuple[str, str], int]) -> Holding:
    """Who votes comes first, the others in the order of the file."""
    ordered = sorted(mine, key=lambda entry: not entry.values["votes"])
    first = mine[0].values
    return Holding(key, first["purpose"], first["floor_area"], tuple(places[entry.who] for entry in ordered))


def _by_unit(entries: Sequence[Entry]) -> dict[UnitKey, list[Entry]]:
    found: dict[UnitKey, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.has(*UNIT):
            found[entry.unit].append(entry)
    return found


# ── what rows say against each other ─────────────────────────────────────────


def _two_names(entries: Sequence[Entry]) -> Iterator[Remark]:
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.has(*OWNER) and entry.values["identity"]:
            known = first.setdefault(entry.values["identity"], entry)
            if known.values["name"] != entry.values["name"]:
                complaint = _("Row %(row)d has the same identity number under another name.")
                yield entry.number, complaint % {"row": known.number}


def _half_numbered(entries: Sequence[Entry]) -> Iterator[Remark]:
    """One person or two? Only who keeps the register can tell."""
    numbered = {entry.values["name"]: entry.number for entry in entries if entry.has(*OWNER) and entry.who[0]}
    for entry in entries:
        if entry.has(*OWNER) and not entry.who[0] and entry.values["name"] in numbered:
            complaint = _("“%(name)s” has an identity number in row %(row)d. Give the number here too, or in neither.")
            yield entry.number, complaint % {"name": entry.values["name"], "row": numbered[entry.values["name"]]}


def _twice(entries: Sequence[Entry]) -> Iterator[Remark]:
    first: dict[tuple[UnitKey, tuple[str, str]], int] = {}
    for entry in entries:
        if entry.has(*UNIT, *OWNER):
            number = first.setdefault((entry.unit, entry.who), entry.number)
            if number != entry.number:
                yield entry.number, _("Row %(row)d has the same unit and owner already.") % {"row": number}


def _spelled(entries: Sequence[Entry]) -> Iterator[Remark]:
    """3栋 and ３幢 are the same building: written in two ways, a unit would count twice."""
    first: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        if entry.has(*UNIT):
            known = first.setdefault(tuple(homes.plain(part) or part for part in entry.unit), entry)
            if known.unit != entry.unit:
                yield entry.number, _("Row %(row)d has the same unit, written differently.") % {"row": known.number}


def _unlike(entries: Sequence[Entry]) -> Iterator[Remark]:
    for mine in _by_unit(entries).values():
        for field, complaint in UNLIKE.items():
            known = next((entry for entry in mine if entry.has(field)), None)
            for entry in mine:
                if known and entry.has(field) and entry.values[field] != known.values[field]:
                    yield entry.number, complaint() % {"row": known.number}


UNLIKE: dict[str, Callable[[], str]] = {
    "floor_area": lambda: _("Row %(row)d gives another floor area for the same unit."),
    "purpose": lambda: _("Row %(row)d gives another purpose for the same unit."),
}


def _voters(entries: Sequence[Entry]) -> Iterator[Remark]:
    """Of co-owners exactly one votes; somebody who owns a unit alone need not be marked."""
    for mine in _by_unit(entries).values():
        if not all(entry.has("votes", *OWNER) for entry in mine) or len({entry.who for entry in mine}) < 2:
            continue
        marked = [entry.number for entry in mine if entry.values["votes"]]
        if not marked:
            complaint = _("This unit has several owners: mark the one who votes with “%(yes)s”.")
            yield mine[0].number, complaint % {"yes": YES}
        for number in marked[1:]:
            yield number, _("Row %(row)d is marked already: one of the co-owners votes.") % {"row": marked[0]}


def _developers(entries: Sequence[Entry]) -> Iterator[Remark]:
    unsold = [entry for entry in entries if entry.has("unsold", *OWNER) and entry.values["unsold"]]
    for entry in unsold[1:]:
        if entry.who != unsold[0].who:
            complaint = _("Row %(row)d names another developer. All that is unsold counts as one owner.")
            yield entry.number, complaint % {"row": unsold[0].number}


CHECKS = (_two_names, _half_numbered, _twice, _spelled, _unlike, _voters, _developers)


def _merged(entries: Sequence[Entry]) -> Iterator[Remark]:
    """Who is one head only because the name is the same."""
    nameless = sorted((e for e in entries if e.has(*UNIT, *OWNER) and not e.who[0]), key=lambda entry: entry.who)
    for (_identity, name), group in itertools.groupby(nameless, key=lambda entry: entry.who):
        mine = sorted(group, key=lambda entry: entry.number)
        if units := len({entry.unit for entry in mine}) - 1:
            remark = _("“%(name)s” has %(n)d units and no identity number: counted as one person.")
            yield mine[0].number, remark % {"name": name, "n": units + 1}
