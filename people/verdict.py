"""May it happen? Yes, or no with the reason that the person will read."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Verdict:
    """Truthy when allowed. A refusal always carries a translated sentence: why, and what to do.

    remedy: the name of the page on which this person can lift the refusal; doors lead there.
    """

    allowed: bool
    reason: str | Promise = ""
    remedy: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def no(reason: str | Promise, *, remedy: str = "") -> Verdict:
    return Verdict(False, reason, remedy)


class Refused(Exception):
    """Raised by a domain function whose verdict was no; doors answer it with 403 and the reason."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.reason))
        self.verdict = verdict
