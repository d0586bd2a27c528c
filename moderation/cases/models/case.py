import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from foundation.models import Work
from moderation.policy.models import Clause
from moderation.subjects.models import Subject


class Case(models.Model):
    """Everything about one subject that waits for a decision: a projection of its events (D1).

    `version` moves with reports, replies, decisions and measures, not with scores: a decision on a stale one is
    refused (D4). The queue is ordered by `rank`: smaller comes first, see priority.py.
    """

    class Kind(models.TextChoices):
        REVIEW = "review", _("review")
        APPEAL = "appeal", _("appeal")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DECIDED = "decided", _("decided")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="cases")
    subject_kind = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REVIEW)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", help_text="The most severe that was reported.")
    language = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when answers in public wait for a reader; of decided cases only (G3)."
    )
    due_at = models.DateTimeField(null=True, blank=True, help_text="Review of an interim measure is due then (I1).")
    points = models.FloatField(default=0, help_text="Priority without waiting time.")
    rank = models.FloatField(default=0)
    report_count = models.PositiveIntegerField(default=0)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="claimed_cases"
    )
    lease_until = models.DateTimeField(null=True, blank=True)

    # The head of the event chain, and how much of it was written to the checkpoints outside the database (J6).
    event_count = models.PositiveIntegerField(default=0)
    event_head = models.CharField(max_length=64, blank=True)
    checkpointed = models.PositiveIntegerField(default=0)

    class Meta:
        permissions = [("view_queue", "Works in the queue"), ("decide", "Decides cases")]
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind"], condition=Q(state="open"), name="one_open_case"),
        ]
        indexes = [
            models.Index(fields=["rank", "id"], condition=Q(state="open"), name="case_queue"),
            models.Index(fields=["-decided_at", "-id"], condition=Q(state="decided"), name="case_decided_lane"),
            models.Index(
                fields=["answered_at", "id"],
                condition=Q(state="decided", answered_at__isnull=False),
                name="case_answered_lane",
            ),
            models.Index(fields=["subject", "-opened_at"], name="case_of_subject"),
            models.Index(fields=["id"], condition=~Q(event_count=models.F("checkpointed")), name="case_to_checkpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.subject_kind} {self.subject_id}"

    def get_absolute_url(self) -> str:
        return f"/cases/{self.public_id}"


class Deadline(Work):
    """A moment at which a case must be looked at again: leased work, never a delayed message."""

    class Kind(models.TextChoices):
        INTERIM_REVIEW = "interim_review", _("review of an interim measure")

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=Kind.choices)
