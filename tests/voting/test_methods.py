"""Every method reads only its own papers, counts them in any order, and ends as its rule says."""

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting import verify_tally
from voting.methods import METHODS, equal_shares
from voting.states import Choice, Result
from voting.tally import Rule, Share, Weight

ABC = ("a", "b", "c")
ALL = Share(1, 100, False)
HALF, TWO_THIRDS, THREE_QUARTERS = Share(1, 2, True), Share(2, 3, False), Share(3, 4, False)
SPECIAL = Rule(TWO_THIRDS, THREE_QUARTERS)
COSTS = {"a": 40, "b": 30, "c": 30}
RULES = {
    "yes_no": Rule(),
    "options": Rule(method="options", options=ABC),
    "approval": Rule(method="approval", options=ABC, majority=ALL),
    "ranked": Rule(method="ranked", options=ABC),
    "score": Rule(method="score", options=ABC),
    "knapsack": Rule(method="knapsack", options=ABC, costs=COSTS, budget=70),
    "equal_shares": Rule(method="equal_shares", options=ABC, costs=COSTS, budget=70),
}


def count(cast: list[Any], rule: Rule, roll: int = 0) -> dict[str, Any]:
    """One head each; the roll is all who voted unless given."""
    papers = [(content, Weight(1)) for content in cast]
    return METHODS[rule.method].count(papers, Weight(roll or len(cast)), rule).data()


def whole(rule: Rule, papers: int, result: str, winners: list[str], **numbers: Any) -> dict[str, Any]:
    sizes = {"roll": [papers, 0], "papers": [papers, 0]}
    return {"method": rule.method, "result": result, "winners": winners, **sizes, **numbers}


def yes_no(yes: int, no: int = 0, abstain: int = 0) -> list[str]:
    return ["yes"] * yes + ["no"] * no + ["abstain"] * abstain


def answered(*answers: str) -> dict[str, str]:
    return dict(zip(ABC, answers, strict=True))


def test_the_methods_are_those_that_a_rule_can_name() -> None:
    assert {key: RULES[key].method for key in METHODS} == {key: method.key for key, method in METHODS.items()}


@pytest.mark.parametrize(
    ("method", "sent", "kept"),
    [
        ("yes_no", "abstain", "abstain"),
        ("options", {"c": "no", "a": "yes", "b": "abstain"}, {"a": "yes", "b": "abstain", "c": "no"}),
        ("approval", ["c", "a"], ["a", "c"]),
        ("approval", [], []),
        ("ranked", ["c", "a"], ["c", "a"]),
        ("score", {"c": 5, "a": 0, "b": 1}, {"a": 0, "b": 1, "c": 5}),
        ("knapsack", ["c", "a"], ["a", "c"]),
        ("equal_shares", ["c", "b", "a"], ["a", "b", "c"]),
    ],
)
def test_a_paper_is_kept_in_one_form(method: str, sent: Any, kept: Any) -> None:
    found = METHODS[method].parse(sent, RULES[method])
    assert (found, list(found)) == (kept, list(kept))


NO_PAPERS: dict[str, list[Any]] = {
    "yes_no": ["maybe", "", None, ["yes"], {"a": "yes"}, 1],
    "options": ["yes", answered("yes", "no", ""), {"a": "yes"}, [], answered(*"xyz")],
    "approval": ["a", ["d"], ["a", "a"], None, [["a"]], {"a": 1}],
    "ranked": ["a", ["d"], ["a", "a"], [1]],
    "score": [{"a": 1}, [1, 2, 3], 3, *({"a": points, "b": 0, "c": 0} for points in (6, -1, True, 1.0, "1"))],
    "knapsack": [["a", "b", "c"], ["d"], "a"],
    "equal_shares": [["b", "b"], {"a": 1}],
}


