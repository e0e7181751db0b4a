"""Who writes the pages: whoever holds an office with that right today, each within the area of their own body.

Nothing is copied into groups. What Django asks (may this person open the editors' admin?) and what Wagtail asks (which
pages, and what may be done there?) are both answered from the appointments, at the moment of asking.
"""

import datetime as dt
import functools
import operator
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model, Q
from wagtail.models import Page
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from adapters import clock
from areas.models import Area, Level
from people import policies, standing
from people.roles import Right

from .models import AreaPage, HomePage

OPEN_THE_ADMIN = "wagtailadmin.access_admin"
ACTS = (Page.PERMISSION_CODENAMES.ADD, Page.PERMISSION_CODENAMES.CHANGE, Page.PERMISSION_CODENAMES.PUBLISH)

may_write = policies.may_work_with(Right.EDIT_PAGES)


class Permission(NamedTuple):
    codename: str


class Grant(NamedTuple):
    """A permission on a page and all below it: what Wagtail otherwise reads from its groups."""

    page: Page
    permission: Permission

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


class EditorBackend(BaseBackend):
    """Lets nobody in; says of those who are in whether they may open the admin."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {OPEN_THE_ADMIN} if user_obj.is_active and may_write(user_obj, clock.now()) else set()


class EditorPolicy(PagePermissionPolicy):
    """Wagtail's own rules, with an editor's office in the place of membership in a group."""

    def get_all_permissions_for_user(self, user: Any) -> list[Grant]:
        return [Grant(page, Permission(act)) for page in pages_of(user, clock.now()) for act in ACTS]


class ListPolicy(BasePermissionPolicy):
    """The competence list. Its rows are never deleted: they end by their date."""

    def __init__(self, model: type[Model], *acts: str) -> None:
        super().__init__(model)
        self.acts = acts

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.acts and may_list(user, clock.now())


def pages_of(user: Any, at: dt.datetime) -> list[Page]:
    """The topmost pages that this person may write: the district's editor all, others those of their area."""
    areas = _areas_of(user, at)
    if not areas:
        return []
    if _whole_district(areas):
        return list(HomePage.objects.all())
    within = [Q(area__path__startswith=area.path) for area in areas]
    return list(AreaPage.objects.filter(functools.reduce(operator.or_, within)))


def may_list(user: Any, at: dt.datetime) -> bool:
    """Who owns which matter is written for the whole district by its own editor."""
    return _whole_district(_areas_of(user, at))


def _areas_of(user: Any, at: dt.datetime) -> list[Area]:
    if not user.is_active or not may_write(user, at):
        return []
    return [body.area for body in standing.of(user, at).bodies(Right.EDIT_PAGES)]


def _whole_district(areas: Iterable[Area]) -> bool:
    return any(area.level == Level.DISTRICT for area in areas)
