"""What Wagtail asks of us: the competence list in the editors' admin, which itself leads to no other host."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from areas.models import Category, Competence

from .competences import CompetenceList
from .editors import ListPolicy

register_permission_policy(Category, ListPolicy(Category, "add", "change", "delete"))
register_permission_policy(Competence, ListPolicy(Competence, "add", "change"))


@hooks.register("register_admin_viewset")
def competence_list() -> CompetenceList:
    return CompetenceList()


@hooks.register("construct_help_menu")
def stay_here(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if not item.url.startswith("http")]
