"""Owners and their votes in the demo: registers, claims to be on a roll, and paper ballots that two clerks key in."""

import hashlib

from areas.models import Area
from people.models import User
from voting import claiming, keying, paper, register, register_files, slip_making
from voting.keying import Said
from voting.models import Owner, RollClaim, RollEntry

from .tale import Tale

Flat = tuple[str, str, str, str, str]  # building, entrance, door, floor area in m², owner


def registered(tale: Tale, area: str, flats: list[Flat], *, by: User) -> None:
    """The register of a courtyard, taken over from a file as a clerk would."""
    place = Area.objects.get(name=area)
    rows = [
        [building, entrance, door, "住宅", size, owner, "", "是", "否"]
        for building, entrance, door, size, owner in flats
    ]
    data = register_files.csv_of(rows)
    read = register.read(place, data)
    assert read.register, read
    seen, file = register.fingerprint(place), hashlib.sha256(data).hexdigest()
    register.take_over(place, read.register, seen=seen, by=by, at=tale.now, file=file)


def claimed(tale: Tale, who: str, owner: str, *, clerk: str, accepted: bool = True) -> None:
    """“This flat is mine”: the clerk compares with the register and links the account."""
    ballot, user = tale.ballot, tale.people[who]
    unit = Owner.objects.get(area=ballot.area, name=owner).votes_for.first()
    assert unit
    claiming.claim(ballot, home=unit.label, text="我是这套房的业主。", by=user, at=tale.now)
    if accepted:
        made = RollClaim.objects.get(ballot=ballot, by=user)
        claiming.accept(made, owner=unit.voter, by=tale.people[clerk], at=tale.now)


def printed(tale: Tale, *, clerk: str) -> None:
    """A slip for everybody on the roll who has no account."""
    ballot = tale.ballot
    rights = slip_making.without_slip(ballot).filter(voter=None)
    slip_making.make_out(ballot, rights, by=tale.people[clerk], at=tale.now)


def handed_in(tale: Tale, owner: str, content: object, *, clerks: list[str], fault: str = "") -> None:
    """The first clerk takes the slip in; as many as are named read it, each on their own."""
    slip = RollEntry.objects.get(ballot=tale.ballot, owner__name=owner).slips.get()
    paper.take_back(slip, by=tale.people[clerks[0]], at=tale.now)
    for clerk in clerks:
        keying.read(slip, Said(content, fault), by=tale.people[clerk], at=tale.now)
