"""A record: one official paper as bytes that never change, with number, version, hash and verification code."""

from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ledger.models import Event, Visibility

from . import codes


def storage() -> Storage:
    """Where the bytes lie: out of reach of /media/, handed out by the download view only."""
    return storages["records"]


class Kind(models.TextChoices):
    DECISION = "decision", _("Official answer")
    CASE_FILE = "case_file", _("Complete file")


class RecordQuerySet(models.QuerySet["Record"]):
    def made(self) -> "RecordQuerySet":
        return self.exclude(made_at=None)

    def public(self) -> "RecordQuerySet":
        return self.made().filter(visibility=Visibility.PUBLIC)

    def of_chain(self, chain: str) -> "RecordQuerySet":
        """What there is to read of one case, the newest first."""
        return self.made().filter(chain=chain).order_by("-made_at", "-pk")


class Record(models.Model):
    """One version of one paper, caused by one event. Until `made_at` it only keeps the number and code reserved."""

    chain = models.CharField(max_length=60)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    code = models.CharField(max_length=codes.LENGTH, unique=True, default=codes.draw)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    file = models.FileField(storage=storage, max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="records_once_for_an_event"),
            models.UniqueConstraint(fields=["number", "version"], name="records_number_version"),
            models.UniqueConstraint(fields=["chain", "kind", "version"], name="records_version"),
            models.CheckConstraint(
                condition=Q(made_at=None, sha256="", file="") | Q(made_at__isnull=False) & ~Q(sha256="") & ~Q(file=""),
                name="records_made_has_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("records:download", args=[self.pk])

    @property
    def is_made(self) -> bool:
        return self.made_at is not None

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def spoken_code(self) -> str:
        return codes.grouped(self.code)

    @property
    def file_name(self) -> str:
        """What the paper is called on a reader's disk."""
        version = f"（第{self.version}版）" if self.version > 1 else ""
        return f"{self.number} {self.title}{version}.pdf"

    def read(self) -> bytes:
        """The paper itself. FileNotFoundError when somebody took it away."""
        with self.file.open("rb") as kept:
            return bytes(kept.read())

    def facts(self) -> dict[str, Any]:
        """What the event `record.made` says: enough to list and link the paper without this row."""
        return {
            "record": self.pk,
            "kind": str(self.kind),
            "number": self.number,
            "version": self.version,
            "sha256": self.sha256,
            "size": self.size,
            "pages": self.pages,
        }


class Series(models.Model):
    """The running number of one organ's papers in a year. Organs that are called alike share a series."""

    word = models.CharField(max_length=50)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "series"
        constraints = [models.UniqueConstraint(fields=["word", "year"], name="records_series_once")]

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.last}号"

    @staticmethod
    def next_number(word: str, year: int) -> str:
        """The next number, such as 金牛议答〔2026〕23号; call it inside the transaction that uses it."""
        Series.objects.bulk_create([Series(word=word, year=year)], ignore_conflicts=True)
        Series.objects.filter(word=word, year=year).update(last=F("last") + 1)
        return str(Series.objects.get(word=word, year=year))
