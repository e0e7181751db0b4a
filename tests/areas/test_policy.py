"""Settings that a level inherits: the nearest value holds, and says where it comes from."""

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from areas import policy
from areas.models import PolicyValue
from areas.policy import Effective, Key, Kind
from ledger.actors import SYSTEM
from ledger.models import Event

pytestmark = pytest.mark.django_db

HOUSEHOLDS = Key("test.households", 5, "Households", "households")
PERIOD = Key("test.period", {"n": 15, "unit": "day"}, "Period")
OPEN = Key("test.open", True, "Open")
QUORUM = Key("test.quorum", [1, 2, True], "Quorum")
SMALL = Key("test.small", 3, "Small", least=2, most=5)


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    monkeypatch.setattr(policy, "KEYS", {})
    policy.register(HOUSEHOLDS, PERIOD)


@pytest.fixture
def assign(at):
    return functools.partial(policy.assign, by=SYSTEM, at=at)


def everywhere(places, key=HOUSEHOLDS):
    """What holds in each area, as (value, name of the origin)."""
    found = {name: policy.effective(area, key.name) for name, area in places.items()}
    return {name: (one.value, one.origin and one.origin.name) for name, one in found.items()}


def test_the_default_holds_where_nobody_said_otherwise(places):
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 5, None)
    assert everywhere(places) == dict.fromkeys(places, (5, None))


def test_an_area_overrides_for_itself_and_below_and_siblings_are_unaffected(places, assign):
    assign(places["金鱼街"], "test.households", 12)
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 12, places["金鱼街"])
    touched = dict.fromkeys(("金鱼街", "槐荫里", "临水苑"), (12, "金鱼街"))
    assert everywhere(places) == dict.fromkeys(places, (5, None)) | touched


def test_the_nearest_value_wins_at_every_level(places, assign):
    for name, value in (("槐荫里", 1), ("区", 4), ("金鱼街", 2), ("抚琴", 3)):
        assign(places[name], "test.households", value)
    assert everywhere(places) == {
        "区": (4, "区"),
        "抚琴": (3, "抚琴"),
        "金鱼街": (2, "金鱼街"),
        "槐荫里": (1, "槐荫里"),
        "临水苑": (2, "金鱼街"),
        "西南街": (3, "抚琴"),
        "向阳里": (3, "抚琴"),
        "营门口": (4, "区"),
        "长庆": (4, "区"),
        "长庆里": (4, "区"),
        "花照里": (4, "区"),
    }


def test_an_override_can_be_changed_and_taken_away(places, assign):
    assign(places["抚琴"], "test.households", 3)
    assign(places["金鱼街"], "test.households", 2)
    assign(places["金鱼街"], "test.households", 7)
    assert (policy.value(places["槐荫里"], "test.households"), PolicyValue.objects.count()) == (7, 2)
    assign(places["金鱼街"], "test.households", None)
    assign(places["金鱼街"], "test.households", None)
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 3, places["抚琴"])


def test_one_key_does_not_speak_for_another(places, assign):
    assign(places["槐荫里"], "test.households", 0)
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 0, places["槐荫里"])
    assert policy.effective(places["槐荫里"], "test.period") == Effective(PERIOD, {"n": 15, "unit": "day"}, None)


def test_a_value_may_be_a_structure(places, assign):
    assign(places["区"], "test.period", {"n": 3, "unit": "workday"})
    assert policy.value(places["槐荫里"], "test.period") == {"n": 3, "unit": "workday"}


def test_a_key_that_nobody_declared_is_an_error(places, assign):
    for use in (policy.effective, policy.value, lambda area, name: assign(area, name, 1)):
        with pytest.raises(KeyError):
            use(places["槐荫里"], "test.unknown")
    assert PolicyValue.objects.count() == 0


def test_a_key_is_declared_once():
    with pytest.raises(ValueError, match=r"test\.period is declared twice"):
        policy.register(Key("test.period", 1, "Again"))
    assert policy.KEYS == {"test.households": HOUSEHOLDS, "test.period": PERIOD}


@pytest.mark.parametrize("name", ["区", "抚琴", "金鱼街", "槐荫里"])
def test_one_query_whatever_the_level_and_however_many_values(places, assign, name, django_assert_num_queries):
    with django_assert_num_queries(1):
        policy.effective(places[name], "test.households")
    PolicyValue.objects.bulk_create(
        PolicyValue(area=area, key=f"k{n}", value=n) for area in places.values() for n in range(300)
    )
    for area in places.values():
        assign(area, "test.households", 9)
    with django_assert_num_queries(1):
        assert policy.effective(places[name], "test.households") == Effective(HOUSEHOLDS, 9, places[name])


# ── everything that holds ────────────────────────────────────────────────────


def test_all_settings_of_an_area_stand_in_the_order_of_their_registration(places, assign, django_assert_num_queries):
    for area in places.values():
        PolicyValue.objects.create(area=area, key="test.gone", value=1)
    policy.register(OPEN, SMALL)
    assign(places["抚琴"], "test.households", 3)
    assign(places["金鱼街"], "test.households", 2)
    assign(places["区"], "test.open", False)
    assign(places["营门口"], "test.small", 4)
    with django_assert_num_queries(1):
        found = policy.effective_all(places["槐荫里"])
    assert found == [
        Effective(HOUSEHOLDS, 2, places["金鱼街"]),
        Effective(PERIOD, {"n": 15, "unit": "day"}, None),
        Effective(OPEN, False, places["区"]),
        Effective(SMALL, 3, None),
    ]
    assert found == [policy.effective(places["槐荫里"], name) for name in policy.KEYS]


