"""From claim to verified home: my page, the grid worker's desk, and who may not."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from adapters import sms
from areas.models import Level
from ledger.models import Event, Visibility
from people import residing
from people.models import Residence, ResidenceState, User
from people.roles import RoleKey
from people.verdict import Refused
from tests import build

pytestmark = pytest.mark.django_db
FACTS = {"name": "刘婆婆", "phone": "", "building": "3栋", "door": "2-501", "adult": "on"}


@pytest.fixture
def here(time):
    return build.courtyard("槐荫里")


@pytest.fixture
def worker(here):
    return build.staff("网格员小何", build.body(build.community()), RoleKey.GRID_WORKER)


@pytest.fixture
def desk(client, worker):
    return build.sign_in(client, worker)


def waiting(name, courtyard, door="2-501"):
    user = build.person(name)
    return residing.claim(user, courtyard=courtyard, building="3", door=door, by=user, at=build.AT)


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", "chain_id", "visibility"))


def test_a_home_is_claimed_on_my_page(client, here):
    user = build.person("竹筠")
    build.sign_in(client, user)
    address = f"/me/residence/{here.code}/"
    assert client.post(address, {"building": "三栋", "door": "２单元501号"})["Location"] == "/me/"
    home = Residence.objects.get()
    assert (home.user, home.courtyard, home.building, home.door) == (user, here, "3", "2-501")
    assert (home.state, home.claimed_at) == (ResidenceState.CLAIMED, build.AT)
    assert kinds() == [("residence.claimed", here.chain, Visibility.STAFF)]
    assert Event.objects.get().payload == {}


def test_the_same_claim_twice_is_one(here):
    first = waiting("竹筠", here)
    again = residing.claim(first.user, courtyard=here, building="3栋", door="2单元501", by=first.user, at=build.AT)
    assert (again, Residence.objects.count(), Event.objects.count()) == (first, 1, 1)


def test_moving_ends_the_former_home(here):
    user = build.person("竹筠", here)
    there = build.courtyard("同安苑")
    new = residing.claim(user, courtyard=there, building="1", door="101", by=user, at=build.AT)
    old = Residence.objects.exclude(pk=new.pk).get()
    assert (old.state, old.ended_at, new.state) == (ResidenceState.ENDED, build.AT, ResidenceState.CLAIMED)
    assert kinds() == [
        ("residence.ended", here.chain, Visibility.STAFF),
        ("residence.claimed", there.chain, Visibility.STAFF),
    ]


def test_nobody_has_two_homes(here):
    user = build.person("竹筠", here)
    with pytest.raises(IntegrityError), transaction.atomic():
        build.home(user, build.courtyard("同安苑"), "9")


@pytest.mark.parametrize("facts", [{"building": "", "door": ""}, {"building": "——", "door": "  "}])
def test_an_empty_address_is_an_error_of_its_fields(client, here, facts):
    build.sign_in(client, build.person("竹筠"))
    page = client.post(f"/me/residence/{here.code}/", facts)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["building", "door"])


def test_only_courtyards_are_homes(client, here):
    build.sign_in(client, build.person("竹筠"))
    codes = [build.community().code, build.district().code, "nowhere"]
    assert [client.get(f"/me/residence/{code}/").status_code for code in codes] == [404] * 3


def test_the_courtyard_is_found_by_name_or_from_the_street_down(client, here):
    build.courtyard("同安苑")
    build.sign_in(client, build.person("竹筠"))
    found = client.get("/me/residence/?q=槐荫").context["found"]
    assert [(place.courtyard, place.above) for place in found] == [(here, "抚琴街道 · 金鱼街社区")]
    assert len(client.get("/me/residence/?q=金鱼街").context["found"]) == 2
    steps = [client.get("/me/residence/").context["areas"]]
    steps += [client.get(f"/me/residence/?in={area.code}").context["areas"] for area in here.lineage()[1:3]]
    assert [[area.level for area in areas] for areas in steps] == [[Level.STREET], [Level.COMMUNITY], [4, 4]]


def test_the_desk_confirms(desk, worker, here):
    home = waiting("竹筠", here)
    page = desk.get("/desk/residence/").content.decode()
    assert "竹筠" in page
    assert "2-501" in page
    assert desk.post(f"/desk/residence/{home.pk}/confirm/")["Location"] == "/desk/residence/"
    home.refresh_from_db()
    assert (home.state, home.checked_at, home.checked_by) == (ResidenceState.VERIFIED, build.AT, worker)
    assert kinds()[-1] == ("residence.verified", here.chain, Visibility.STAFF)


def test_the_desk_refuses_with_a_reason_that_the_person_reads(desk, here):
    home = waiting("竹筠", here)
    short = desk.post(f"/desk/residence/{home.pk}/refuse/", {"reason": "不行"})
    assert (short.status_code, short.context["refusing"]) == (422, home.pk)
    desk.post(f"/desk/residence/{home.pk}/refuse/", {"reason": "门牌与登记的不一致，请带房产证来"})
    home.refresh_from_db()
    assert home.state == ResidenceState.REFUSED
    assert kinds()[-1] == ("residence.refused", here.chain, Visibility.STAFF)
    assert "门牌与登记的不一致" in build.sign_in(Client(), home.user).get("/me/").content.decode()
    again = residing.claim(home.user, courtyard=here, building="3", door="2-502", by=home.user, at=build.AT)
    assert again.state == ResidenceState.CLAIMED


def test_claims_of_another_community_are_not_found(desk, here):
    elsewhere = build.courtyard("长庆苑", within=build.community("长庆社区", within=build.street("营门口街道")))
    foreign = waiting("外社区的人", elsewhere)
    waiting("竹筠", here)
    page = desk.get("/desk/residence/")
    assert [home.user.name for home in page.context["page"]] == ["竹筠"]
    assert "外社区的人" not in page.content.decode()
    acts = [
        desk.post(f"/desk/residence/{foreign.pk}/{act}/", {"reason": "查无此人查无此人"})
        for act in ("confirm", "refuse")
    ]
    assert [answer.status_code for answer in acts] == [404, 404]
    foreign.refresh_from_db()
    assert foreign.state == ResidenceState.CLAIMED


def test_the_domain_too_refuses_a_foreign_claim(worker, here):
    elsewhere = build.courtyard("长庆苑", within=build.community("长庆社区", within=build.street("营门口街道")))
    with pytest.raises(Refused):
        residing.confirm(waiting("外社区的人", elsewhere), by=worker, at=build.AT)


def test_nobody_checks_their_own_home(desk, worker, here):
    home = residing.claim(worker, courtyard=here, building="3", door="1", by=worker, at=build.AT)
    page = desk.post(f"/desk/residence/{home.pk}/confirm/")
    assert (page.status_code, page.context["reason"]) == (403, "不能核实自己的住址，请同事来办。")
    home.refresh_from_db()
    assert home.state == ResidenceState.CLAIMED


def test_a_claim_is_checked_once(worker, here):
    home = waiting("竹筠", here)
    stale = Residence.objects.get()
    residing.confirm(home, by=worker, at=build.AT)
    with pytest.raises(Refused):
        residing.refuse(stale, by=worker, at=build.AT, reason="来晚了")
    assert kinds()[-1][0] == "residence.verified"


@pytest.mark.parametrize("role", [RoleKey.CHAIR, RoleKey.MODERATOR, RoleKey.OPERATOR])
def test_other_offices_have_no_business_at_this_desk(client, here, role):
    build.sign_in(client, build.staff("别的职务", build.body(build.community()), role))
    assert client.get("/desk/residence/").status_code == 403


def test_residents_have_no_business_at_this_desk(client, here):
    build.sign_in(client, build.person("竹筠", here))
    home = waiting("邻居", here)
    assert client.get("/desk/residence/").status_code == 403
    assert client.post(f"/desk/residence/{home.pk}/confirm/").status_code == 403


def test_a_person_at_the_desk_is_registered_without_a_phone(desk, worker, here):
    assert desk.post("/desk/residence/register/", FACTS | {"courtyard": here.pk})["Location"] == "/desk/residence/"
    user = User.objects.get(name="刘婆婆")
    home = user.residences.get()
    assert (user.phone, user.phone_verified, user.adult_attested_at) == ("", False, build.AT)
    assert (home.state, home.checked_by) == (ResidenceState.VERIFIED, worker)


def test_a_phone_is_registered_once_its_code_was_read_out(desk, here, last_code):
    facts = FACTS | {"phone": "000 0000 0171", "courtyard": here.pk}
    asked = desk.post("/desk/residence/register/", facts)
    assert (asked.status_code, asked.context["code_form"] is None, User.objects.filter(name="刘婆婆").count()) == (
        200,
        False,
        0,
    )
    wrong = desk.post("/desk/residence/register/", facts | {"code": "000000"})
    assert (wrong.status_code, User.objects.filter(name="刘婆婆").count()) == (200, 0)
    assert desk.post("/desk/residence/register/", facts | {"code": last_code()})["Location"] == "/desk/residence/"
    user = User.objects.get(name="刘婆婆")
    assert (user.phone, user.phone_verified) == ("00000000171", True)


def test_a_code_for_one_phone_does_not_register_another(desk, here, last_code):
    facts = FACTS | {"courtyard": here.pk}
    desk.post("/desk/residence/register/", facts | {"phone": "00000000171"})
    desk.post("/desk/residence/register/", facts | {"phone": "00000000172", "code": last_code()})
    assert User.objects.filter(name="刘婆婆").count() == 0


def test_only_own_courtyards_can_be_registered(desk, here):
    elsewhere = build.courtyard("长庆苑", within=build.community("长庆社区", within=build.street("营门口街道")))
    page = desk.post("/desk/residence/register/", FACTS | {"courtyard": elsewhere.pk})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["courtyard"])
    assert sms.recent(1) == []


def test_the_desk_asks_the_database_the_same_at_any_length(desk, here):
    counts = []
    for number in (1, 30, 3000):
        have = Residence.objects.count()
        users = User.objects.bulk_create(User(name=f"住户{n}", joined_at=build.AT) for n in range(number - have))
        Residence.objects.bulk_create(
            Residence(user=user, courtyard=here, building="3", door="1", household="x", claimed_at=build.AT)
            for user in users
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get("/desk/residence/").context["page"].paginator.count == number
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 12


def test_one_says_that_one_no_longer_lives_here(client, here):
    user = build.person("竹筠", here)
    build.sign_in(client, user)
    assert client.get("/me/residence/end/").status_code == 200
    assert user.residences.get().state == ResidenceState.VERIFIED
    client.post("/me/residence/end/")
    assert user.residences.get().state == ResidenceState.ENDED
