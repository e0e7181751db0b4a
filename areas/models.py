"""The four levels of a district, their bodies, who owns which matter, and the settings that a level inherits."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet


class Level(models.IntegerChoices):
    """1 is the highest: a smaller number is nearer to the district."""

    DISTRICT = 1, _("District")
    STREET = 2, _("Street")
    COMMUNITY = 3, _("Community")
    COURTYARD = 4, _("Courtyard")


class AreaQuerySet(MP_NodeQuerySet):
    def within(self, area: "Area") -> "AreaQuerySet":
        """The area itself and everything below it."""
        return self.filter(path__startswith=area.path)


class AreaManager(MP_NodeManager.from_queryset(AreaQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> AreaQuerySet:
        return AreaQuerySet(self.model, using=self._db).order_by("path")


class Area(MP_Node):
    """One district, street, community or courtyard. `code` is the statistics bureau's where there is one."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(choices=Level.choices, db_index=True)
    households = models.PositiveIntegerField(default=0)

    node_order_by = ["code"]
    objects = AreaManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(level=models.F("depth")), name="areas_area_level_is_depth")]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        return f"area:{self.code}"

    @property
    def lineage_paths(self) -> list[str]:
        """The tree paths of the district, the street … and this area; no query."""
        return [self.path[: self.steplen * depth] for depth in range(1, self.depth + 1)]

    def lineage(self) -> list["Area"]:
        """From the district down to this area; one query."""
        return [*self.get_ancestors(), self]


class BodyQuerySet(models.QuerySet["Body"]):
    def sitting(self, at: dt.datetime) -> "BodyQuerySet":
        return self.filter(Q(sat_from__lte=at), Q(sat_until=None) | Q(sat_until__gt=at))


class Body(models.Model):
    """Who is competent in an area: a courtyard group, a community committee, a street council, the district meeting."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=60)
    competence = models.TextField(blank=True, help_text="What it decides, one matter a line")
    convener = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    office = models.CharField(max_length=120, blank=True)
    sat_from = models.DateTimeField()
    sat_until = models.DateTimeField(null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["area__path", "pk"]
        verbose_name_plural = "bodies"
        constraints = [
            models.CheckConstraint(
                condition=Q(sat_until=None) | Q(sat_until__gt=models.F("sat_from")), name="areas_body_sits_forward"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def matters(self) -> list[str]:
        return [line.strip() for line in self.competence.splitlines() if line.strip()]


class Category(models.Model):
    """What a matter is about; the catalogue tells who owns it."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("category of matters")
        verbose_name_plural = _("categories of matters")

    def __str__(self) -> str:
        return self.name


class CompetenceQuerySet(models.QuerySet["Competence"]):
    def valid(self, on: dt.date) -> "CompetenceQuerySet":
        return self.filter(Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gt=on))


class Competence(models.Model):
    """One row of the catalogue: within `area` and below, `level` owns the matters of a category.

    body: the one that owns them, else whichever sits at that level; valid_until: the first day on which it is over.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="rows")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="catalogue_rows")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="catalogue_rows")
    basis = models.CharField(max_length=200, help_text="Legal basis")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = CompetenceQuerySet.as_manager()

    class Meta:
        ordering = ["category", "area__path", "level", "valid_from"]
        verbose_name = _("row of the competence list")
        verbose_name_plural = _("rows of the competence list")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "area", "level", "valid_from"], name="areas_competence_once_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=models.F("valid_from")),
                name="areas_competence_holds_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.category} → {self.get_level_display()}"


class PolicyValue(models.Model):
    """An area's own value for a registered policy key; everything below inherits it."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="policy_values")
    key = models.CharField(max_length=60)
    value: Any = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "key"], name="areas_policy_once")]

    def __str__(self) -> str:
        return f"{self.area}: {self.key} = {self.value}"
