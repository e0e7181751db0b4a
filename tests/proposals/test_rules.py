"""The rules of an area: what holds, whence it comes, and who may change it."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from areas import policy
from areas.models import Area, Body, Level, PolicyValue
from ledger.actors import SYSTEM
from ledger.models import Event
from people.models import User
from people.roles import RoleKey
from people.verdict import Refused
from proposals import policies, rulebook, rules_forms
from proposals.rulebook import Change
from tests import build
from tests.proposals.reading import browser, text

pytestmark = pytest.mark.django_db

AT = build.AT
LIMIT = "case.time.screening"
ADOPTED = "居民代表会议十月二十日通过"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def courtyard() -> Area:
    return build.courtyard()


@pytest.fixture
def places(courtyard: Area) -> dict[str, Area]:
    """The courtyard's lineage by the names of the levels."""
    return {Level(area.level).name.lower(): area for area in courtyard.lineage()}


@pytest.fixture
def chair(places: dict[str, Area]) -> User:
    return build.staff("周砚", build.body(places["community"]), RoleKey.CHAIR)


def told(line: rulebook.Line | None) -> tuple[str, str, str | None]:
    assert line is not None
    return line.label, line.value, line.effective.origin and line.effective.origin.name


def assign(area: Area, name: str, value: Any) -> None:
    policy.assign(area, name, value, by=SYSTEM, at=AT)


# ── what holds ───────────────────────────────────────────────────────────────


def test_every_kind_of_value_is_said_in_words() -> None:
    cases = [
        (policy.Key("t.n", 5, "N", "households"), 12, "12 households"),
        (policy.Key("t.bare", 5, "N"), 12, "12"),
        (policy.Key("t.p", {"n": 1, "unit": "day"}, "P"), {"n": 1, "unit": "workday"}, "1 working day"),
        (policy.Key("t.p", {"n": 1, "unit": "day"}, "P"), {"n": 30, "unit": "day"}, "30 days"),
        (policy.Key("t.p", {"n": 1, "unit": "day"}, "P"), {"n": 48, "unit": "hour"}, "48 hours"),
        (policy.Key("t.p", {"n": 1, "unit": "day"}, "P"), {"n": 1, "unit": "minute"}, "1 minute"),
        (policy.Key("t.f", True, "F"), False, "no"),
        (policy.Key("t.s", [1, 2, True], "S"), [1, 2, True], "more than half"),
        (policy.Key("t.s", [1, 2, True], "S"), [2, 3, False], "at least 2/3"),
    ]
    assert [rulebook.words(key, value) for key, value, _said in cases] == [said for _key, _value, said in cases]


def test_each_rule_tells_where_it_comes_from(places: dict[str, Area]) -> None:
    assign(places["street"], LIMIT, {"n": 8, "unit": "workday"})
    label = "Time to examine and open the deliberation"
    origins = {name: told(rulebook.line(area, LIMIT)) for name, area in places.items()}
    own = (label, "8 working days", places["street"].name)
    default = (label, "5 working days", None)
    assert origins == {"district": default, "street": own, "community": own, "courtyard": own}


def test_every_key_is_in_one_group_and_a_level_s_key_matters_to_it_and_above(places: dict[str, Area]) -> None:
    shown = {
        name: [line.key.name for _group, lines in rulebook.groups(area) for line in lines]
        for name, area in places.items()
    }
    assert {name: sorted(keys) for name, keys in shown.items()} == {
        name: sorted(key for key in policy.KEYS if key.rpartition(".")[2] not in above)
        for name, above in (
            ("district", ()),
            ("street", ("district",)),
            ("community", ("district", "street")),
            ("courtyard", ("district", "street", "community")),
        )
    }
    assert rulebook.label(policy.KEYS["case.households.street"]) == "Households that must endorse (Street)"
    assert rulebook.line(places["courtyard"], "case.households.street") is None


