from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from wagtail.models import Page
        from wagtail.permissions import register_permission_policy

        from proposals.models import Proposal
        from search import followers

        from . import feeding
        from .editors import EditorPolicy

        followers.feed(Proposal, kinds=("case.*",), pks=feeding.cases)
        register_permission_policy(Page, EditorPolicy(Page))
