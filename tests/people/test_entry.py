"""The door: phone and code, wrong and late codes, limits, e-mail and password."""

import pytest
from django.test import Client

from adapters import sms
from people.models import User
from tests import build

pytestmark = pytest.mark.django_db
PHONE = "00000000163"


def send(client: Client, phone: str = PHONE, **more: str):
    return client.post("/login/", {"phone": phone} | more)


def signed_in(client: Client) -> User | None:
    here: User | None = User.objects.filter(pk=client.session.get("_auth_user_id")).first()
    return here


def test_the_first_log_in_makes_an_account_and_keeps_where_one_was_going(client, time, last_code):
    assert send(client, "000 0000 0163", next="/own/?a=1")["Location"] == "/login/"
    response = client.post("/login/code/", {"code": last_code()})
    assert response["Location"] == "/me/welcome/?next=%2Fown%2F%3Fa%3D1"
    user = User.objects.get()
    assert (user.phone, user.phone_verified, user.joined_at, user.adult_attested_at) == (PHONE, True, build.AT, None)
    response = client.post("/me/welcome/", {"name": " 槐树  底下 ", "adult": "on", "next": "/own/?a=1"})
    assert response["Location"] == "/own/?a=1"
    user.refresh_from_db()
    assert (user.name, user.adult_attested_at) == ("槐树 底下", build.AT)


def test_the_next_log_in_goes_straight_on(client, time, last_code):
    user = build.person("槐树", phone=PHONE, last_login=build.AT)
    send(client, next="/own/")
    assert client.post("/login/code/", {"code": last_code()})["Location"] == "/own/"
    assert (signed_in(client), User.objects.count()) == (user, 1)


def test_a_phone_with_an_account_and_one_without_look_alike(client, time):
    build.person("槐树", phone=PHONE)
    pages = []
    for phone in (PHONE, "00000000164"):
        visitor = Client()
        send(visitor, phone)
        pages.append(visitor.get("/login/").content.decode().replace(phone, ""))
    strip = [[line for line in page.splitlines() if "csrf" not in line.lower()] for page in pages]
    assert strip[0] == strip[1]
    assert sorted(message.to for message in sms.recent(9)) == [PHONE, "00000000164"]


def test_the_code_is_six_digits_and_not_kept_in_the_session(client, time, last_code):
    send(client)
    assert len(last_code()) == 6
    assert last_code() not in str(dict(client.session.items()))


def test_a_wrong_code_says_how_often_one_may_try(client, time, last_code):
    send(client)
    wrong = "000000" if last_code() != "000000" else "000001"
    said = [client.post("/login/code/", {"code": wrong}).context["code_form"].errors["code"] for _ in range(2)]
    assert said == [["验证码不对，还可以再试 2 次。"], ["验证码不对，还可以再试 1 次。"]]
    last = client.post("/login/code/", {"code": wrong})
    assert last.context["form"].errors["phone"] == ["这个验证码已经失效，请重新获取。"]
    assert client.post("/login/code/", {"code": last_code()})["Location"] == "/login/"
    assert signed_in(client) is None


def test_a_code_of_another_length_costs_no_try(client, time, last_code):
    send(client)
    for _ in range(5):
        form = client.post("/login/code/", {"code": "41 73"}).context["code_form"]
    assert form.errors["code"] == ["验证码是 6 位数字，现在是 4 位。"]
    client.post("/login/code/", {"code": last_code()})
    assert signed_in(client) is not None


def test_guesses_made_at_once_are_counted_too(client, time, last_code):
    send(client)
    session = client.session
    answers = []
    for _ in range(31):
        session["phone_code"] = session["phone_code"] | {"tries": 0}
        session.save()
        answers.append(client.post("/login/code/", {"code": "999999"}).status_code)
    assert answers == [422] * 30 + [429]
    assert client.post("/login/code/", {"code": last_code()}).status_code == 429


def test_a_code_is_good_for_five_minutes(client, time, last_code):
    send(client, next="/own/")
    time.pass_by(minutes=5, seconds=1)
    response = client.post("/login/code/", {"code": last_code()})
    assert (response.status_code, signed_in(client)) == (422, None)
    assert b'value="/own/"' in response.content
    time.pass_by(minutes=-1)
    send(client)
    time.pass_by(minutes=5)
    client.post("/login/code/", {"code": last_code()})
    assert signed_in(client) is not None


