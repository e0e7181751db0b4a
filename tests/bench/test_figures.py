import json
from pathlib import Path

from bench import __main__ as bench
from bench.figures import figure, percentile, table


def test_a_figure_is_told_with_what_it_is_compared_to():
    assert figure("vote: rate", 86.84, "votes/s", 286.97, n=908) == {
        "name": "vote: rate", "value": 86.8, "unit": "votes/s", "beside": 287.0, "ratio": 0.303, "n": 908,
    }  # fmt: skip


def test_a_figure_may_stand_alone():
    assert figure("peak", 337.4, "MB", n=1) == {
        "name": "peak", "value": 337.0, "unit": "MB", "beside": None, "ratio": None, "n": 1,
    }  # fmt: skip


def test_a_percentile_is_between_the_times():
    assert [percentile([1.0, 2.0, 3.0], 50), percentile([4.0], 95)] == [2.0, 4.0]


def test_the_table_has_a_line_for_each_figure():
    lines = table([figure("投票", 5, "ms", 2, n=3), figure("a", 1234.5, "ms", n=1)]).splitlines()
    assert [line.split() for line in lines] == [
        ["value", "beside", "ratio", "n"],
        ["投票", "5", "ms", "2", "2.5", "3"],
        ["a", "1,234", "ms", "1"],
    ]


def test_a_measure_is_printed_and_written(tmp_path: Path, capsys):
    assert bench.main(["search", "--documents", "120", "--out", str(tmp_path / "latest.json")]) == 0
    found = json.loads((tmp_path / "latest.json").read_text())
    kinds = {"name": str, "value": float, "unit": str, "beside": float | None, "ratio": float | None, "n": int}
    assert [list(row) for row in found] == [list(kinds)] * len(found)
    assert all(isinstance(row[name], kind) for row in found for name, kind in kinds.items())
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()[1:]] == [row["name"] for row in found]
