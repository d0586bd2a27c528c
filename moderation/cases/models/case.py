import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from foundation.models import Work
from moderation.policy.models import Clause, Lane
from moderation.subjects.models import Subject

# Since when it is neither parked nor claimed. They stand in an index after its order, so that a walk passes over the
# others without reading their rows: a condition with OR, or on a column outside of the index, would read each of them.
_ALWAYS = Value(datetime(1970, 1, 1, tzinfo=UTC))
UNPARKED, UNCLAIMED = Coalesce("parked_until", _ALWAYS), Coalesce("lease_until", _ALWAYS)


def _walk(*first: str, name: str, last: tuple[str, ...] = (), where: Q | None = None) -> models.Index:
    """The index that a list of open cases walks; `first` are columns that it holds equal, see queries.py."""
    condition = Q(state="open") & (where or Q())
    return models.Index(*first, "rank", "id", UNPARKED, UNCLAIMED, *last, condition=condition, name=name)


# Of `best_level`.
CONFIDENT = 2


@dataclass(frozen=True)
class BestScore:
    """A label with its score, whether that is over the threshold, and whether the classifier is confident."""

    label: str
    value: float
    over: bool
    confident: bool


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

    class Parked(models.TextChoices):
        """Why an open case waits outside of the queue; docs/cases.md shows the states as a diagram."""

        SNOOZED = "snoozed", _("snoozed")
        OWNER = "owner", _("waits for an answer")
        SECOND = "second", _("waits for a second moderator")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Every index is written with every new case, and nearly every change of one: so a foreign key has one of its own
    # only where no index of Meta begins with it.
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="cases", db_index=False)
    subject_kind = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REVIEW)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    clause = models.ForeignKey(
        Clause, models.PROTECT, related_name="+", db_index=False, help_text="The most severe that was reported."
    )
    track = models.CharField(
        max_length=20,
        choices=Clause.Track.choices,
        default=Clause.Track.RESTRICTED,
        help_text="The clause’s, or chosen (D3).",
    )
    lane = models.ForeignKey(Lane, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at_risk = models.BooleanField(default=False, help_text="About a person at risk: support, never a sanction (C10).")
    language = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when answers in public wait for a reader; of decided cases only (G3)."
    )
    due_at = models.DateTimeField(null=True, blank=True, help_text="The nearest moment by which somebody must look.")
    # Why it waits outside of the queue, and until when at the latest; it comes back by the clock, whatever is down.
    parked = models.CharField(max_length=10, choices=Parked.choices, blank=True)
    parked_until = models.DateTimeField(null=True, blank=True)
    points = models.FloatField(default=0, help_text="Priority without waiting time.")
    rank = models.FloatField(default=0)
    formula = models.PositiveIntegerField(default=0, help_text="The version of the weights that gave the points.")
    best_label = models.CharField(max_length=60, blank=True, help_text="The label of the highest score: a projection.")
    best_value = models.FloatField(null=True, blank=True)
    best_level = models.PositiveSmallIntegerField(default=0, help_text="1: over its threshold, 2: confident, else 0.")
    reach = models.FloatField(default=0, help_text="How much of the points reach and trend gave.")
    ranked_at = models.DateTimeField(null=True, blank=True, help_text="When the points were computed last.")
    # Who may not decide about it, and who alone sees it: copied here, so that no list has to look it up.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="The person who answers for the subject; of a repository its owner.",
    )  # fmt: skip
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="The organization that owns the repository, or is the subject.",
    )  # fmt: skip
    not_by = ArrayField(
        models.BigIntegerField(), default=list, blank=True, db_default=[],
        help_text="Who decided it before somebody who reported it contested that and was right: ids of people (G2).",
    )  # fmt: skip
    reserved = models.BooleanField(default=False, help_text="Lies in a lane that only a named role sees (C9).")
    report_count = models.PositiveIntegerField(default=0)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="claimed_cases", db_index=False
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
            models.CheckConstraint(condition=Q(parked="") | Q(state="open"), name="only_open_cases_are_parked"),
            models.CheckConstraint(
                condition=Q(parked="", parked_until=None) | (~Q(parked="") & Q(parked_until__isnull=False)),
                name="parked_until_some_time",
            ),
        ]
        indexes = [
            _walk(name="case_queue"),
            _walk(name="case_common", where=Q(reserved=False)),
            _walk(name="case_appeals", where=Q(kind="appeal"), last=("reserved",)),
            _walk(name="case_with_deadline", where=Q(due_at__isnull=False), last=("due_at", "reserved")),
            _walk("lane", name="case_in_lane"),
            _walk("clause", name="case_of_clause", last=("reserved",)),
            _walk("subject_kind", name="case_of_kind", last=("reserved",)),
            _walk("language", name="case_of_language", last=("reserved",)),
            _walk("track", name="case_of_track", last=("reserved",)),
            models.Index(fields=["id"], condition=Q(state="open"), name="case_open"),
            models.Index(
                fields=["parked_until", "id", "reserved"],
                condition=Q(state="open", parked_until__isnull=False),
                name="case_parked_lane",
            ),
            models.Index(
                fields=["assignee", "rank", "id", "lease_until"],
                condition=Q(state="open", assignee__isnull=False),
                name="case_claimed_lane",
            ),
            models.Index(fields=["-decided_at", "-id"], condition=Q(state="decided"), name="case_decided_lane"),
            *(
                models.Index(
                    fields=[column, "-decided_at", "-id"], condition=Q(state="decided"), name=f"case_decided_{name}"
                )
                for column, name in (("clause", "clause"), ("subject_kind", "kind"), ("language", "language"))
            ),
            models.Index(
                fields=["answered_at", "id"],
                condition=Q(state="decided", answered_at__isnull=False),
                name="case_answered_lane",
            ),
            models.Index(fields=["subject", "-opened_at"], name="case_of_subject"),
            models.Index(fields=["lane"], condition=Q(lane__isnull=False), name="case_of_lane"),
            models.Index(fields=["assignee"], condition=Q(assignee__isnull=False), name="case_of_assignee"),
            models.Index(fields=["author"], condition=Q(at_risk=True, state="open"), name="case_at_risk"),
            models.Index(fields=["id"], condition=~Q(event_count=models.F("checkpointed")), name="case_to_checkpoint"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new case knows from the start whose subject it is about (C1)."""
        if self._state.adding:
            self.author_id, self.organization_id = self.subject.holder_ids()
        super().save(*args, **kwargs)

    @property
    def best(self) -> "BestScore | None":
        """The highest score of what was reported, as lists show it; None before there is one."""
        if self.best_value is None:
            return None
        return BestScore(self.best_label, self.best_value, self.best_level >= 1, self.best_level == CONFIDENT)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.subject_kind} {self.subject_id}"

    def get_absolute_url(self) -> str:
        return f"/cases/{self.public_id}"


class Deadline(Work):
    """A moment at which a case must be looked at again: leased work, never a delayed message."""

    class Kind(models.TextChoices):
        INTERIM_REVIEW = "interim_review", _("review of an interim measure")
        DECIDE = "decide", _("decision")
        WINDOW = "window", _("end of somebody’s time to answer")
        SNOOZE = "snooze", _("end of a snooze")
        SECOND = "second", _("confirmation by a second moderator")
        RESTORE = "restore", _("restoring after a counter-statement")
        CONTESTED = "contested", _("answer to somebody who contests what a rule did")
        MEASURE_ENDED = "measure_ended", _("end of a measure")

    # Kinds by which somebody of the team must have looked: the nearest is the case's `due_at`.
    LOOKED_AT = (Kind.INTERIM_REVIEW, Kind.DECIDE, Kind.SECOND, Kind.CONTESTED)

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    party = models.ForeignKey("cases.Party", models.PROTECT, null=True, blank=True, related_name="deadlines")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="Since when nobody waits for it any more.")


class Reranking(Work):
    """Open cases whose priority something changed, to be computed again in batches by ascending id (D4).

    A batch is done in the transaction that writes the row of the next one, so a worker that dies loses at most a batch.
    """

    class Cause(models.TextChoices):
        FORMULA = "formula", _("other weights")
        CLAUSE = "clause", _("a clause was changed")
        LANE = "lane", _("a lane was changed")
        REPORTERS = "reporters", _("reports of the same people were decided")
        REACH = "reach", _("likes, downloads and trend")

    cause = models.CharField(max_length=20, choices=Cause.choices)
    object_id = models.BigIntegerField(default=0, help_text="Of the formula, clause, lane or case that is the cause.")
    after = models.BigIntegerField(default=0, help_text="Cases up to this id are done.")
