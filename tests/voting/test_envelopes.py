"""An envelope tells nothing from outside and cannot be used elsewhere."""

import uuid

import pytest

from voting.envelopes import seal, unseal
from voting.states import Choice

PAPER, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize("choice", Choice)
def test_a_choice_comes_out_as_it_went_in(choice: Choice) -> None:
    assert unseal(7, PAPER, seal(7, PAPER, choice)) == choice


def test_envelopes_look_alike_and_never_the_same() -> None:
    envelopes = [seal(7, PAPER, choice) for choice in Choice for _ in range(20)]
    assert len(set(envelopes)) == len(envelopes)
    assert len({len(envelope) for envelope in envelopes}) == 1


def test_an_envelope_fits_its_own_ballot_and_paper_only() -> None:
    envelope = seal(7, PAPER, Choice.YES)
    assert [unseal(8, PAPER, envelope), unseal(7, OTHER, envelope), unseal(77, PAPER, envelope)] == [None, None, None]


@pytest.mark.parametrize(
    "broken",
    ["", "x", "AAAA", "A" * 48, seal(7, PAPER, Choice.NO)[:-4] + "AAAA"],
    ids=["nothing", "one letter", "short", "invented", "altered"],
)
def test_what_was_not_sealed_here_does_not_open(broken: str) -> None:
    assert unseal(7, PAPER, broken) is None
