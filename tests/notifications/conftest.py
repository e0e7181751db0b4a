"""Every test here has the stage's own kinds of notice, and gives them back."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from notifications import kinds
from tests.notifications import stage


@pytest.fixture(autouse=True)
def _stage(settings: Any, _clean_registries: None) -> Iterator[None]:
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates
    settings.EMAIL_BACKEND = "adapters.mail.FileBackend"
    before = dict(kinds.KINDS)
    stage.set_up()
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)