def test_the_page_shows_value_origin_and_the_default_beside_it(places: dict[str, Area]) -> None:
    assign(places["street"], LIMIT, {"n": 8, "unit": "workday"})
    assign(places["community"], "voting.quorum", [2, 3, False])
    page = text(browser().get(f"/areas/{places['courtyard'].code}/rules/"))
    assert (
        "Time to examine and open the deliberation 8 working days "
        "set by 抚琴街道 ; the platform's default is 5 working days"
    ) in page
    assert "take part in a vote at least 2/3 set by 金鱼街社区 ; the platform's default is more than half" in page
    assert "Time to vote 7 days the platform's default" in page
    assert "Change :" not in page


def test_the_page_leads_up_and_down_the_levels_and_the_area_s_page_leads_to_it(places: dict[str, Area]) -> None:
    page = browser().get(f"/areas/{places['community'].code}/rules/").content.decode()
    linked = re.findall(r'class="y-chip"[^>]* href="([^"]+)"', page)
    assert linked == [f"/areas/{area.code}/rules/" for area in places.values()]
    own = browser().get(f"/areas/{places['courtyard'].code}/").content.decode()
    code = places["courtyard"].code
    assert f'href="/areas/{code}/rules/"' in own
    assert f'href="/competence/?area={code}"' in own


def test_the_page_costs_the_same_with_1_and_30_overrides(places: dict[str, Area], chair: User) -> None:
    address = f"/areas/{places['courtyard'].code}/rules/"
    costs = []
    for client in (browser(), browser(chair)):
        PolicyValue.objects.all().delete()
        for many in (1, 30):
            for key in list(policy.KEYS.values())[:many]:
                assign(places["district"], key.name, key.default)
                assign(places["courtyard"], key.name, key.default)
            client.get(address)
            with CaptureQueriesContext(connection) as made:
                assert client.get(address).status_code == 200
            costs.append(len(made))
    assert costs[0] == costs[1] <= 10
    assert costs[2] == costs[3]


def test_what_there_is_not_is_not_found(places: dict[str, Area], chair: User) -> None:
    code, client = places["community"].code, browser(chair)
    for address in ("/areas/none/rules/", f"/areas/{code}/rules/case.gone/", "/areas/none/rules/voting.quorum/"):
        assert client.get(address).status_code == 404
    assert client.get(f"/areas/{code}/rules/case.households.street/").status_code == 404


# ── who may change it ────────────────────────────────────────────────────────


def test_whoever_leads_the_area_or_one_above_it_may_change_its_rules(places: dict[str, Area]) -> None:
    may = {}
    for level, area in places.items():
        user = build.staff(level, build.body(area), RoleKey.CHAIR)
        may[level] = [name for name, place in places.items() if policies.may_set_rules(user, place, AT)]
    assert may == {
        "district": ["district", "street", "community", "courtyard"],
        "street": ["street", "community", "courtyard"],
        "community": ["community", "courtyard"],
        "courtyard": ["courtyard"],
    }


def test_the_chair_of_another_area_is_refused_with_the_reason(places: dict[str, Area]) -> None:
    other = build.staff("邻社区主任", build.body(build.community("西南街社区")), RoleKey.DECIDER)
    response = browser(other).post(f"/areas/{places['community'].code}/rules/{LIMIT}/", {"value": "3"})
    assert response.status_code == 403
    assert (
        "Only those who lead the body of 金鱼街社区, or the body of an area above it, may change its rules."
    ) in text(response)
    assert not PolicyValue.objects.exists()


def test_no_other_office_a_body_that_ended_and_no_visitor(places: dict[str, Area], chair: User) -> None:
    area, body = places["community"], build.body(places["community"])
    for role in set(RoleKey) - {RoleKey.CHAIR, RoleKey.DECIDER}:
        assert not policies.may_set_rules(build.staff("某某", body, role), area, AT)
    Body.objects.filter(pk=body.pk).update(sat_until=AT - dt.timedelta(days=1))
    assert not policies.may_set_rules(chair, area, AT)
    address = f"/areas/{area.code}/rules/{LIMIT}/"
    assert browser().get(address).headers["Location"].startswith("/login/?next=")


