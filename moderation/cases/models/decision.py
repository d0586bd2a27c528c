import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.cases.models.case import Case
from moderation.cases.models.event import Event
from moderation.policy.models import Clause, PolicyVersion
from moderation.reports.models import Report
from moderation.sanctions.models import Measure


class CaseReport(models.Model):
    """Which case a report opened or joined."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="case_reports")
    report = models.OneToOneField(Report, models.PROTECT, related_name="case_report")


class Decision(models.Model):
    """What was decided about a case, by whom, under which clause and version of the policy (D1, J1)."""

    class Outcome(models.TextChoices):
        VIOLATION = "violation", _("violation")
        NO_VIOLATION = "no_violation", _("no violation")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    interim = models.BooleanField(default=False, help_text="Taken by a rule; a human reviews it (I1).")
    measures = models.ManyToManyField(Measure, blank=True, related_name="decisions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="decision", help_text="Its words are there.")
    decided_at = models.DateTimeField(db_default=Now())
    # A form sent twice is one decision.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["decided_at"], name="decision_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="no_violation") | models.Q(clause__isnull=False),
                name="violation_names_a_clause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} by {self.actor}"
