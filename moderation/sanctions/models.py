import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import NameReset, PostingRestriction
from community.models import Discussion, Hiding, Limit
from foundation.clock import Now
from moderation.policy.models import Clause, PolicyVersion
from moderation.subjects.models import Erasure, Subject
from repositories.models import Condition, OwnerRequest, Restriction


class MeasureQuerySet(models.QuerySet["Measure"]):
    def standing(self) -> "MeasureQuerySet":
        """Measures that hold now, by the database's clock: neither lifted nor ended."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), lifted_at=None)


class Measure(models.Model):
    """Something the team did about a subject: what, why, by whom, until when, and whether it was undone (E5)."""

    class Kind(models.TextChoices):
        REQUEST_DOCUMENTATION = "request_documentation", _("ask the owner to document it")
        REQUEST_GATING = "request_gating", _("ask the owner to gate it")
        REQUEST_PRIVATE = "request_private", _("ask the owner to make it private")
        HOLD = "hold", _("hold: hidden until we have looked")
        NFAA = "nfaa", _("tag “Not For All Audiences”")
        DOWNGRADE = "downgrade", _("downgrade: left out of trending and feeds")
        CLOSE_DISCUSSION = "close_discussion", _("close the discussion")
        LOCK_DISCUSSION = "lock_discussion", _("lock the discussion: only the team writes in it")
        HIDE_COMMENT = "hide_comment", _("hide: nobody reads the comment")
        HIDE_CARD = "hide_card", _("hide the card: only the owner reads it")
        PRIVATE = "private", _("make private: only the owner sees it")
        DISABLE = "disable", _("disable: files only for the owner")
        REMOVE = "remove", _("remove: nothing of it is there but a notice")
        ERASE = "erase", _("erase: destroyed for good")
        QUARANTINE = "quarantine", _("quarantine: locked away for the authorities")
        FRIENDLY_WARNING = "friendly_warning", _("friendly warning")
        LIMIT_REACHED = "limit_reached", _("limit reached: a warning with consequences")
        USERNAME_RESET = "username_reset", _("replace the name by a neutral one")
        POSTING_BAN = "posting_ban", _("no posting in community tabs for a time")
        DEACTIVATE = "deactivate", _("deactivate: no posting in community tabs any more")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40, choices=Kind.choices)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="measures", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="sanctions", db_index=False,
        help_text="Whom a sanction concerns; empty for measures on repositories.",
    )  # fmt: skip
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", db_index=False)
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(help_text="Our words to the person.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    automated = models.BooleanField(default=False)
    interim = models.BooleanField(default=False, help_text="Waits for the review of a human (I1).")
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lift_reason = models.TextField(blank=True)

    until_done = models.CharField(
        max_length=20, choices=Condition.choices, blank=True, default="", db_default="",
        help_text="It ends by itself once the owner did this; of a request, what it asks for (E1, E5).",
    )  # fmt: skip

    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", db_index=False,
        help_text="Of a consequence: the measure that it came with.",
    )  # fmt: skip

    # What enforces it in the rooms below, and where it was said in public.
    restriction = models.OneToOneField(Restriction, models.PROTECT, null=True, blank=True, related_name="+")
    posting_restriction = models.OneToOneField(
        PostingRestriction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    hiding = models.OneToOneField(Hiding, models.PROTECT, null=True, blank=True, related_name="+")
    limit = models.OneToOneField(Limit, models.PROTECT, null=True, blank=True, related_name="+")
    name_reset = models.OneToOneField(NameReset, models.PROTECT, null=True, blank=True, related_name="+")
    owner_request = models.OneToOneField(OwnerRequest, models.PROTECT, null=True, blank=True, related_name="+")
    erasure = models.OneToOneField(Erasure, models.PROTECT, null=True, blank=True, related_name="+")
    discussion = models.ForeignKey(Discussion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    # By when a request that is drafted asks for it, if not as usual; its row in the room below keeps that.
    asked_until: datetime | None = None
    # Of what is taken while a second moderator is waited for: it says no reasons until MeasureKind.say_why().
    waits = False

    objects = MeasureQuerySet.as_manager()

    class Meta:
        permissions = [("quarantine", "Locks away for the authorities")]
        indexes = [
            models.Index(fields=["starts_at"], name="measure_by_time"),
            models.Index(fields=["subject", "-starts_at"], name="measure_of_subject"),
            models.Index(fields=["person", "-starts_at"], name="measure_on_person"),
            models.Index(
                fields=["subject"], condition=~Q(until_done="") & Q(lifted_at=None), name="measure_until_done"
            ),
            models.Index(fields=["part_of"], condition=Q(part_of__isnull=False), name="measure_parts"),
            models.Index(fields=["lifted_by"], condition=Q(lifted_by__isnull=False), name="measure_lifted_by"),
            models.Index(fields=["discussion"], condition=Q(discussion__isnull=False), name="measure_in_discussion"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="measure_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


class StandingCondition(models.Model):
    """Under which a repository stays: set by a decision, kept after its measures ended; breaking it is told (E5).

    `kept_since` is empty while it is not kept: before the owner did it for the first time, and from when it is broken.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="conditions", db_index=False)
    condition = models.CharField(max_length=20, choices=Condition.choices)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", db_index=False)
    decision_id = models.UUIDField(help_text="Public id of the decision; the rooms above own decisions.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    kept_since = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True, help_text="When it was broken last.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    withdraw_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "condition"], condition=Q(withdrawn_at=None), name="one_standing_condition"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="condition_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "-created_at"], name="condition_of_subject"),
            models.Index(fields=["decision_id"], name="condition_of_decision"),
        ]

    def __str__(self) -> str:
        return str(self.get_condition_display())

    @property
    def confidential(self) -> bool:
        """Whether nobody but its owner and the team may read that there is one (E3)."""
        return self.clause.publicity == Clause.Publicity.NO

    @property
    def state(self) -> str:
        """withdrawn, kept, broken, or open: not done yet since it was set."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.kept_since:
            return "kept"
        return "broken" if self.broken_at else "open"


class StatementOfReasons(models.Model):
    """What a person affected by a decision is told: facts, clause, measures, machine or human, how to contest (G1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision_id = models.UUIDField(help_text="Public id of the decision; the rooms above own decisions.")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="statements")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", db_index=False)
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_index=False)
    measures = models.ManyToManyField(Measure, related_name="statements")
    facts = models.TextField()
    automated_detection = models.BooleanField(help_text="A machine flagged it before anybody reported it.")
    automated_decision = models.BooleanField(help_text="A rule decided alone.")
    contest_until = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "statements of reasons"
        constraints = [models.UniqueConstraint(fields=["decision_id", "recipient"], name="one_statement_a_person")]

    def __str__(self) -> str:
        return f"statement {self.public_id}"

    @property
    def names_clause(self) -> bool:
        """Whether it says under which clause: not of a hold, by which nothing is decided and nobody accused (C6, C9).

        One query where its measures are not loaded.
        """
        from moderation.sanctions.measures import judging  # the kinds know their model

        return not self.automated_decision or judging(one.kind for one in self.measures.all())
