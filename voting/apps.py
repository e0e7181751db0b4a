from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotingConfig(AppConfig):
    name = "voting"
    verbose_name = "Voting"

    def ready(self) -> None:
        from areas import policy
        from ledger import verifying

        from . import auditing, balloting, notices

        policy.register(
            policy.Key(balloting.QUORUM, [1, 2, True], _("Share of the roll that must take part in a vote"))
        )
        verifying.check("voting")(auditing.check)
        notices.register()
