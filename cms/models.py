"""The public face in Wagtail: home, a page for each street and community, the archive, and guides."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from adapters import clock
from areas.models import Area
from proposals import converters

from . import archive, figures
from .keeping import Kept

assert converters  # imported for what it registers

FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "hr"]


class KeptPage(Page):
    """One of the pages that the site stands on. Its address is part of the site, so it is not for editing."""

    content_panels: list[Any] = [FieldPanel("title")]
    promote_panels: list[Any] = []
    settings_panels: list[Any] = []
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> Kept:
        return Kept(user, self)


class HomePage(KeptPage):
    """The first page: what it is, what waits for me, what is being deliberated, what came of it."""

    heading = models.CharField(_("heading"), max_length=60)
    lead = models.CharField(_("lead"), max_length=200)

    content_panels = [FieldPanel("title", read_only=True), FieldPanel("heading"), FieldPanel("lead")]
    template = "cms/home.html"
    max_count = 1
    subpage_types = ["cms.AreasPage", "cms.ArchivePage", "cms.GuidesPage"]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | figures.home(request.user, clock.now())


class AreasPage(KeptPage):
    """The list of all streets with their communities."""

    template = "cms/areas.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.AreaPage"]
    max_count = 1

    class Meta:
        verbose_name = _("list of areas")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | figures.streets()


class AreaPage(KeptPage):
    """What the editors of a street or community want to say on its page. Made by planting, one for each area."""

    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="page", verbose_name=_("area"))
    intro = RichTextField(_("introduction"), blank=True, features=FEATURES)

    content_panels = [FieldPanel("title", read_only=True), FieldPanel("intro")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    template = "cms/area.html"
    parent_page_types = ["cms.AreasPage"]
    is_creatable = False

    class Meta:
        verbose_name = _("page of an area")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """For the preview; the public page is views.area."""
        return super().get_context(request, *args, **kwargs) | figures.area(self.area, clock.now())


class ArchivePage(RoutablePageMixin, KeptPage):
    """Every ended case, however it ended, and its whole file."""

    intro = models.CharField(_("introduction"), max_length=200, blank=True)

    content_panels = [FieldPanel("title"), FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    max_count = 1

    class Meta:
        verbose_name = _("archive")

    @path("")
    def index(self, request: HttpRequest) -> HttpResponse:
        found = archive.index(request.GET, clock.now())
        return self.render(request, template="cms/archive.html", context_overrides=found)

    @path("<case:number>/")
    def file(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.render(request, template="cms/file.html", context_overrides=archive.file(number))


class GuidesPage(KeptPage):
    """The list of guides and rules."""

    template = "cms/guides.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.GuidePage"]
    max_count = 1

    class Meta:
        verbose_name = _("list of guides")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        guides = GuidePage.objects.child_of(self).live().order_by("path")
        return super().get_context(request, *args, **kwargs) | {"nav": "home", "guides": guides}


class GuidePage(Page):
    """A guide or a rule that residents look up. Editors make, change and remove them."""

    summary = models.CharField(_("in one sentence"), max_length=120)
    body = RichTextField(_("text"), features=FEATURES)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body"), FieldPanel("slug")]
    promote_panels: list[Any] = []
    settings_panels: list[Any] = []
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2), index.SearchField("body")]
    template = "cms/guide.html"
    parent_page_types = ["cms.GuidesPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("guide")
