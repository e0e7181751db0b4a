from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "proposals"
    verbose_name = _("Proposals")

    def ready(self) -> None:
        from areas import policy
        from ledger import chains

        from . import checks, followers, limits, naming, notices

        policy.register(*limits.KEYS)
        chains.describe("case", naming.links)
        notices.register()
        assert checks and followers  # imported for what they register
