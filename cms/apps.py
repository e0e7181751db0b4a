from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from proposals.models import Proposal
        from search import followers

        from . import feeding

        followers.feed(Proposal, kinds=("case.*",), pks=feeding.cases)