@pytest.mark.parametrize(("method", "sent"), [(method, sent) for method, each in NO_PAPERS.items() for sent in each])
def test_what_is_no_paper_is_refused_with_a_sentence(method: str, sent: Any) -> None:
    with pytest.raises(ValueError) as refusal:
        METHODS[method].parse(sent, RULES[method])
    assert str(refusal.value)[-1] in "。."


def test_more_papers_than_the_roll_has_cannot_be_counted() -> None:
    with pytest.raises(ValueError) as refusal:
        count(yes_no(3), Rule(), roll=2)
    assert str(refusal.value) == "3 papers for a roll of 2, area 0 of 0."
    with pytest.raises(ValueError):
        METHODS["yes_no"].count([("yes", Weight(1, 101))], Weight(9, 100), Rule())


def test_a_paper_that_nobody_could_cast_cannot_be_counted() -> None:
    with pytest.raises(ValueError):
        count([["c", "a"]], RULES["approval"])


@pytest.mark.parametrize(
    ("cast", "roll", "rule", "expected"),
    [
        (yes_no(4, 2), 12, Rule(), Result.NO_QUORUM),  # exactly half of the roll is not more than half
        (yes_no(4, 3), 12, Rule(), Result.PASSED),
        (yes_no(4, 4), 12, Rule(), Result.NOT_PASSED),  # a tie fails
        (yes_no(4, 0, 4), 12, Rule(), Result.NOT_PASSED),  # an abstention takes part
        (yes_no(5, 1, 2), 12, Rule(), Result.PASSED),
        (yes_no(6, 2), 12, SPECIAL, Result.PASSED),  # 2/3 and 3/4 include the number itself
        (yes_no(5, 3), 12, SPECIAL, Result.NOT_PASSED),
        (yes_no(7), 12, SPECIAL, Result.NO_QUORUM),
        ([], 0, Rule(), Result.NO_QUORUM),
    ],
)
def test_yes_or_no_ends_as_the_rule_says(cast: list[str], roll: int, rule: Rule, expected: Result) -> None:
    assert count(cast, rule, roll)["result"] == expected


def test_of_the_options_with_a_majority_the_highest_wins() -> None:
    cast = [answered("yes", "yes", "no")] * 3 + [answered("no", "yes", "yes"), answered("abstain", "abstain", "no")]
    assert count(cast, RULES["options"]) == whole(
        RULES["options"], 5, "passed", ["b"],
        options={
            "a": {"yes": [3, 0], "no": [1, 0], "abstain": [1, 0]},
            "b": {"yes": [4, 0], "no": [0, 0], "abstain": [1, 0]},
            "c": {"yes": [1, 0], "no": [4, 0], "abstain": [0, 0]},
        },
    )  # fmt: skip


def test_equal_options_go_to_a_run_off_and_none_with_a_majority_is_none() -> None:
    tied = count([answered("yes", "no", "yes")] * 2 + [answered("no", "no", "no")], RULES["options"])
    none = count([answered("yes", "no", "no"), answered("no", "yes", "no")], RULES["options"])
    assert (tied["result"], tied["winners"], none["result"], none["winners"]) == ("tied", ["a", "c"], "not_passed", [])


def test_by_area_the_highest_is_highest_by_heads_and_by_area() -> None:
    rule = Rule(method="options", options=ABC, by_area=True)
    small, large = Weight(1, 10), Weight(1, 25)
    cast = [(answered("yes", "yes", "no"), small)] * 3 + [(answered("no", "yes", "no"), large)]
    clear = METHODS["options"].count(cast, Weight(4, 55), rule)
    assert (clear.result, clear.winners) == (Result.PASSED, ["b"])
    cast = [(answered("yes", "no", "no"), small), (answered("yes", "yes", "no"), small)] * 2
    split = METHODS["options"].count([*cast, (answered("no", "yes", "no"), large)], Weight(5, 65), rule)
    assert (split.result, split.winners) == (Result.TIED, ["a", "b"])  # 4 heads to 3, but an area of 40 to 45