def test_a_code_works_once(client, time, last_code):
    send(client)
    code = last_code()
    client.post("/login/code/", {"code": code})
    client.post("/logout/")
    assert client.post("/login/code/", {"code": code})["Location"] == "/login/"
    assert signed_in(client) is None


def test_another_code_comes_after_a_minute(client, time):
    send(client)
    time.pass_by(seconds=12)
    response = send(client)
    assert response.status_code == 429
    assert response.context["form"].errors["phone"] == ["验证码已经发出，48 秒后可以重发。"]
    time.pass_by(seconds=48)
    assert send(client).status_code == 302
    assert len(sms.recent(9)) == 2


def test_too_many_codes_for_one_phone_are_refused_in_words(time):
    answers = [send(Client()).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert send(Client()).context["form"].errors["phone"] == [
        "这个号码获取验证码太频繁，请过一小时再试，或打电话给我们。"
    ]
    assert send(Client(), "00000000999").status_code == 302


@pytest.mark.parametrize("phone", ["", "12345678901", "1380000", "028-0000-0417", "0000000016", "١٣٨٠٠٠٠٠٠٠٠"])
def test_what_is_no_mobile_number_is_an_error_of_the_field(client, time, phone):
    response = send(client, phone)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["phone"])
    assert sms.recent(9) == []


@pytest.mark.parametrize("phone", ["138 0000 0163", "+86 138-0000-0163", "００８６13800000163"])
def test_spacing_and_the_countrys_prefix_do_not_matter(client, time, phone):
    send(client, phone)
    assert sms.recent(1)[0].to == "13800000163"


def test_reserved_numbers_are_none_in_production(client, time, settings):
    settings.PRODUCTION = True
    assert send(client).status_code == 422


def test_a_foreign_address_is_not_where_one_goes_next(client, time, last_code):
    build.person("槐树", phone=PHONE, last_login=build.AT)
    send(client, next="https://evil.example/")
    assert client.post("/login/code/", {"code": last_code()})["Location"] == "/"


def test_a_closed_account_is_not_entered(client, time, last_code):
    closed = build.person("走了", phone=PHONE, closed_at=build.AT, is_active=False)
    send(client)
    client.post("/login/code/", {"code": last_code()})
    assert signed_in(client) not in (closed, None)


def test_password_is_the_second_way(client, time):
    user = build.person("程主任", email="a@example.org", password="correct horse 7")
    answer = client.post("/login/password/", {"email": "A@example.org", "password": "correct horse 7", "next": "/own/"})
    assert (answer["Location"], signed_in(client)) == ("/own/", user)


def test_wrong_passwords_end_in_a_pause(client, time):
    build.person("程主任", email="a@example.org", password="correct horse 7")
    answers = [client.post("/login/password/", {"email": "a@example.org", "password": "no"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[0].context["form"].non_field_errors() == ["邮箱和密码对不上，请核对后再试。"]
    assert answers[5].context["form"].non_field_errors() == ["试得太多了，请 15 分钟后再试。"]
    right = client.post("/login/password/", {"email": "a@example.org", "password": "correct horse 7"})
    assert (right.status_code, signed_in(client)) == (429, None)


def test_signing_out_asks_first(client, time):
    build.sign_in(client, build.person("槐树"))
    assert client.get("/logout/").status_code == 200
    assert signed_in(client) is not None
    client.post("/logout/")
    assert signed_in(client) is None


def test_a_password_is_set_by_a_link_in_the_mail(client, time, mailoutbox):
    user = build.person("程主任", email="a@example.org")
    client.post("/login/forgot/", {"email": "a@example.org"})
    client.post("/login/forgot/", {"email": "nobody@example.org"})
    [mail] = mailoutbox
    link = next(line for line in mail.body.splitlines() if line.startswith("http"))
    form = client.get(link, follow=True)
    new = {"password1": "correct horse 7", "password2": "correct horse 7"}
    assert client.post(form.context["action_url"], new)["Location"] == "/login/forgot/done/"
    user.refresh_from_db()
    assert user.check_password("correct horse 7")
