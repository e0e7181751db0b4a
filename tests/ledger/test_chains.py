"""Apps above name the chains that belong to them."""

import pytest

from ledger import chains
from ledger.chains import Link


@pytest.fixture(autouse=True)
def _nobody_describes():
    chains._resolvers.clear()


def test_each_chain_is_named_by_whoever_knows_it():
    asked = []

    def cases(ids):
        asked.append(sorted(ids))
        return {"case:a": Link("楼道的灯", "/cases/1/")}

    chains.describe("case", cases)
    chains.describe("area", lambda ids: {chain: Link(chain.upper(), "/") for chain in ids})
    found = chains.links(["case:a", "case:b", "area:1", "system", "cases:x"])
    assert found == {"case:a": Link("楼道的灯", "/cases/1/"), "area:1": Link("AREA:1", "/")}
    assert asked == [["case:a", "case:b"]]


def test_nobody_is_asked_about_nothing():
    chains.describe("case", lambda ids: pytest.fail("there was nothing to ask"))
    assert chains.links(["area:1"]) == {}
