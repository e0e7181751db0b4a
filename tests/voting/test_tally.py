"""Counting is exact, whatever the order, and more approval never hurts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.states import Choice, Result
from voting.tally import Check, Outcome, Rule, Share, count, percent

HALF, TWO_THIRDS, THREE_QUARTERS = Share(1, 2, True), Share(2, 3, False), Share(3, 4, False)
SPECIAL = Rule(TWO_THIRDS, THREE_QUARTERS)
papers = st.lists(st.sampled_from(list(Choice)), max_size=60)
fractions = st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda f: f[0] <= f[1])
shares = st.builds(lambda f, strict: Share(f[0], f[1], strict), fractions, st.booleans())
rules = st.builds(Rule, shares, shares)


def ballots(yes: int, no: int = 0, abstain: int = 0) -> list[str]:
    return ["yes"] * yes + ["no"] * no + ["abstain"] * abstain


@pytest.mark.parametrize(
    ("cast", "roll", "rule", "expected"),
    [
        (ballots(4, 2), 12, Rule(), Result.NO_QUORUM),  # exactly half of the roll is not more than half
        (ballots(4, 3), 12, Rule(), Result.PASSED),
        (ballots(4, 4), 12, Rule(), Result.NOT_PASSED),  # a tie fails
        (ballots(4, 0, 4), 12, Rule(), Result.NOT_PASSED),  # an abstention takes part
        (ballots(5, 1, 2), 12, Rule(), Result.PASSED),
        (ballots(6, 2), 12, SPECIAL, Result.PASSED),  # 2/3 and 3/4 include the number itself
        (ballots(5, 3), 12, SPECIAL, Result.NOT_PASSED),
        (ballots(7), 12, SPECIAL, Result.NO_QUORUM),
        ([], 0, Rule(), Result.NO_QUORUM),
    ],
)
def test_a_count_ends_as_the_rule_says(cast: list[str], roll: int, rule: Rule, expected: Result) -> None:
    assert count(cast, roll, rule).result == expected


def test_an_outcome_says_all_its_numbers() -> None:
    outcome = count(ballots(5, 1, 2), 12, Rule())
    assert outcome.data() == {"result": "passed", "roll": 12, "papers": 8, "yes": 5, "no": 1, "abstain": 2}
    assert (outcome.participation, outcome.approval) == (Check(8, 12, HALF), Check(5, 8, HALF))
    assert (outcome.participation.needed, outcome.approval.needed) == (7, 5)


@given(papers, st.randoms(), rules)
def test_the_order_of_the_papers_does_not_matter(cast: list[Choice], random: object, rule: Rule) -> None:
    mixed = sorted(cast, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert count(mixed, 60, rule) == count(cast, 60, rule)


@given(papers, rules)
def test_one_more_yes_never_undoes_a_pass(cast: list[Choice], rule: Rule) -> None:
    if count(cast, 61, rule).result == Result.PASSED:
        assert count([*cast, Choice.YES], 61, rule).result == Result.PASSED


@given(papers, rules)
def test_every_paper_is_counted_once(cast: list[Choice], rule: Rule) -> None:
    outcome = count(cast, 60, rule)
    assert [outcome.yes, outcome.no, outcome.abstain] == [cast.count(choice) for choice in Choice]
    assert outcome.papers == len(cast)


@given(shares, st.integers(0, 10**9))
def test_what_is_needed_is_the_least_that_is_enough(share: Share, whole: int) -> None:
    assert share.met(share.needed(whole), whole)
    assert not share.met(share.needed(whole) - 1, whole)


@given(rules)
def test_a_rule_survives_being_kept_as_data(rule: Rule) -> None:
    assert Rule.of(rule.data()) == rule


def test_more_papers_than_voters_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="3 papers for a roll of 2"):
        count(ballots(3), 2, Rule())


@pytest.mark.parametrize("broken", [(0, 2), (3, 2), (-1, 2)])
def test_a_share_is_part_of_a_whole(broken: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a share"):
        Share(*broken, strict=True)


def test_percentages_are_for_reading() -> None:
    assert [percent(96, 216), percent(1, 8), percent(0, 7), percent(0, 0), percent(2, 3, digits=2)] == [
        "44.4", "12.5", "0.0", "0.0", "66.67",
    ]  # fmt: skip
    assert isinstance(Outcome(3, 1, 1, 1, Rule()).approval.met, bool)
