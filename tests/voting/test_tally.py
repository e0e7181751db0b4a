"""Shares, weights and rules are exact, and survive being kept as data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.states import Result
from voting.tally import Check, Outcome, Rule, Share, Weight, percent

HALF, TWO_THIRDS, THREE_QUARTERS = Share(1, 2, True), Share(2, 3, False), Share(3, 4, False)
fractions = st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda f: f[0] <= f[1])
shares = st.builds(lambda f, strict: Share(f[0], f[1], strict), fractions, st.booleans())
rules = st.builds(Rule, shares, shares, by_area=st.booleans(), silent=st.booleans())


@given(shares, st.integers(0, 10**9))
def test_what_is_needed_is_the_least_that_is_enough(share: Share, whole: int) -> None:
    assert share.met(share.needed(whole), whole)
    assert not share.met(share.needed(whole) - 1, whole)


def test_a_check_says_its_numbers() -> None:
    check = Check(8, 12, TWO_THIRDS)
    assert (check.met, check.needed, check.percent) == (True, 8, "66.7")


@given(rules)
def test_a_rule_survives_being_kept_as_data(rule: Rule) -> None:
    assert Rule.of(rule.data()) == rule


def test_a_rule_names_every_term() -> None:
    rule = Rule(TWO_THIRDS, HALF, "council", "knapsack", options=("a", "b"), costs={"a": 3, "b": 4}, budget=5)
    assert rule.data() == {
        "quorum": [2, 3, False], "majority": [1, 2, True], "basis": "council", "method": "knapsack", "by_area": False,
        "options": ["a", "b"], "costs": {"a": 3, "b": 4}, "budget": 5, "max_score": 5, "seats": 1, "threshold": 0,
        "silent": False,
    }  # fmt: skip
    assert Rule.of(rule.data()) == rule


def test_the_terms_of_an_old_ballot_have_the_defaults() -> None:
    assert Rule.of({"quorum": [2, 3, False], "majority": [3, 4, False], "basis": "house"}) == Rule(
        TWO_THIRDS, THREE_QUARTERS
    )
    assert Rule.of({"changeable": True}) == Rule()


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ({"options": ("a",)}, "options"),
        ({"method": "ranked"}, "options"),
        ({"method": "ranked", "options": ("a", "a")}, "options"),
        ({"method": "knapsack", "options": ("a", "b"), "costs": {"a": 1}}, "costs"),
        ({"method": "equal_shares", "options": ("a",), "costs": {"a": 0}}, "costs"),
        ({"method": "score", "options": ("a",), "by_area": True}, "by_area"),
        ({"method": "options", "options": ("a",), "silent": True}, "silent"),
        ({"method": "approval", "options": ("a",), "seats": 0}, "numbers"),
        ({"method": "knapsack", "options": ("a",), "costs": {"a": 1}, "budget": -1}, "numbers"),
        ({"method": "dice", "options": ("a",)}, "method"),
    ],
)
def test_terms_that_do_not_fit_are_no_rule(terms: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValueError) as refusal:
        Rule(**terms)
    assert str(refusal.value) == f"Terms that do not fit each other: {wrong}."


def test_a_weight_is_heads_and_area() -> None:
    assert (Weight(3, 24000) + Weight(1, 8050) - Weight(2)).data() == [2, 32050]


def test_an_outcome_is_recorded_whole() -> None:
    outcome = Outcome("score", Result.PASSED, Weight(9, 90), Weight(8, 80), ["b"], {"options": {"a": 3, "b": 4}})
    assert outcome.data() == {
        "method": "score", "result": "passed", "roll": [9, 90], "papers": [8, 80], "winners": ["b"],
        "options": {"a": 3, "b": 4},
    }  # fmt: skip


@pytest.mark.parametrize("broken", [(0, 2), (3, 2), (-1, 2)])
def test_a_share_is_part_of_a_whole(broken: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a share"):
        Share(*broken, strict=True)


def test_percentages_are_for_reading() -> None:
    assert [percent(96, 216), percent(1, 8), percent(0, 7), percent(0, 0), percent(2, 3, digits=2)] == [
        "44.4", "12.5", "0.0", "0.0", "66.67",
    ]  # fmt: skip
