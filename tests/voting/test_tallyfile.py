"""The file that is published beside a result: literal, so that it cannot change by accident."""

import hashlib
import itertools
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from ledger import canonical
from tests.voting import published
from voting import tallyfile
from voting.tally import Rule
from voting.tallyfile import Correction, InvalidPaper, NamedPaper, Right

HERE = Path(__file__).parent
RIGHTS = [Right(token, "", [("1栋", 100)]) for token in "ab"]
NOTHING: dict[str, Any] = {"corrections": [], "invalid": []}


def told(result: dict[str, Any] | None = None) -> tallyfile.TallyFacts:
    return published.facts(Rule(), RIGHTS, {}, result or {})


def test_a_named_file_is_these_bytes() -> None:
    assert b"".join(published.named()) == (HERE / "tally_named.jsonl").read_bytes()


def test_a_secret_file_is_these_bytes() -> None:
    assert b"".join(published.secret()) == (HERE / "tally_secret.jsonl").read_bytes()


def test_a_file_of_a_show_of_hands_is_these_bytes() -> None:
    assert b"".join(published.show()) == (HERE / "tally_show.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["tally_named.jsonl", "tally_secret.jsonl", "tally_show.jsonl"])
def test_each_line_is_chained_to_the_one_before(name: str) -> None:
    chain = ""
    for line in (HERE / name).read_bytes().splitlines():
        bare = json.loads(line)
        written = bare.pop("chain")
        chain = hashlib.sha256(chain.encode() + canonical.encode(bare)).hexdigest()
        assert (written, line) == (chain, canonical.encode({**bare, "chain": chain}))


def test_a_right_that_was_corrected_back_is_as_at_notice() -> None:
    back = [Right("a", "", [("1栋", 100)], frozen=[("1栋", 100)])]
    file = published.read(tallyfile.named(told(), rights=back, papers=[], **NOTHING))
    assert [line["frozen"] for line in file if line["line"] == "right"] == [None]


def test_channels_that_nobody_used_stand_as_zero() -> None:
    file = published.read(tallyfile.named(told(), rights=RIGHTS, papers=[], **NOTHING))
    assert [{**line, "chain": ""} for line in file if line["line"] == "channels"] == [
        {"line": "channels", "chain": "", "web": 0, "paper": 0, "proxy": 0}
    ]


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("named", {"rights": RIGHTS[::-1], "papers": []}),
        ("named", {"rights": RIGHTS, "papers": [NamedPaper(token, "web", "AAAA-2222", "yes") for token in "ba"]}),
        ("named", {"rights": RIGHTS, "papers": [NamedPaper("a", "web", code, "yes") for code in ("A", "B")]}),
        ("named", {"rights": RIGHTS, "papers": [], "invalid": [InvalidPaper(n, "paper", "late") for n in ("2", "1")]}),
        ("secret", {"rights": RIGHTS, "receipts": ["B", "A"], "choices": ["yes", "no"]}),
        ("secret", {"rights": RIGHTS, "receipts": ["A", "A"], "choices": ["yes", "no"]}),
    ],
)
def test_what_is_not_in_order_is_refused(kind: str, parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="once, in order"):
        list(getattr(tallyfile, kind)(told(), **NOTHING | parts))


def test_corrections_keep_the_order_in_which_they_were_made() -> None:
    made = [Correction(token, "更正", published.OPENS, ("p1", "p2")) for token in "ba"]
    file = published.read(tallyfile.named(told(), rights=RIGHTS, corrections=made, papers=[], invalid=[]))
    assert [line["right"] for line in file if line["line"] == "correction"] == ["b", "a"]


def test_a_large_file_takes_no_more_memory_than_a_small_one() -> None:
    small, large = (peak(choices) for choices in (2_000, 20_000))
    assert large < small + 20_000


def peak(choices: int) -> int:
    codes = (f"{n:08}" for n in range(choices))
    lines = tallyfile.secret(told(), rights=RIGHTS, receipts=codes, choices=itertools.repeat("yes", choices), **NOTHING)
    tracemalloc.start()
    assert sum(1 for _line in lines) == 2 * choices + 8
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most