# ── the record of a change ───────────────────────────────────────────────────


def told():
    return [
        (event.chain_id, event.kind, event.subject_type, event.subject_id, event.payload)
        for event in Event.objects.order_by("pk")
    ]


def test_each_change_is_recorded_on_the_chain_of_the_area(places, assign, at):
    street = places["抚琴"]
    assign(street, "test.households", 3)
    assign(street, "test.households", 8)
    assign(street, "test.households", None)

    def event(value, before):
        payload = {"key": "test.households", "value": value, "before": before}
        return (street.chain, "policy.changed", "areas.area", str(street.pk), payload)

    assert told() == [event(3, None), event(8, 3), event(None, 8)]
    assert set(Event.objects.values_list("actor", "at")) == {("SYSTEM", at)}


def test_the_reason_is_kept_with_the_record(places, at):
    policy.assign(places["抚琴"], "test.households", 3, by=SYSTEM, at=at, texts={"reason": "居民会议通过"})
    event = Event.objects.get()
    assert event.payload == {"key": "test.households", "value": 3, "before": None}
    assert list(event.texts.values_list("field", "text")) == [("reason", "居民会议通过")]


def test_what_changes_nothing_is_not_recorded(places, assign):
    assign(places["抚琴"], "test.households", None)
    assign(places["抚琴"], "test.period", {"n": 3, "unit": "workday"})
    before = told()
    assign(places["抚琴"], "test.period", {"unit": "workday", "n": 3})
    assert (told(), len(before)) == (before, 1)


def test_a_change_that_cannot_be_recorded_does_not_happen(places, assign):
    with pytest.raises(TypeError):
        assign(places["抚琴"], "test.households", 1.5)
    assert (PolicyValue.objects.count(), told()) == (0, [])


# ── what people type ─────────────────────────────────────────────────────────


def test_the_kind_follows_from_the_default():
    assert [key.kind for key in (HOUSEHOLDS, PERIOD, OPEN, QUORUM)] == list(Kind)
    with pytest.raises(TypeError, match=r"test\.odd"):
        Key("test.odd", "free text", "Odd").kind  # noqa: B018


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        (HOUSEHOLDS, " 12 ", 12),
        (HOUSEHOLDS, "１２", 12),
        (HOUSEHOLDS, "1", 1),
        (HOUSEHOLDS, "1000", 1000),
        (SMALL, "2", 2),
        (SMALL, "5", 5),
        (PERIOD, "10 workday", {"n": 10, "unit": "workday"}),
        (PERIOD, "10 working days", {"n": 10, "unit": "workday"}),
        (PERIOD, "48hours", {"n": 48, "unit": "hour"}),
        (PERIOD, "7 day", {"n": 7, "unit": "day"}),
        (PERIOD, "30 minutes", {"n": 30, "unit": "minute"}),
        (OPEN, "yes", True),
        (OPEN, "no", False),
        (QUORUM, "2/3", [2, 3, False]),
        (QUORUM, "> 1 / 2", [1, 2, True]),
        (QUORUM, "1/1", [1, 1, False]),
    ],
)
def test_a_text_is_read_as_the_value_of_its_key(key, text, value, settings):
    settings.LANGUAGE_CODE = "en"
    assert policy.parse(key, text) == value


NUMBER_WANTED = "Give a whole number from 1 to 1000."
PERIOD_WANTED = "Give a number and its unit: working days, days, hours, minutes."


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        *((HOUSEHOLDS, text, NUMBER_WANTED) for text in ("", "0", "1001", "-1", "1.5", "1_0", "five", "9" * 5000, "²")),
        (SMALL, "1", "Give a whole number from 2 to 5."),
        (SMALL, "6", "Give a whole number from 2 to 5."),
        *((PERIOD, text, NUMBER_WANTED) for text in ("0 day", "1001 hour", "99999999999 day")),
        *((PERIOD, text, PERIOD_WANTED) for text in ("", "7", "day", "7 fortnights", "-7 day", "1.5 day", "7 7 day")),
        *((OPEN, text, "Choose yes or no.") for text in ("", "maybe", "1")),
        *(
            (QUORUM, text, "Give a share of the whole such as 2/3, or >1/2 for more than a half.")
            for text in ("", "0/2", "3/2", "1/0", "half", "0.5", f"1/{'9' * 5000}")
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(key, text, sentence, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(ValueError) as refused:
        policy.parse(key, text)
    assert str(refused.value) == sentence


@given(st.sampled_from([HOUSEHOLDS, PERIOD, OPEN, QUORUM]), st.text())
def test_any_text_gives_a_value_or_a_sentence(key, text):
    try:
        value = policy.parse(key, text)
    except ValueError as refused:
        value = str(refused)
        if value.endswith((".", "。")):
            return
    assert type(value) is type(key.default)
