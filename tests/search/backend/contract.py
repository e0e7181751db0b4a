"""modelsearch's own tests of a backend, run on ours (by test_contract.py, in a process of its own)."""

from django.test import TestCase
from modelsearch.test.testapp import models
from modelsearch.tests.test_backends import BackendTests

from tests.search.backend import rows


class TestWhoosh(BackendTests, TestCase):
    backend_path = "search.whoosh.backend"
    fixtures = None

    @classmethod
    def setUpTestData(cls) -> None:
        rows.make()

    def test_reset_indexes(self) -> None:
        self.backend.reset_indexes()
        assert self.backend.search("JavaScript", models.Book).count() == 0
