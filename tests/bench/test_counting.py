"""What `bench counting` lays out is what the product counts and the verifier accepts."""

from pathlib import Path

import pytest

from bench import counting
from voting.models import BallotPaper
from voting.verify_tally import Tally


@pytest.mark.django_db
@pytest.mark.parametrize("method", counting.SHARES)
def test_the_papers_that_were_laid_are_counted(method: str):
    assert [counting.fill(method, "30"), counting.fill(method, "0"), counting.fill(method, "12")] == [30, 30, 42]
    assert counting.count(method).keys() == {"seconds", "peak"}
    assert BallotPaper.objects.count() == 42


def test_a_tally_file_of_so_many_lines_agrees_with_itself(tmp_path: Path):
    path = tmp_path / "tally.jsonl"
    assert counting.write("66", str(path)) == 66
    with path.open("rb") as lines:
        read = Tally(lines)
    assert (read.problems, read.number) == ([], 66)
