"""The vectors of the Civil Code's article 278: whole outcomes, by heads and by floor area in 0.01 m².

The two of deadlines are in tests/areas/test_calendar.py.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from voting import statutes
from voting.methods import METHODS
from voting.states import Choice
from voting.tally import Rule, Weight

FLAT, SHOP, SMALL, LARGE = 80_00, 460_00, 60_00, 100_00
FLATS = Weight(12, 12 * FLAT)
ARCADE = Weight(10, 9 * SMALL + SHOP)
ESTATE = Weight(14, 20 * LARGE)  # a developer with five, X with three, twelve with one each
DEVELOPER, X = Weight(1, 5 * LARGE), Weight(1, 3 * LARGE)

Cast = list[tuple[str, Weight]]


def rule(kind: str, **terms: Any) -> Rule:
    return statutes.usable(f"civil_code_278_{kind}", on=dt.date(2026, 5, 18)).rule(**terms)


def each(area: int, **numbers: int) -> Cast:
    return [(choice, Weight(1, area)) for choice, number in numbers.items() for _ in range(number)]


def outcome(cast: Iterable[tuple[str, Weight]], roll: Weight, terms: Rule) -> dict[str, Any]:
    return METHODS["yes_no"].count(cast, roll, terms).data()


def expected(result: str, roll: Weight, **weights: list[int]) -> dict[str, Any]:
    sides = {choice: weights.get(choice, [0, 0]) for choice in Choice.values}
    papers = [sum(weight[by] for weight in sides.values()) for by in (0, 1)]
    return {"method": "yes_no", "result": result, "winners": [], "roll": roll.data(), "papers": papers, **sides}


@pytest.mark.parametrize(
    ("kind", "roll", "cast", "whole"),
    [
        pytest.param("special", FLATS, each(FLAT, yes=6, no=2),
                     expected("passed", FLATS, yes=[6, 48000], no=[2, 16000]), id="V1"),
        pytest.param("special", FLATS, each(FLAT, yes=5, no=3),
                     expected("not_passed", FLATS, yes=[5, 40000], no=[3, 24000]), id="V2"),
        pytest.param("special", FLATS, each(FLAT, yes=7),
                     expected("no_quorum", FLATS, yes=[7, 56000]), id="V3"),
        pytest.param("general", FLATS, each(FLAT, yes=4, no=4),
                     expected("not_passed", FLATS, yes=[4, 32000], no=[4, 32000]), id="V4"),
        pytest.param("general", FLATS, each(FLAT, yes=4, abstain=4),
                     expected("not_passed", FLATS, yes=[4, 32000], abstain=[4, 32000]), id="V5 abstentions"),
        pytest.param("general", FLATS, each(FLAT, yes=5, no=1, abstain=2),
                     expected("passed", FLATS, yes=[5, 40000], no=[1, 8000], abstain=[2, 16000]), id="V5 one more"),
        pytest.param("general", ARCADE, each(SMALL, yes=8),
                     expected("no_quorum", ARCADE, yes=[8, 48000]), id="V6"),
        pytest.param("general", ARCADE, each(SHOP, no=1) + each(SMALL, yes=6),
                     expected("not_passed", ARCADE, yes=[6, 36000], no=[1, 46000]), id="V7"),
        pytest.param("special", ESTATE, [("yes", X), *each(LARGE, yes=9)],
                     expected("no_quorum", ESTATE, yes=[10, 120000]), id="V8 without the developer"),
        pytest.param("special", ESTATE, [("yes", X), *each(LARGE, yes=8, no=1), ("no", DEVELOPER)],
                     expected("not_passed", ESTATE, yes=[9, 110000], no=[2, 60000]), id="V8 developer against"),
        pytest.param("special", ESTATE, [("yes", X), *each(LARGE, yes=7, no=2), ("yes", DEVELOPER)],
                     expected("passed", ESTATE, yes=[9, 150000], no=[2, 20000]), id="V8 developer in favour"),
    ],
)  # fmt: skip
def test_the_vectors_of_the_civil_code(kind: str, roll: Weight, cast: Cast, whole: dict[str, Any]) -> None:
    assert outcome(cast, roll, rule(kind)) == whole


def test_v9_the_second_paper_of_a_right_is_a_duplicate() -> None:
    """Which papers count is decided before the count: here the first of each right."""
    cast = [(f"flat {n}", "yes") for n in range(1, 9)] + [("flat 1", "no")]
    effective = dict(reversed(cast))
    duplicates = len(cast) - len(effective)
    found = outcome([(choice, Weight(1, FLAT)) for choice in effective.values()], FLATS, rule("special"))
    assert (found, duplicates) == (expected("passed", FLATS, yes=[8, 64000]), 1)


def test_v10_an_unsigned_slip_does_not_take_part() -> None:
    slips = [("yes", True)] * 6 + [("no", True)] + [("yes", False)]
    cast = [(choice, Weight(1, FLAT)) for choice, signed in slips if signed]
    assert outcome(cast, FLATS, rule("special")) == expected("no_quorum", FLATS, yes=[6, 48000], no=[1, 8000])


def test_v11_the_silent_are_shown_apart_and_turn_nothing() -> None:
    cast = each(FLAT, yes=5, no=3)
    whole = expected("passed", FLATS, yes=[5, 40000], no=[3, 24000])
    apart = {"silent": [4, 32000], "with_silent": {"yes": [9, 72000], "no": [3, 24000]}}
    assert outcome(cast, FLATS, rule("general", silent=True)) == whole | apart


def test_the_silent_never_help_a_vote_to_its_quorum() -> None:
    whole = expected("no_quorum", FLATS, yes=[4, 32000], no=[3, 24000])
    apart = {"silent": [5, 40000], "with_silent": {"yes": [9, 72000], "no": [3, 24000]}}
    assert outcome(each(FLAT, yes=4, no=3), FLATS, rule("general", silent=True)) == whole | apart


def test_the_silent_join_no_side_of_a_tie() -> None:
    whole = expected("not_passed", FLATS, yes=[4, 32000], no=[4, 32000])
    apart = {"silent": [4, 32000], "with_silent": {"yes": [4, 32000], "no": [4, 32000]}}
    assert outcome(each(FLAT, yes=4, no=4), FLATS, rule("general", silent=True)) == whole | apart
