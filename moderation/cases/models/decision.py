import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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

    case = models.ForeignKey(Case, models.PROTECT, related_name="case_reports", db_index=False)
    report = models.OneToOneField(Report, models.PROTECT, related_name="case_report")

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="reports_of_case")]


class BulkDecision(models.Model):
    """Decisions that were made on a selection in one go, and can be taken back in one (D4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def final(self) -> "DecisionQuerySet":
        """A person's decisions that count: not taken back, and nobody is waited for to confirm them."""
        waiting = Confirmation.objects.filter(state=Confirmation.State.WAITING).values("decision")
        return self.filter(interim=False, undone_at=None).exclude(pk__in=waiting)


class Decision(models.Model):
    """What was decided about a case, by whom, under which clause and version of the policy (D1, J1)."""

    class Outcome(models.TextChoices):
        VIOLATION = "violation", _("violation")
        NO_VIOLATION = "no_violation", _("no violation")

    class Overturned(models.TextChoices):
        WHOLLY = "wholly", _("overturned")
        PARTLY = "partly", _("overturned in part")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_index=False)
    interim = models.BooleanField(default=False, help_text="Taken by a rule; a human reviews it (I1).")
    measures = models.ManyToManyField(Measure, blank=True, related_name="decisions")
    bulk = models.ForeignKey(
        BulkDecision, models.PROTECT, null=True, blank=True, related_name="decisions", db_index=False
    )
    undone_at = models.DateTimeField(null=True, blank=True, help_text="Taken back as a whole: its case is open again.")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Somebody whom it affects contested it and was right (G2): it was not taken back, and it does not stand.
    overturned = models.CharField(max_length=10, choices=Overturned.choices, blank=True, default="", db_default="")
    overturned_at = models.DateTimeField(null=True, blank=True)
    override = models.TextField(blank=True, help_text="Why it could not wait for the owner’s 72 hours (D2).")
    event = models.OneToOneField(Event, models.PROTECT, related_name="decision", help_text="Its words are there.")
    decided_at = models.DateTimeField(db_default=Now())
    # A form sent twice is one decision.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    # Set where the same request was answered before: it was found, and nothing was done.
    made_before = False
    # What it took, of one that was just made and that nobody has to confirm; None where that is not at hand.
    taken: list[Measure] | None = None

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["decided_at"], name="decision_by_time"),
            models.Index(fields=["bulk"], condition=models.Q(bulk__isnull=False), name="decision_of_bulk"),
            models.Index(fields=["undone_by"], condition=models.Q(undone_by__isnull=False), name="decision_undone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="no_violation") | models.Q(clause__isnull=False),
                name="violation_names_a_clause",
            ),
            models.CheckConstraint(
                condition=models.Q(overturned="", overturned_at=None)
                | (~models.Q(overturned="") & models.Q(overturned_at__isnull=False)),
                name="decision_overturned_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} by {self.actor}"

    @property
    def contest_until(self) -> datetime:
        """Until when it can be contested: what the version of the policy that it cites promised (G2)."""
        return self.decided_at + self.policy_version.contest_within


class Confirmation(models.Model):
    """A second moderator looks at a decision with guarded measures: before they hold, or within hours after (D1).

    Before: the case waits with a hold where one fits, and `orders` are imposed when it is confirmed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second moderator")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="confirmation")
    orders = ArrayField(models.CharField(max_length=40), help_text="Kinds of measures that wait.")
    after = models.BooleanField(help_text="The measures hold already.")
    hold = models.ForeignKey(Measure, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # Copied from the decision, so that the database itself checks that somebody else confirms.
    first_decider = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["first_decider"], condition=models.Q(state="waiting"), name="confirmation_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor=None) | ~models.Q(actor=models.F("first_decider")),
                name="confirmed_by_another",
            ),
        ]