def test_the_second_factor_is_asked_for_first(places: dict[str, Area], chair: User) -> None:
    client = browser(chair, second_factor=False)
    code = places["community"].code
    assert f'href="/areas/{code}/rules/{LIMIT}/"' in client.get(f"/areas/{code}/rules/").content.decode()
    led = client.get(f"/areas/{code}/rules/{LIMIT}/").headers["Location"]
    assert led == f"/me/second/?next=%2Fareas%2F{code}%2Frules%2F{LIMIT}%2F"


def test_the_change_itself_asks_again(places: dict[str, Area]) -> None:
    line = rulebook.line(places["community"], LIMIT)
    assert line is not None
    with pytest.raises(Refused, match="Only those who lead"):
        rulebook.change(line, None, reason="x", by=build.person("路人"), at=AT)


# ── changing ─────────────────────────────────────────────────────────────────


def test_a_change_holds_is_recorded_with_its_reason_and_stands_on_the_page(
    places: dict[str, Area], chair: User
) -> None:
    area, client = places["community"], browser(chair)
    address = f"/areas/{area.code}/rules/{LIMIT}/"
    page = text(client.get(address))
    assert "What holds in 金鱼街社区 now 5 working days the platform's default" in page
    assert "Clocks that run keep their date. The rule holds for steps that begin from now on." in page
    assert "Take the override away" not in page

    done = client.post(address, {"value": "8", "unit": "workday", "reason": ADOPTED})
    assert done.headers["Location"] == f"/areas/{area.code}/rules/"
    assert policy.value(places["courtyard"], LIMIT) == {"n": 8, "unit": "workday"}
    event = Event.objects.get(kind="policy.changed")
    payload = {"key": LIMIT, "value": {"n": 8, "unit": "workday"}, "before": None}
    assert (event.chain_id, event.payload, event.actor) == (area.chain, payload, chair.actor_ref(area.chain))
    assert list(event.texts.values_list("field", "text")) == [("reason", ADOPTED)]

    client.post(address, {"value": "1", "unit": "day", "reason": "试行"})
    client.post(address, {"value": "", "take_away": "1", "reason": "试行结束"})
    label = "Time to examine and open the deliberation"
    assert [(one.who, one.label, one.what, one.reason) for one in rulebook.changes(area)] == [
        ("周砚", label, "The override is taken away; it was 1 day.", "试行结束"),
        ("周砚", label, "From 8 working days to 1 day.", "试行"),
        ("周砚", label, "Set to 8 working days.", ADOPTED),
    ]
    assert not PolicyValue.objects.exists()
    page = text(browser().get(f"/areas/{area.code}/rules/"))
    assert f"{label} From 8 working days to 1 day. 试行" in page
    assert rulebook.changes(places["street"]) == []


def test_without_its_own_value_an_area_gets_back_that_of_the_level_above(places: dict[str, Area], chair: User) -> None:
    assign(places["community"], LIMIT, {"n": 8, "unit": "workday"})
    address = f"/areas/{places['community'].code}/rules/{LIMIT}/"
    lost = "Without the value of 金鱼街社区, the platform's default holds: 5 working days."
    assert lost in text(browser(chair).get(address))
    assign(places["district"], LIMIT, {"n": 4, "unit": "day"})
    assert "Without the value of 金鱼街社区, that of 金牛区 holds: 4 days." in text(browser(chair).get(address))


def test_only_the_latest_ten_changes_stand_there(places: dict[str, Area]) -> None:
    for n in range(1, 13):
        assign(places["street"], "case.rounds", n)
    assert rulebook.changes(places["street"])[0] == Change(
        AT, "Yuanyi", "Failed results before a case is closed as not solved", "From 11 rounds to 12 rounds.", ""
    )
    assert [one.what[:7] for one in rulebook.changes(places["street"])][-1] == "From 2 "


