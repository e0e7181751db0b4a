import re

import pytest

from records import numbering
from records.models import Kind, Series
from tests import build

pytestmark = pytest.mark.django_db
SHAPE = re.compile(r"^.+〔\d{4}〕[1-9]\d*号$")


@pytest.mark.parametrize(
    ("make", "kind", "word"),
    [
        (build.district, Kind.DECISION, "金牛议答"),
        (build.street, Kind.DECISION, "抚琴街议答"),
        (build.community, Kind.DECISION, "金鱼街社议答"),
        (build.courtyard, Kind.DECISION, "槐荫里议答"),
        (build.district, Kind.CASE_FILE, "金牛议卷"),
    ],
)
def test_the_word_names_organ_and_kind(make, kind, word):
    assert numbering.word(make(), kind) == word


def test_numbers_run_without_a_gap_for_each_word_and_year():
    asked = [("金牛议答", 2026), ("金牛议答", 2026), ("抚琴街议答", 2026), ("金牛议答", 2027), ("金牛议答", 2026)]
    given = [Series.next_number(word, year) for word, year in asked]
    assert given == [
        "金牛议答〔2026〕1号",
        "金牛议答〔2026〕2号",
        "抚琴街议答〔2026〕1号",
        "金牛议答〔2027〕1号",
        "金牛议答〔2026〕3号",
    ]
    assert [bool(SHAPE.match(number)) for number in given] == [True] * 5
