"""The twelve stories of the district, played through the doors. docs/stories.md tells which step is shown where."""

import pytest

pytest.register_assert_rewrite("tests.stories.afterwards", "tests.stories.town")
