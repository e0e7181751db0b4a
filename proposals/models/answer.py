"""What an office says of a case, and what the residents say of the result."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from areas.models import Body
from people.models import User

from ..states import Look
from .case import Proposal


class Screening(models.Model):
    """The examination before the deliberation: four fields, and who gains and who bears."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="screening")
    cause = models.TextField(_("root cause"), max_length=1000, blank=True)
    affected = models.TextField(_("groups affected"), max_length=1000, blank=True)
    obstacles = models.TextField(_("main obstacles"), max_length=1000, blank=True)
    units = models.TextField(_("responsible units"), max_length=1000, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Screening of {self.proposal_id}"


class Stakeholder(models.Model):
    class Side(models.TextChoices):
        GAINS = "gains", _("gains")
        BEARS = "bears", _("bears")

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="stakeholders")
    name = models.CharField(_("who"), max_length=60)
    side = models.CharField(max_length=5, choices=Side.choices)
    how = models.CharField(_("what"), max_length=200)

    class Meta:
        ordering = ["-side", "pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.side}"


class Decision(models.Model):
    """The official answer of a body, signed by a named officer. A correction is a new version."""

    class Result(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        DECLINED = "declined", _("Declined")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="decisions")
    version = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(max_length=10, choices=Result.choices)
    summary = models.CharField(_("the answer in one sentence"), max_length=120)
    reasons = models.TextField(_("reasons"), max_length=4000)
    basis = models.CharField(_("legal basis"), max_length=200)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True)
    options = models.TextField(_("options compared"), max_length=2000, blank=True)
    cost = models.CharField(_("cost"), max_length=200, blank=True)
    arguments = models.TextField(_("answer to the main arguments"), max_length=4000, blank=True)
    actions = models.TextField(_("who does what until when"), max_length=2000, blank=True)
    review_on = models.DateField(_("review date"), null=True, blank=True)
    correction = models.CharField(_("what was corrected and why"), max_length=300, blank=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    signer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_as = models.CharField(max_length=80)
    contact = models.CharField(_("contact"), max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "version"], name="proposals_decision_version"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.version}: {self.result}"

    @property
    def look(self) -> Look:
        return RESULT_LOOKS[self.result]


RESULT_LOOKS: dict[str, Look] = {
    Decision.Result.ADOPTED: Look("done", "circle-check"),
    Decision.Result.PARTLY: Look("pause", "contrast"),
    Decision.Result.DECLINED: Look("end", "circle-x"),
}


class Point(models.Model):
    """One point of what was wished for, with its own result and reason."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    wish = models.CharField(_("what is wished for"), max_length=200)
    result = models.CharField(max_length=10, choices=Decision.Result.choices)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="proposals_point_number")]

    def __str__(self) -> str:
        return f"{self.decision_id}.{self.number}: {self.result}"

    @property
    def look(self) -> Look:
        return RESULT_LOOKS[self.result]


class Judgement(models.Model):
    """What the proposer or an endorser says of the result, and apart from it of the answer and manner."""

    class Solved(models.TextChoices):
        YES = "yes", _("Solved")
        PARTLY = "partly", _("Partly solved")
        NO = "no", _("Not solved")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="judgements")
    round = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    is_proposer = models.BooleanField()
    solved = models.CharField(max_length=10, choices=Solved.choices)
    manner = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "round", "user"], name="proposals_one_judgement_a_round"),
            models.CheckConstraint(condition=Q(manner__gte=1, manner__lte=5), name="proposals_manner_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.solved}"
