"""Builders: the smallest real rows that a test of any room starts from."""

import datetime as dt
import itertools
import time
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from areas.models import Area, Body, Level
from people import homes
from people.models import Appointment, Residence, ResidenceState, User
from people.roles import RoleKey

AT = dt.datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LONG_AGO = AT - dt.timedelta(days=400)
_numbers = itertools.count(1)


def district(name: str = "金牛区") -> Area:
    return _area(name, Level.DISTRICT, None, "510106")


def street(name: str = "抚琴街道") -> Area:
    return _area(name, Level.STREET, district())


def community(name: str = "金鱼街社区", *, within: Area | None = None) -> Area:
    return _area(name, Level.COMMUNITY, within or street())


def courtyard(name: str = "槐荫里", *, within: Area | None = None, households: int = 40) -> Area:
    """A courtyard with its street, community and a sitting body at every level."""
    return _area(name, Level.COURTYARD, within or community(), households=households)


def body(area: Area) -> Body:
    """The body that sits in this area; made together with it."""
    return Body.objects.get_or_create(area=area, defaults={"name": f"{area.name}议事小组", "sat_from": LONG_AGO})[0]


def person(
    name: str = "梧桐树下",
    courtyard: Area | None = None,
    door: str | None = None,
    *,
    building: str = "3",
    phone: str | None = None,
    adult: bool = True,
    at: dt.datetime = AT,
    **fields: Any,
) -> User:
    """A verified adult resident when a courtyard is given (each in a household of their own unless `door` says so)."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "name": name,
        "phone": f"000{number:08}" if phone is None else phone,
        "phone_verified": phone != "",
        "adult_attested_at": at if adult else None,
    }
    user = User.objects.create_user(at=at, **facts | fields)
    if courtyard:
        home(user, courtyard, door or str(number), building=building, at=at)
    return user


def home(
    user: User,
    courtyard: Area,
    door: str,
    *,
    building: str = "3",
    state: ResidenceState = ResidenceState.VERIFIED,
    at: dt.datetime = AT,
) -> Residence:
    return Residence.objects.create(
        user=user,
        courtyard=courtyard,
        building=homes.plain(building),
        door=homes.plain(door),
        household=homes.household(courtyard, building, door),
        state=state,
        claimed_at=at,
        checked_at=None if state == ResidenceState.CLAIMED else at,
    )


def staff(name: str, body: Body, role: RoleKey, *, at: dt.datetime = LONG_AGO, **fields: Any) -> User:
    """A person with an appointment, and no home here."""
    user = person(name, at=at, **fields)
    Appointment.objects.create(user=user, body=body, role=role, since=at)
    return user


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> Client:
    """Signed in; unless told otherwise as if the authenticator's code had been entered too."""
    client.force_login(user)
    if second_factor:
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


def _area(name: str, level: Level, parent: Area | None, code: str = "", households: int = 0) -> Area:
    found: Area | None = Area.objects.filter(name=name, level=level).first()
    if found:
        return found
    fields = {"name": name, "level": level, "households": households, "code": code or f"T{next(_numbers):06}"}
    area: Area = parent.add_child(**fields) if parent else Area.add_root(**fields)
    body(area)
    return area