APPROVED = [["a", "b"]] * 3 + [["a", "c"]] * 3 + [["a"], []]


@pytest.mark.parametrize(
    ("seats", "majority", "result", "sure", "tied"),
    [
        (1, HALF, "passed", ["a"], []),
        (3, HALF, "passed", ["a"], []),  # b and c have no majority
        (2, ALL, "tied", ["a"], ["b", "c"]),
        (3, ALL, "passed", ["a", "b", "c"], []),
        (1, Share(1, 1, False), "not_passed", [], []),
    ],
)
def test_the_most_ticked_take_the_seats(
    seats: int, majority: Share, result: str, sure: list[str], tied: list[str]
) -> None:
    rule = Rule(method="approval", options=ABC, seats=seats, majority=majority)
    numbers = {"options": {"a": 7, "b": 3, "c": 3}, "sure": sure, "tied": tied}
    assert count(APPROVED, rule) == whole(rule, 8, result, sure + tied, **numbers)


def test_schulze_finds_the_winner_of_a_circle() -> None:
    """The worked example of Schulze's paper: 45 voters, five options, E wins."""
    rankings = {
        "acbed": 5, "adecb": 5, "bedac": 8, "cabed": 3, "caebd": 7, "cbade": 2, "dceba": 7, "ebadc": 8,
    }  # fmt: skip
    rule = Rule(method="ranked", options=tuple("abcde"))
    cast = [list(ranking) for ranking, number in rankings.items() for _ in range(number)]
    pairs = {
        "a": {"b": 20, "c": 26, "d": 30, "e": 22},
        "b": {"a": 25, "c": 16, "d": 33, "e": 18},
        "c": {"a": 19, "b": 29, "d": 17, "e": 24},
        "d": {"a": 15, "b": 12, "c": 28, "e": 14},
        "e": {"a": 23, "b": 27, "c": 21, "d": 31},
    }
    assert count(cast, rule) == whole(rule, 45, "passed", ["e"], pairs=pairs)


def test_what_a_ranking_leaves_out_is_behind_and_equal() -> None:
    pairs = {"a": {"b": 1, "c": 1}, "b": {"a": 1, "c": 0}, "c": {"a": 1, "b": 1}}
    assert count([["a"], ["c", "b"], []], RULES["ranked"]) == whole(RULES["ranked"], 3, "tied", ["a", "c"], pairs=pairs)


def test_the_most_points_win_and_equal_ones_are_tied() -> None:
    cast = [{"a": 5, "b": 1, "c": 0}, {"a": 0, "b": 3, "c": 4}]
    rule = RULES["score"]
    assert count(cast, rule) == whole(rule, 2, "passed", ["a"], options={"a": 5, "b": 4, "c": 4})
    cast.append({"a": 0, "b": 1, "c": 0})
    assert count(cast, rule) == whole(rule, 3, "tied", ["a", "b"], options={"a": 5, "b": 5, "c": 4})


def test_a_budget_passes_over_what_no_longer_fits() -> None:
    rule = Rule(method="knapsack", options=tuple("abcde"), costs=dict(zip("abcde", (50, 60, 30, 20, 10), strict=True)),
                budget=90, threshold=2)  # fmt: skip
    cast = [["a", "c"]] * 3 + [["b", "d"]] * 2 + [["b"], ["e"]]
    numbers = {"options": {"a": 3, "b": 3, "c": 3, "d": 2, "e": 1}, "spent": 80}
    assert count(cast, rule) == whole(rule, 7, "passed", ["c", "a"], **numbers)  # cheaper first; then b does not fit


def test_equal_shares_gives_each_group_its_own() -> None:
    """Ten have 12 each. Six want a and b, four c: by votes alone a and b would take all, for shares c is bought."""
    rule = Rule(method="equal_shares", options=ABC, costs={"a": 60, "b": 60, "c": 40}, budget=120)
    numbers = {"options": {"a": 6, "b": 6, "c": 4}, "spent": 100}
    assert count([["a", "b"]] * 6 + [["c"]] * 4, rule) == whole(rule, 10, "passed", ["a", "c"], **numbers)


