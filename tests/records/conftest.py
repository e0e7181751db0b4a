import shutil
from collections.abc import Iterator

import pytest

from records.models import storage


@pytest.fixture(autouse=True)
def _no_papers_from_before() -> Iterator[None]:
    """The records' storage lies outside the test's own folder: it is made when the model is."""
    yield
    shutil.rmtree(storage().path(""), ignore_errors=True)
