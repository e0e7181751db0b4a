"""Real elections are counted by the rule that their file names; a difference says why."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.methods import equal_shares

HEADS = {"approval": "voter_id;vote", "choose-1": "voter_id;vote", "ordinal": "voter_id;vote"}


def election(
    folder: Path, projects: dict[str, tuple[str, int]], papers: list[str], *, kind: str = "approval", **meta: Any
) -> None:
    """projects: cost and mark. papers: what follows the number of the voter."""
    facts = {"vote_type": kind, "budget": 100} | meta
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in facts.items())]
    lines += ["PROJECTS", "project_id;cost;name;selected"]
    lines += [f'{key};{cost};"A; ""B""";{mark}' for key, (cost, mark) in projects.items()]
    lines += ["VOTES", HEADS.get(kind, "voter_id;vote;points")]
    lines += [f"{number};{paper}" for number, paper in enumerate(papers)]
    place = folder / "ballots" / "pb"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{len(list(place.iterdir()))}.pb").write_text("\n".join(lines) + "\n", encoding="utf-8")


def measured(folder: Path) -> dict[str, Any]:
    out = StringIO()
    call_command("measure", "counting", data=folder, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def reasons(folder: Path) -> list[str]:
    return [each["reason"] for each in measured(folder)["different"]]


def equal(number: int) -> dict[str, Any]:
    return {"files": number, "equal": number, "different": []}


def test_greedy_passes_over_what_does_not_fit_and_no_skip_ends_there(tmp_path: Path):
    papers = ["a"] * 3 + ["b"] * 2 + ["c"]
    projects = {"a": ("60", 1), "b": ("50", 0), "c": ("40.00", 1)}
    election(tmp_path, projects, papers, rule="greedy")
    election(tmp_path, projects | {"c": ("40", 0)}, papers, rule="greedy-no-skip", kind="choose-1")
    assert measured(tmp_path) == equal(2)


def test_a_threshold_and_cents_are_exact(tmp_path: Path):
    papers = ["a,b"] * 3 + ["c"] * 2
    projects = {"a": ("60.01", 1), "b": ("39.99", 1), "c": ("0.01", 0)}
    election(tmp_path, projects, papers, rule="greedy-threshold", budget="100,00", min_project_score_threshold=3)
    cheaper_first = {"a": ("60.01", 0), "b": ("40", 1), "c": ("39.99", 1)}
    election(tmp_path, cheaper_first, papers, rule="greedy")
    assert measured(tmp_path) == equal(2)


def test_rankings_count_from_the_longest_down_and_points_as_given(tmp_path: Path):
    """Of two places the first counts 2: b has 5 against 4 of a."""
    places = {"kind": "ordinal", "rule": "greedy", "max_length": 2}
    election(tmp_path, {"a": ("100", 0), "b": ("100", 1)}, ["a,b", "a", "b", "b"], **places)
    election(tmp_path, {"a": ("100", 1), "b": ("100", 0)}, ["a;3", "b,a;2,1", "b;1"], kind="cumulative", rule="greedy")
    assert measured(tmp_path) == equal(2)


def test_a_project_that_was_passed_over_is_found(tmp_path: Path):
    election(tmp_path, {"a": ("60", 0), "b": ("50", 1)}, ["a", "a", "b"], rule="greedy")
    assert measured(tmp_path) == {
        "files": 1,
        "equal": 0,
        "different": [
            {
                "file": "0.pb",
                "rule": "greedy",
                "reason": "the marked winners cost 50.00, those of the rule 60.00, of a budget of 100.00;"
                " only marked: b (1 points, 50.00); only by the rule: a (2 points, 60.00);"
                " a was passed over although it fits; without a the rule gives the marked winners",
            }
        ],
    }


@pytest.mark.parametrize(
    ("projects", "papers", "meta", "part"),
    [
        ({"a": ("60", 0), "b": ("70", 1)}, ["a", "b"], {"rule": "greedy"},
         "a was passed over although it fits, though it is equal to b"),
        ({"a": ("60", 1), "b": ("50", 1)}, ["a", "a", "b"], {"rule": "greedy"},
         "b was funded although it does not fit"),
        ({"a": ("60", 1), "b": ("40", 1)}, ["a", "a", "b"],
         {"rule": "greedy-threshold", "min_project_score_threshold": 2}, "b was funded with fewer than 2"),
        ({"a": ("999", 0), "b": ("40", 1)}, ["a", "a", "b"], {"rule": "greedy-no-skip"},
         "b was funded although a had ended the count, which does not fit; without a the rule gives"),
        ({"a": ("60", 0)}, ["a"], {"rule": "greedy"}, "no winners are marked"),
        ({"a": ("60", 1)}, ["a"], {"rule": "unknown"}, "the rule 'unknown' is none that can be counted"),
        ({"a": ("60", 1)}, ["z"], {"rule": "greedy"}, "cannot be read: a paper names z, which is not on the list"),
        ({"a": ("1.005", 1)}, ["a"], {"rule": "greedy"},
         "cannot be read: 1.005 is no whole number of hundredths"),
    ],
)  # fmt: skip
def test_every_difference_has_its_reason(
    tmp_path: Path, projects: dict[str, tuple[str, int]], papers: list[str], meta: dict[str, Any], part: str
):
    election(tmp_path, projects, papers, **meta)
    (reason,) = reasons(tmp_path)
    assert part in reason


def test_what_is_marked_2_was_decided_by_something_else(tmp_path: Path):
    election(tmp_path, {"a": ("60", 1), "b": ("30", 2), "c": ("50", 2)}, ["a", "a", "b", "c"], rule="greedy")
    assert measured(tmp_path) == equal(1)


SHARED = ["a,b"] * 6 + ["c"] * 4
FAIR = {"a": ("60", 1), "b": ("60", 0), "c": ("40", 1)}


def test_equal_shares_and_its_completions(tmp_path: Path):
    """c costs 13 for each of its four, whose shares are 12: only one unit more for each voter buys it."""
    dear = {"a": ("60", 1), "b": ("60", 0), "c": ("52", 0)}
    election(tmp_path, FAIR, SHARED, rule="equalshares", budget=120)
    election(tmp_path, dear, SHARED, rule="equalshares", budget=120)
    election(tmp_path, dear | {"c": ("52", 1)}, SHARED, rule="equalshares/add1", budget=120)
    assert measured(tmp_path) == equal(3)


def test_the_line_of_a_file_names_the_completion_that_gives_its_winners(tmp_path: Path):
    completed = {"a": ("60", 1), "b": ("60", 0), "c": ("52", 1)}
    election(tmp_path, completed, SHARED, rule="equalshares", budget=120)
    out = StringIO()
    call_command("measure", "counting", data=tmp_path, stdout=out)
    assert out.getvalue().splitlines() == [
        "0.pb: approval, equalshares/add1: equal to the marked winners",
        '{"files": 1, "equal": 1, "different": []}',
    ]


def test_a_comparison_prefers_what_more_voters_have_more_of(tmp_path: Path):
    """By shares a and c, by votes a and b: six have two of theirs by votes, four one by shares."""
    election(tmp_path, {**FAIR, "b": ("60", 1), "c": ("40", 0)}, SHARED, rule="equalshares-comparison", budget=120)
    election(tmp_path, FAIR, SHARED, rule="equalshares", budget=120)
    assert measured(tmp_path) == equal(2)


def test_what_cannot_be_measured_is_said(tmp_path: Path):
    for what, data, sentence in (
        ("dice", tmp_path, "dice cannot be measured: write one of counting."),
        ("counting", tmp_path / "none", f"{tmp_path / 'none'} is no folder: write the path of the data after --data."),
        ("counting", tmp_path, f"There is no {tmp_path / 'ballots' / 'pb' / '*.pb'} to measure."),
    ):
        with pytest.raises(CommandError) as refusal:
            call_command("measure", what, data=data, stdout=StringIO())
        assert str(refusal.value) == sentence


projects = st.lists(st.integers(1, 40), min_size=2, max_size=6)
papers = st.lists(st.frozensets(st.integers(0, 5)), min_size=1, max_size=12)


@settings(deadline=None)
@given(projects, papers, st.integers(1, 120), st.booleans())
def test_equal_shares_are_those_of_pabutools(costs: list[int], cast: list[Any], budget: int, by_cost: bool) -> None:
    rules = pytest.importorskip("pabutools.rules", reason="pabutools is not installed: it is in the group “measure”")
    model = pytest.importorskip("pabutools.election")
    ties = pytest.importorskip("pabutools.tiebreaking")
    named = {f"p{place}": cost for place, cost in enumerate(costs)}
    ticked = [[key for key in named if int(key[1:]) in paper] for paper in cast]
    ours = equal_shares.Election(
        [(dict.fromkeys(paper, 1), 1) for paper in ticked], named, named if by_cost else dict.fromkeys(named, 1)
    )
    theirs = {key: model.Project(key, cost) for key, cost in named.items()}
    profile = model.ApprovalProfile([model.ApprovalBallot(theirs[key] for key in paper) for paper in ticked])
    options = {
        "instance": model.Instance(theirs.values(), budget_limit=budget),
        "profile": profile,
        "sat_class": model.Cost_Sat if by_cost else model.Cardinality_Sat,
        "tie_breaking": ties.TieBreakingRule(lambda _instance, _profile, project: ours.ties[project.name]),
    }
    plain = rules.method_of_equal_shares(**options)
    grown = rules.method_of_equal_shares(**options, voter_budget_increment=1)
    assert equal_shares.buy(ours, budget) == [project.name for project in plain]
    assert equal_shares.grown(ours, budget) == [project.name for project in grown]
