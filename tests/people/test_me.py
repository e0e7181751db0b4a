"""My page and what belongs to it."""

import pytest

from people.models import User
from people.roles import RoleKey
from tests import build

pytestmark = pytest.mark.django_db


def page(client, user):
    return build.sign_in(client, user).get("/me/").content.decode()


def test_my_page_says_how_far_i_am_known(client, time):
    here = build.courtyard()
    assert "手机已验证" in page(client, build.person("甲"))
    assert "已核实住户" in page(client, build.person("乙", here))
    assert "已登录" in page(client, build.person("丙", phone=""))


def test_the_phone_is_masked_and_the_door_not_shown(client, time):
    shown = page(client, build.person("甲", build.courtyard(), "9-8765", phone="13800000163"))
    assert "138 **** 0163" in shown
    assert "13800000163" not in shown
    assert "8765" not in shown


def test_offices_are_named(client, time):
    shown = page(client, build.staff("程小禾", build.body(build.courtyard()), RoleKey.CHAIR))
    assert "槐荫里议事小组" in shown
    assert "召集人" in shown


def test_the_name_is_changed_and_adulthood_attested_once(client, time):
    user = build.person("甲", adult=False)
    build.sign_in(client, user)
    client.post("/me/name/", {"name": "槐树底下", "adult": "on"})
    time.pass_by(days=3)
    form = client.get("/me/name/").context["form"]
    assert "adult" not in form.fields
    client.post("/me/name/", {"name": "银杏树下"})
    user.refresh_from_db()
    assert (user.name, user.adult_attested_at) == ("银杏树下", build.AT)


@pytest.mark.parametrize("name", ["", " ", "一", "长" * 31])
def test_a_name_that_cannot_be_is_an_error_of_the_field(client, time, name):
    user = build.person("甲")
    build.sign_in(client, user)
    answer = client.post("/me/name/", {"name": name})
    user.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors), user.name) == (422, ["name"], "甲")
    assert answer.context["user"].name == "甲"


def test_an_address_counts_once_its_link_was_opened(client, time, mailoutbox):
    user = build.person("甲")
    build.sign_in(client, user)
    client.post("/me/email/", {"email": "A@example.org"})
    user.refresh_from_db()
    assert user.email == ""
    [mail] = mailoutbox
    link = next(line for line in mail.body.splitlines() if line.startswith("http"))
    path = link.removeprefix("http://localhost:8000")
    assert client.get(path).context["address"] == "a@example.org"
    client.post(path)
    user.refresh_from_db()
    assert user.email == "a@example.org"


def test_a_link_is_for_the_one_who_asked(client, time, mailoutbox):
    build.sign_in(client, build.person("甲"))
    client.post("/me/email/", {"email": "a@example.org"})
    path = next(line for line in mailoutbox[0].body.splitlines() if line.startswith("http"))[
        len("http://localhost:8000") :
    ]
    build.sign_in(client, build.person("乙"))
    assert client.get(path).context["address"] == ""
    client.post(path)
    client.post("/me/email/nonsense/")
    assert User.objects.filter(email="").count() == 2


def test_an_address_belongs_to_one_account(client, time, mailoutbox):
    build.person("丙", email="a@example.org")
    user = build.person("甲")
    build.sign_in(client, user)
    client.post("/me/email/", {"email": "a@example.org"})
    path = next(line for line in mailoutbox[0].body.splitlines() if line.startswith("http"))[
        len("http://localhost:8000") :
    ]
    client.post(path)
    user.refresh_from_db()
    assert user.email == ""