def test_whoever_has_less_pays_all_that_is_left() -> None:
    """Three have 20 each and pay 10 each for a; what b takes from two of them leaves one less and one 10 for c."""
    terms = {"method": "equal_shares", "options": ABC, "budget": 60}
    cast = [["a", "b", "c"], ["a", "b"], ["a", "c"]]
    enough = Rule(**terms, costs={"a": 30, "b": 14, "c": 15})
    numbers = {"options": {"a": 3, "b": 2, "c": 2}, "spent": 44}
    assert count(cast, enough) == whole(enough, 3, "passed", ["a", "b"], **numbers)  # 3 and 10 do not buy c for 15
    exact = Rule(**terms, costs={"a": 30, "b": 14, "c": 13})
    assert count(cast, exact)["winners"] == ["a", "c"]  # equal votes: the cheaper first; 3.5 and 10 do not buy b for 14
    both = Rule(**terms, costs={"a": 30, "b": 13, "c": 13})
    assert count(cast, both)["winners"] == ["a", "b", "c"]  # 3.5 and 9.5 buy c for 13


def test_too_few_papers_decide_nothing() -> None:
    approval, shares = RULES["approval"], RULES["equal_shares"]
    nothing = {"result": "no_quorum", "winners": [], "roll": [4, 0], "papers": [2, 0]}
    counts = {"options": {"a": 2, "b": 0, "c": 0}}
    assert count([["a"]] * 2, approval, 4) == {"method": "approval", **nothing, **counts, "sure": [], "tied": []}
    assert count([["a"]] * 2, shares, 4) == {"method": "equal_shares", **nothing, **counts, "spent": 0}


choices = st.sampled_from(Choice.values)
some = st.lists(st.sampled_from(ABC), unique=True).map(sorted)
CONTENTS = {
    "yes_no": choices,
    "options": st.fixed_dictionaries(dict.fromkeys(ABC, choices)),
    "approval": some,
    "ranked": st.lists(st.sampled_from(ABC), unique=True),
    "score": st.fixed_dictionaries({key: st.integers(0, 5) for key in ABC}),
    "knapsack": some.filter(lambda chosen: chosen != list(ABC)),
    "equal_shares": some,
}
fractions = st.tuples(st.integers(1, 6), st.integers(1, 6)).filter(lambda f: f[0] <= f[1])
shares = st.builds(lambda f, strict: Share(f[0], f[1], strict), fractions, st.booleans())
weights = st.builds(Weight, st.just(1), st.integers(0, 300))


@st.composite
def votes(draw: st.DrawFn, methods: tuple[str, ...] = tuple(METHODS)) -> tuple[Rule, list[Any], Weight]:
    method = draw(st.sampled_from(methods))
    terms = RULES[method].data() | {"seats": draw(st.integers(1, 3)), "threshold": draw(st.integers(0, 3))}
    for name in ("quorum", "majority"):
        share = draw(shares)
        terms[name] = [share.numerator, share.denominator, share.strict]
    terms["by_area"] = method in ("yes_no", "options") and draw(st.booleans())
    terms["silent"] = method == "yes_no" and draw(st.booleans())
    if terms["costs"]:
        terms["costs"] = {key: draw(st.integers(1, 60)) for key in ABC} | {"c": 70}
        terms["budget"] = 130
    cast = draw(st.lists(st.tuples(CONTENTS[method], weights), max_size=25))
    missing = draw(weights)
    return Rule.of(terms), cast, sum((weight for _content, weight in cast), missing)


def outcome(rule: Rule, cast: list[Any], roll: Weight) -> dict[str, Any]:
    return METHODS[rule.method].count(cast, roll, rule).data()


