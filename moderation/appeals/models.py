import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.cases.models import Case, Decision


class Appeal(models.Model):
    """Somebody affected, or a reporter, contests a decision (G2)."""

    class State(models.TextChoices):
        OPEN = "open", _("we are looking at it")
        UPHELD = "upheld", _("we were wrong: the measures are lifted")
        REJECTED = "rejected", _("the decision stands")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    case = models.ForeignKey(Case, models.PROTECT, related_name="appeals", help_text="The appeal case in the queue.")
    appellant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appeals")
    text = models.TextField(help_text="Why, in the appellant's words.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Copied from the decision, so that the database itself can check who decides.
    first_decider = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True, help_text="Our words to the appellant.")
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "appellant"], name="one_appeal_a_person"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("first_decider")),
                name="appeal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None) | (~Q(state="open") & Q(decided_by__isnull=False)),
                name="appeal_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"appeal by {self.appellant}"
