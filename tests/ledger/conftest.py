"""The ledger alone: no other room follows it or adds checks of its own."""

import pytest

from ledger import following, verifying


@pytest.fixture(autouse=True)
def _nobody_follows():
    following.FOLLOWERS.clear()
    verifying.CHECKS.clear()