@given(votes(), st.randoms())
def test_the_order_of_the_papers_does_not_matter(vote: tuple[Rule, list[Any], Weight], random: Any) -> None:
    rule, cast, roll = vote
    mixed = sorted(cast, key=lambda _: random.random())
    assert outcome(rule, mixed, roll) == outcome(rule, cast, roll)


@given(votes())
def test_the_published_verifier_counts_the_same(vote: tuple[Rule, list[Any], Weight]) -> None:
    """It shares no code with us."""
    rule, cast, roll = vote
    line = {"terms": rule.data(), "labels": dict.fromkeys(rule.options, "")}
    papers = [(content, weight.data()) for content, weight in cast]
    assert verify_tally.Rule(line).result(papers, roll.data()) == outcome(rule, cast, roll)


@given(votes(("yes_no",)), weights)
def test_one_more_yes_never_undoes_a_pass(vote: tuple[Rule, list[Any], Weight], weight: Weight) -> None:
    rule, cast, roll = vote
    roll += weight
    if outcome(rule, cast, roll)["result"] == "passed":
        assert outcome(rule, [*cast, ("yes", weight)], roll)["result"] == "passed"


@given(votes(("options",)), weights)
def test_one_more_yes_for_the_winner_alone_keeps_it(vote: tuple[Rule, list[Any], Weight], weight: Weight) -> None:
    rule, cast, roll = vote
    roll += weight
    before = outcome(rule, cast, roll)
    if before["result"] == "passed":
        paper = {key: "yes" if [key] == before["winners"] else "no" for key in ABC}
        after = outcome(rule, [*cast, (paper, weight)], roll)
        assert (after["result"], after["winners"]) == ("passed", before["winners"])


rankings = st.lists(st.lists(st.sampled_from("abcd"), unique=True), min_size=1, max_size=15)
RANKED = Rule(method="ranked", options=tuple("abcd"))


@given(rankings)
def test_who_beats_each_other_one_by_one_wins(cast: list[list[str]]) -> None:
    found = count(cast, RANKED)
    pairs = found["pairs"]
    beats_all = [one for one in pairs if all(pairs[one][other] > pairs[other][one] for other in pairs[one])]
    if beats_all:
        assert (found["result"], found["winners"]) == ("passed", beats_all)


@given(rankings)
def test_one_more_first_place_keeps_the_winner_of_a_ranking(cast: list[list[str]]) -> None:
    before = count(cast, RANKED)
    if before["result"] == "passed":
        assert count([*cast, before["winners"]], RANKED)["winners"] == before["winners"]


@given(rankings)
def test_the_winners_of_a_ranking_are_those_of_all_paths(cast: list[list[str]]) -> None:
    """Schulze's definition taken literally: the weakest step of every path."""
    found = count(cast, RANKED)
    pairs = found["pairs"]

    def step(one: str, other: str) -> int:
        return pairs[one][other] if pairs[one][other] > pairs[other][one] else 0

    def strongest(one: str, other: str) -> int:
        between = [key for key in "abcd" if key not in (one, other)]
        ways = [way for length in range(3) for way in permutations(between, length)]
        return max(min(step(*each) for each in pairwise((one, *way, other))) for way in ways)

    winners = [one for one in "abcd" if all(strongest(one, x) >= strongest(x, one) for x in "abcd" if x != one)]
    assert found["winners"] == winners


@given(votes(("equal_shares",)))
def test_shares_never_spend_more_than_the_budget(vote: tuple[Rule, list[Any], Weight]) -> None:
    rule, cast, _roll = vote
    groups = [(dict.fromkeys(content, 1), 1) for content, _weight in cast]
    election = equal_shares.Election(groups, rule.costs, rule.costs)
    plain, grown = equal_shares.buy(election, rule.budget), equal_shares.grown(election, rule.budget)
    spent = [sum(rule.costs[key] for key in keys) for keys in (plain, grown)]
    assert max(spent) <= rule.budget
    assert set(plain + grown) <= set(election.supporters)
