"""Settings that a level inherits: the nearest value holds, and says where it comes from."""

import pytest

from areas import policy
from areas.models import PolicyValue
from areas.policy import Effective, Key

pytestmark = pytest.mark.django_db

HOUSEHOLDS = Key("test.households", 5, "Households", "households")
PERIOD = Key("test.period", {"n": 15, "unit": "day"}, "Period")


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    monkeypatch.setattr(policy, "KEYS", {})
    policy.register(HOUSEHOLDS, PERIOD)


def everywhere(places, key=HOUSEHOLDS):
    """What holds in each area, as (value, name of the origin)."""
    found = {name: policy.effective(area, key.name) for name, area in places.items()}
    return {name: (one.value, one.origin and one.origin.name) for name, one in found.items()}


def test_the_default_holds_where_nobody_said_otherwise(places):
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 5, None)
    assert everywhere(places) == dict.fromkeys(places, (5, None))


def test_an_area_overrides_for_itself_and_below_and_siblings_are_unaffected(places):
    policy.assign(places["金鱼街"], "test.households", 12)
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 12, places["金鱼街"])
    touched = dict.fromkeys(("金鱼街", "槐荫里", "临水苑"), (12, "金鱼街"))
    assert everywhere(places) == dict.fromkeys(places, (5, None)) | touched


def test_the_nearest_value_wins_at_every_level(places):
    for name, value in (("槐荫里", 1), ("区", 4), ("金鱼街", 2), ("抚琴", 3)):
        policy.assign(places[name], "test.households", value)
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


def test_an_override_can_be_changed_and_taken_away(places):
    policy.assign(places["抚琴"], "test.households", 3)
    policy.assign(places["金鱼街"], "test.households", 2)
    policy.assign(places["金鱼街"], "test.households", 7)
    assert (policy.value(places["槐荫里"], "test.households"), PolicyValue.objects.count()) == (7, 2)
    policy.assign(places["金鱼街"], "test.households", None)
    policy.assign(places["金鱼街"], "test.households", None)
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 3, places["抚琴"])


def test_one_key_does_not_speak_for_another(places):
    policy.assign(places["槐荫里"], "test.households", 0)
    assert policy.effective(places["槐荫里"], "test.households") == Effective(HOUSEHOLDS, 0, places["槐荫里"])
    assert policy.effective(places["槐荫里"], "test.period") == Effective(PERIOD, {"n": 15, "unit": "day"}, None)


def test_a_value_may_be_a_structure(places):
    policy.assign(places["区"], "test.period", {"n": 3, "unit": "workday"})
    assert policy.value(places["槐荫里"], "test.period") == {"n": 3, "unit": "workday"}


def test_a_key_that_nobody_declared_is_an_error(places):
    for use in (policy.effective, policy.value, lambda area, name: policy.assign(area, name, 1)):
        with pytest.raises(KeyError):
            use(places["槐荫里"], "test.unknown")
    assert PolicyValue.objects.count() == 0


def test_a_key_is_declared_once():
    with pytest.raises(ValueError, match=r"test\.period is declared twice"):
        policy.register(Key("test.period", 1, "Again"))
    assert policy.KEYS == {"test.households": HOUSEHOLDS, "test.period": PERIOD}


@pytest.mark.parametrize("name", ["区", "抚琴", "金鱼街", "槐荫里"])
def test_one_query_whatever_the_level_and_however_many_values(places, name, django_assert_num_queries):
    with django_assert_num_queries(1):
        policy.effective(places[name], "test.households")
    PolicyValue.objects.bulk_create(
        PolicyValue(area=area, key=f"k{n}", value=n) for area in places.values() for n in range(300)
    )
    for area in places.values():
        policy.assign(area, "test.households", 9)
    with django_assert_num_queries(1):
        assert policy.effective(places[name], "test.households") == Effective(HOUSEHOLDS, 9, places[name])
