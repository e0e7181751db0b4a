"""The competence list (权责清单) in the editors' admin: categories, and the rows that say who owns them."""

from typing import Any

from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from adapters import clock
from areas import catalogue
from areas.models import Area, Body, Category, Competence

KEPT = ("category", "area", "level", "valid_from")


class CategoryForm(WagtailAdminModelForm):
    class Meta:
        model = Category
        fields = ("name", "code", "order")
        labels = {"name": _("Name of the category"), "code": _("Code"), "order": _("Place in the list")}
        help_texts = {"code": _("Letters, digits, - and _. It stays as it is once the category is there.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk)


class CompetenceForm(WagtailAdminModelForm):
    """What names a row stays: cases were sent by it. Another competence is another row."""

    class Meta:
        model = Competence
        fields = ("category", "area", "level", "body", "basis", "valid_from", "valid_until")
        labels = {
            "category": _("Category"),
            "area": _("Within this area and below"),
            "level": _("Level that owns the matter"),
            "body": _("Body"),
            "basis": _("Legal basis"),
            "valid_from": _("Valid from"),
            "valid_until": _("First day on which it is over"),
        }
        help_texts = {
            "body": _("Empty: whichever body sits at that level."),
            "basis": "",
            "valid_from": _("Category, area, level and this day stay once the row is there. Else end it, add another."),
            "valid_until": _("Empty: it holds until further notice."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.all()
        self.fields["area"].label_from_instance = _called
        self.fields["body"].queryset = Body.objects.order_by("area__path", "pk")
        for name in KEPT:
            self.fields[name].disabled = bool(self.instance.pk)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("valid_from"), data.get("valid_until")
        if since and until and until <= since:
            self.add_error("valid_until", gettext("The row must end later than it begins."))
        body, area = data.get("body"), data.get("area")
        if body and area and not _sits(body, area, data.get("level")):
            place = {"body": body.name, "area": area.name}
            self.add_error("body", gettext("%(body)s does not sit at this level of %(area)s.") % place)
        return data


class ListRows(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Competence]:
        rows: QuerySet[Competence] = super().get_base_queryset()
        return rows.select_related("category", "area", "body")


class AddRow(generic.CreateView):
    def save_instance(self) -> Competence:
        row: Competence = super().save_instance()
        catalogue.tell(row, self.request.user, clock.now())
        return row


class ChangeRow(generic.EditView):
    def save_instance(self) -> Competence:
        row: Competence = super().save_instance()
        if self.form.has_changed():
            catalogue.tell(row, self.request.user, clock.now())
        return row


class DeleteCategory(generic.DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().form_valid(form)
        except ProtectedError:
            reason = gettext("“%(category)s” stays: cases or rows of the competence list use it. End its rows instead.")
            messages.error(self.request, reason % {"category": self.object})
            return redirect(self.get_success_url())
        return answer


class Listed(ModelViewSet):
    """Without Wagtail's page of usages: it would show cases that are not public yet."""

    form: type[WagtailAdminModelForm]
    copy_view_enabled = False
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> type[WagtailAdminModelForm]:
        return self.form

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_common_view_kwargs(**kwargs, usage_url_name=self.UNDEFINED)
        return found

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"]


class Categories(Listed):
    model = Category
    name = "categories"
    form = CategoryForm
    icon = "tag"
    menu_label = _("Categories")
    delete_view_class = DeleteCategory
    list_display = ("__str__", Column("code", label=_("Code")))


class Rows(Listed):
    model = Competence
    name = "competence"
    form = CompetenceForm
    icon = "list-ul"
    menu_label = _("Who owns what")
    index_view_class = ListRows
    add_view_class = AddRow
    edit_view_class = ChangeRow
    index_template_name = "cms/competence_index.html"
    list_display = (
        "__str__",
        Column("body", label=_("Body")),
        Column("basis", label=_("Legal basis")),
        Column("valid_from", label=_("Valid from")),
        Column("valid_until", label=_("First day on which it is over")),
    )


class CompetenceList(ModelViewSetGroup):
    items = (Rows, Categories)
    menu_label = _("Competence list")
    menu_icon = "list-ul"
    menu_order = 300


def _called(area: Area) -> str:
    return f"{area.name} · {area.get_level_display()}"


def _sits(body: Body, area: Area, level: int | None) -> bool:
    """In the area itself, in one below it, or in one above it, at this level."""
    own = body.area.path
    return body.area.level == level and (own.startswith(area.path) or area.path.startswith(own))
