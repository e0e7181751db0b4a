from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotingConfig(AppConfig):
    name = "voting"
    verbose_name = "Voting"

    def ready(self) -> None:
        from django.core import checks

        from areas import policy
        from ledger import verifying

        from . import auditing, balloting, limits, notices, paper, procedure_notices, roll_notices, statutes

        policy.register(
            policy.Key(balloting.QUORUM, [1, 2, True], _("Share of the roll that must take part in a vote")),
            *limits.KEYS,
            paper.KEY,
        )
        verifying.check("voting")(auditing.check)
        checks.register(statutes.check)
        notices.register()
        roll_notices.register()
        procedure_notices.register()
