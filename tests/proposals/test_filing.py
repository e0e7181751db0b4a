import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from proposals import drafts
from proposals.models import Photo, Proposal
from proposals.states import State
from tests import build
from tests.proposals.court import TEXTS, Court
from tests.proposals.test_photos import picture

pytestmark = pytest.mark.django_db
WHAT = {name: TEXTS[name] for name in ("title", "problem", "wish")}


@pytest.fixture
def court() -> Court:
    return Court()


@pytest.fixture
def browser(client: Client, court: Court) -> Client:
    return build.sign_in(client, court.people["proposer"])


def begun(browser: Client, court: Court) -> Proposal:
    browser.post("/new/where/", {"area": court.courtyard.code, "place": TEXTS["place"]})
    return Proposal.objects.get()


def test_three_steps_to_a_number(browser: Client, court: Court) -> None:
    answer = browser.post("/new/where/", {"area": court.courtyard.code, "place": TEXTS["place"]})
    assert answer.url == "/new/what/"
    assert browser.post("/new/what/", WHAT).url == "/new/check/"
    assert all(text in browser.get("/new/check/").content.decode() for text in TEXTS.values())
    case = Proposal.objects.get()
    assert browser.post("/new/check/").url == f"/new/done/{Proposal.objects.get().number}/"
    case.refresh_from_db()
    assert (case.state, case.owner, case.level) == (State.SUBMITTED, build.body(court.courtyard), 4)
    assert case.number in browser.get(f"/new/done/{case.number}/").content.decode()


def test_a_double_tap_files_once(browser: Client, court: Court) -> None:
    begun(browser, court)
    browser.post("/new/what/", WHAT)
    answers = [browser.post("/new/check/").url for _tap in range(3)]
    assert Proposal.objects.count() == 1
    assert answers == [f"/new/done/{Proposal.objects.get().number}/"] * 3


def test_too_short_or_too_long_keeps_what_was_typed(browser: Client, court: Court) -> None:
    begun(browser, court)
    page = browser.post("/new/what/", {"title": "灯", "problem": "长" * 501, "wish": "修好这两盏路灯"}).content.decode()
    assert "灯" in page and "长" * 500 in page and "修好这两盏路灯" in page
    assert page.count("y-error") == 2
    assert Proposal.objects.get().wish == "修好这两盏路灯"


def test_a_bad_photo_is_a_sentence_and_the_form_is_kept(browser: Client, court: Court) -> None:
    begun(browser, court)
    bad = SimpleUploadedFile("virus.jpg", b"MZ\x90\x00", content_type="image/jpeg")
    good = SimpleUploadedFile("lamp.jpg", picture(size=(40, 30)), content_type="image/jpeg")
    answer = browser.post("/new/what/", {**WHAT, "photos": [bad, good]})
    assert answer.status_code == 422
    assert "“virus.jpg”不是能打开的图片" in answer.content.decode()
    assert TEXTS["problem"] in answer.content.decode()
    assert Photo.objects.count() == 1


def test_at_most_six_photos(browser: Client, court: Court) -> None:
    begun(browser, court)
    for n in range(7):
        one = SimpleUploadedFile(f"{n}.jpg", picture(size=(40, 30)), content_type="image/jpeg")
        answer = browser.post("/new/photos/", {"photos": [one]})
    assert (answer.status_code, Photo.objects.count()) == (422, 6)


def test_autosave_keeps_half_a_sentence_on_every_device(browser: Client, court: Court) -> None:
    begun(browser, court)
    assert browser.post("/new/save/", {"title": "路灯", "problem": "坏", "wish": ""}).status_code == 200
    other = build.sign_in(Client(), court.people["proposer"])
    assert 'value="路灯"' in other.get("/new/what/").content.decode()


def test_who_has_no_checked_home_can_draft_but_not_submit(client: Client, court: Court) -> None:
    newcomer = build.person("新来的")
    build.home(newcomer, court.courtyard, "402", state="claimed")
    browser = build.sign_in(client, newcomer)
    begun(browser, court)
    browser.post("/new/what/", WHAT)
    assert "您的住址还在等核实" in browser.get("/new/check/").content.decode()
    assert browser.post("/new/check/").status_code == 403
    assert Proposal.objects.get().state == State.DRAFT


def test_another_area_than_ones_own_is_refused_by_the_form(browser: Client, court: Court) -> None:
    elsewhere = build.courtyard("别的院")
    page = browser.post("/new/where/", {"area": elsewhere.code, "place": "门口"})
    assert (page.status_code, Proposal.objects.count()) == (200, 0)


def test_drafts_and_submitted_cases_are_hidden_from_others(client: Client, court: Court) -> None:
    draft = court.to(State.SUBMITTED)
    for who in (None, "stranger", "neighbours", "upper"):
        browser = Client() if who is None else build.sign_in(Client(), court.people[who])
        assert browser.get(f"/cases/{draft.number}/").status_code == 404
        assert draft.title not in browser.get("/cases/").content.decode()
    for who in ("proposer", "moderator"):
        assert build.sign_in(Client(), court.people[who]).get(f"/cases/{draft.number}/").status_code == 200


def test_a_photo_is_as_hidden_as_its_case(browser: Client, court: Court) -> None:
    begun(browser, court)
    one = SimpleUploadedFile("1.jpg", picture(size=(40, 30)), content_type="image/jpeg")
    browser.post("/new/photos/", {"photos": [one]})
    address = f"/photos/{Photo.objects.get().key}/s/"
    assert browser.get(address).status_code == 200
    assert Client().get(address).status_code == 404
    assert build.sign_in(Client(), court.people["neighbours"]).get(address).status_code == 404


def test_returned_completed_and_submitted_again_under_its_number(browser: Client, court: Court) -> None:
    case = court.to(State.RETURNED)
    page = browser.get(f"/cases/{case.number}/complete/").content.decode()
    assert TEXTS["problem"] in page
    answer = browser.post(f"/cases/{case.number}/complete/", {**TEXTS, "wish": "修好这两盏灯，并且写清位置。"})
    case.refresh_from_db()
    assert (answer.url, case.state, case.wish) == (
        f"/new/done/{case.number}/",
        State.SUBMITTED,
        "修好这两盏灯，并且写清位置。",
    )
    assert drafts.current(court.people["proposer"]) is None
