"""The first pages of a new site, made once."""

import tomllib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site

from areas.models import Area, Level

from .models import ArchivePage, AreaPage, AreasPage, GuidePage, GuidesPage, HomePage

GUIDES = Path(__file__).parent / "data" / "guides.toml"


@transaction.atomic
def plant() -> int:
    """Make what is missing; returns how many pages were made."""
    before = Page.objects.count()
    home = HomePage.objects.first() or _home()
    areas = AreasPage.objects.first() or home.add_child(instance=AreasPage(title="各街道和社区", slug="areas"))
    if not ArchivePage.objects.exists():
        intro = "已经结束的事都在这里：解决的、没解决的、不予受理的、撤回的，一件不少。"
        home.add_child(instance=ArchivePage(title="档案", slug="archive", intro=intro))
    guides = GuidesPage.objects.first() or home.add_child(instance=GuidesPage(title="办事指南和规则", slug="guides"))
    known = set(AreaPage.objects.values_list("area", flat=True))
    for area in Area.objects.filter(level__in=[Level.STREET, Level.COMMUNITY]).exclude(pk__in=known).order_by("path"):
        areas.add_child(instance=AreaPage(title=area.name, slug=area.code, area=area))
    if not GuidePage.objects.exists():
        for words in tomllib.loads(GUIDES.read_text(encoding="utf-8"))["guides"]:
            guides.add_child(instance=GuidePage(**words))
    return Page.objects.count() - before


def _home() -> HomePage:
    """Takes the place of Wagtail's welcome page."""
    root = Page.objects.get(depth=1)
    home = root.add_child(
        instance=HomePage(
            title="院议",
            slug="yuanyi",
            heading="院子里的事，大家商量着办",
            lead="路灯不亮、楼道堆物、要不要装电梯，都可以提。每件事都写明谁在办、什么时候答复。",
        )
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": settings.PORT, "root_page": home, "site_name": "院议"},
    )
    Page.objects.filter(depth=2, slug="home").delete()
    return home