@pytest.mark.parametrize(
    ("key", "typed", "complaint"),
    [
        (LIMIT, {"value": "0", "unit": "workday"}, "Give a whole number from 1 to 1000."),
        (LIMIT, {"value": "some", "unit": "day"}, "Give a number and its unit"),
        (LIMIT, {"value": "8", "unit": "minute"}, "minute is not one of the available choices"),
        (LIMIT, {"value": "", "unit": "day"}, "This field is required."),
        ("case.rounds", {"value": "1,5"}, "Give a whole number from 1 to 1000."),
        ("voting.quorum", {"value": "3/2"}, "Give a share of the whole such as 2/3"),
        (LIMIT, {"value": "8", "unit": "day", "reason": " "}, "This field is required."),
        (LIMIT, {"take_away": "1"}, "金鱼街社区 has no value of its own here that could be taken away."),
    ],
)
def test_what_cannot_be_meant_is_refused_and_what_was_typed_stays(
    places: dict[str, Area], chair: User, key: str, typed: dict[str, str], complaint: str
) -> None:
    data = {"reason": ADOPTED} | typed
    response = browser(chair).post(f"/areas/{places['community'].code}/rules/{key}/", data)
    assert response.status_code == 422
    assert complaint in text(response)
    assert data["reason"].strip() in response.content.decode()
    if typed.get("value"):
        assert f'value="{typed["value"]}"' in response.content.decode()
    assert not PolicyValue.objects.exists()


def test_all_that_is_wrong_is_said_at_once(places: dict[str, Area]) -> None:
    line = rulebook.line(places["community"], LIMIT)
    assert line is not None
    form = rules_forms.RuleForm({"value": "0", "unit": "day", "reason": ""}, line=line)
    wrong = {"reason": ["This field is required."], "value": ["Give a whole number from 1 to 1000."]}
    assert form.errors == wrong


def test_taking_away_wants_a_reason_and_the_same_value_is_no_change(places: dict[str, Area], chair: User) -> None:
    assign(places["community"], LIMIT, {"n": 8, "unit": "workday"})
    client, address = browser(chair), f"/areas/{places['community'].code}/rules/{LIMIT}/"
    assert client.post(address, {"take_away": "1", "reason": ""}).status_code == 422
    same = client.post(address, {"value": "8", "unit": "workday", "reason": ADOPTED})
    assert "This is the value already. Please write another one." in text(same)
    assert PolicyValue.objects.count() == 1


def test_each_kind_is_typed_in_its_own_way(places: dict[str, Area], monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        "t.open": policy.Key("t.open", True, "Open"),
        "t.share": policy.Key("t.share", [1, 2, True], "Share"),
        "t.number": policy.Key("t.number", 5, "Number", "households"),
        "t.period": policy.Key("t.period", {"n": 3, "unit": "minute"}, "Period"),
    }
    monkeypatch.setattr(policy, "KEYS", keys)
    typed = {
        "t.open": {"value": "no"},
        "t.share": {"value": "2/3"},
        "t.number": {"value": "12"},
        "t.period": {"value": "5", "unit": "minute"},
    }
    found: dict[str, Any] = {}
    for name, data in typed.items():
        line = rulebook.line(places["community"], name)
        assert line is not None
        form = rules_forms.RuleForm({**data, "reason": "r"}, line=line)
        assert form.is_valid(), form.errors
        found[name] = (dict(form.initial), form.cleaned_data["new"])
    assert found == {
        "t.open": ({"value": "yes"}, False),
        "t.share": ({"value": ">1/2"}, [2, 3, False]),
        "t.number": ({"value": 5}, 12),
        "t.period": ({"value": 3, "unit": "minute"}, {"n": 5, "unit": "minute"}),
    }
