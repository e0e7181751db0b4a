"""Who takes part: a person, where they live and who checked it, and the office they hold."""

import datetime as dt
import functools
import hashlib
import operator
import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from areas.models import Area, Body

from .privacy import EncryptedTextField
from .roles import ROLES, Right, RoleKey, holding


def new_salt() -> str:
    return secrets.token_hex(16)


class UserQuerySet(models.QuerySet["User"]):
    def on_phone(self, phone: str) -> "UserQuerySet":
        """Whoever types a code sent to this phone may be any of them."""
        return self.filter(phone=phone, phone_verified=True, is_active=True, closed_at=None).exclude(phone="")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, *, at: dt.datetime, password: str | None = None, **fields: Any) -> "User":
        user = User(joined_at=at, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person's account. Several people of one household may share a phone: each has an account of their own."""

    name = models.CharField(_("display name"), max_length=30)
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_index=True)
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    adult_attested_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    actor_salt = models.CharField(max_length=32, default=new_salt, editable=False)
    # how this person wants to see the site; cookies carry the same for visitors
    language = models.CharField(max_length=10, blank=True)
    mode = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=10, blank=True)

    # What people.access knows of a web visit: was the second factor proved, and answers kept for one request.
    second_factor: bool = True
    memo: dict[str, Any] | None = None

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="people_user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """How the editors' admin calls whoever is signed in; without it, by the number of the account."""
        return self.name

    @property
    def is_adult(self) -> bool:
        return self.adult_attested_at is not None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions (the editors' admin) hold only for those who proved their second factor."""
        return self.second_factor and super().has_perm(perm, obj)

    def actor_ref(self, chain: str) -> str:
        """This person's opaque reference in one chain; resolvable until the account's salt is erased."""
        ref = hashlib.sha256(f"{self.actor_salt}\n{self.pk}\n{chain}".encode()).hexdigest()
        Alias.objects.get_or_create(ref=ref, defaults={"user": self, "chain": chain})
        return ref


class Alias(models.Model):
    """Which person an opaque reference of the ledger means. Deleting the row unlinks the person for good."""

    ref = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="aliases")
    chain = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.ref[:12]


class ResidenceState(models.TextChoices):
    CLAIMED = "claimed", _("Waiting for the desk check")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Not confirmed")
    ENDED = "ended", _("Moved away")


CURRENT = [ResidenceState.CLAIMED, ResidenceState.VERIFIED]


class ResidenceQuerySet(models.QuerySet["Residence"]):
    def verified(self) -> "ResidenceQuerySet":
        return self.filter(state=ResidenceState.VERIFIED)

    def waiting(self) -> "ResidenceQuerySet":
        return self.filter(state=ResidenceState.CLAIMED)

    def current(self) -> "ResidenceQuerySet":
        return self.filter(state__in=CURRENT)

    def within(self, areas: Iterable[Area]) -> "ResidenceQuerySet":
        """In one of these areas or below; nothing when there are none."""
        inside = [Q(courtyard__path__startswith=area.path) for area in areas]
        return self.filter(functools.reduce(operator.or_, inside)) if inside else self.none()


class Residence(models.Model):
    """Where a person lives. Building in the clear, door encrypted; the household is counted by a keyed hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="residences")
    courtyard = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="residences")
    building = models.CharField(_("building"), max_length=20)
    door = EncryptedTextField(_("door"))
    household = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=8, choices=ResidenceState.choices, default=ResidenceState.CLAIMED)
    claimed_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    refusal = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ResidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=["claimed", "verified"]), name="people_one_home_each"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", checked_at=None)
                | Q(state__in=["verified", "refused"], checked_at__isnull=False)
                | Q(state="ended"),
                name="people_residence_checked",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None)),
                name="people_residence_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["claimed_at"], condition=Q(state="claimed"), name="people_residence_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.courtyard} {self.building}"

    @property
    def place(self) -> str:
        """The building as a neighbour says it: what may stand beside a name, never the door."""
        return gettext("Building %(number)s") % {"number": self.building} if self.building.isascii() else self.building


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def current(self, at: dt.datetime) -> "AppointmentQuerySet":
        """Held at this instant; a deputy's only while the office itself is held."""
        office_lasts = Q(acting_for__until=None) | Q(acting_for__until__gt=at)
        return self.filter(office_lasts, Q(since__lte=at), Q(until=None) | Q(until__gt=at))

    def own(self) -> "AppointmentQuerySet":
        return self.filter(acting_for=None)

    def acting(self) -> "AppointmentQuerySet":
        return self.exclude(acting_for=None)

    def around(self, areas: Iterable[Area]) -> "AppointmentQuerySet":
        """In bodies of these areas, of those above them and of those below them; nothing when there are none."""
        asked = list(areas)
        above = Q(body__area__path__in={path for area in asked for path in area.lineage_paths})
        below = (Q(body__area__path__startswith=path) for path in {area.path for area in asked})
        return self.filter(functools.reduce(operator.or_, below, above))

    def with_right(self, right: Right) -> "AppointmentQuerySet":
        return self.filter(role__in=holding(right))


class Appointment(models.Model):
    """An office: a role in a body, for a time. A deputy's names in `acting_for` the office of who is away."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=RoleKey.choices)
    title = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    acting_for = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="deputies")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "body", "role"], condition=Q(until=None), name="people_appointment_once"
            ),
            # equal only when a deputy is recalled before the first day: then there was no time at all
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="people_appointment_forward"
            ),
            models.CheckConstraint(
                condition=Q(acting_for=None) | Q(until__isnull=False), name="people_appointment_acting_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.body}"

    def allows(self, right: Right) -> bool:
        return right in ROLES[self.role].rights

    @property
    def signing_title(self) -> str:
        """The title under an act: a deputy signs with that of who is away, marked as acting."""
        return f"{self.title or self.get_role_display()}（代）" if self.acting_for_id else self.title
