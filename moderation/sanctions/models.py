import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import PostingRestriction
from community.models import Discussion
from foundation.clock import Now
from moderation.policy.models import Clause, PolicyVersion
from moderation.subjects.models import Subject
from repositories.models import Restriction


class MeasureQuerySet(models.QuerySet["Measure"]):
    def standing(self) -> "MeasureQuerySet":
        """Measures that hold now, by the database's clock: neither lifted nor ended."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), lifted_at=None)


class Measure(models.Model):
    """Something the team did about a subject: what, why, by whom, until when, and whether it was undone (E5)."""

    class Kind(models.TextChoices):
        HOLD = "hold", _("hold: hidden until we have looked")
        NFAA = "nfaa", _("tag “Not For All Audiences”")
        DOWNGRADE = "downgrade", _("downgrade: left out of trending and feeds")
        DISABLE = "disable", _("disable: files only for the owner")
        FRIENDLY_WARNING = "friendly_warning", _("friendly warning")
        POSTING_BAN = "posting_ban", _("no posting in community tabs for 48 hours")
        DEACTIVATE = "deactivate", _("deactivate: no posting in community tabs any more")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40, choices=Kind.choices)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="measures")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="sanctions",
        help_text="Whom a sanction concerns; empty for measures on repositories.",
    )  # fmt: skip
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    reason = models.TextField(help_text="Our words to the person.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    automated = models.BooleanField(default=False)
    interim = models.BooleanField(default=False, help_text="Waits for the review of a human (I1).")
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lift_reason = models.TextField(blank=True)

    # What enforces it in the rooms below, and where it was said in public.
    restriction = models.OneToOneField(Restriction, models.PROTECT, null=True, blank=True, related_name="+")
    posting_restriction = models.OneToOneField(
        PostingRestriction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    discussion = models.ForeignKey(Discussion, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["starts_at"], name="measure_by_time"),
            models.Index(fields=["subject", "-starts_at"], name="measure_of_subject"),
            models.Index(fields=["person", "-starts_at"], name="measure_on_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="measure_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


class StatementOfReasons(models.Model):
    """What a person affected by a decision is told: facts, clause, measures, machine or human, how to contest (G1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision_id = models.UUIDField(help_text="Public id of the decision; the rooms above own decisions.")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="statements")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
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
        return f"statement to {self.recipient}"

    @property
    def names_clause(self) -> bool:
        """Whether it says under which clause: not of a hold, by which nothing is decided and nobody accused (C6, C9).

        One query where its measures are not loaded.
        """
        return not (self.automated_decision and all(one.kind == Measure.Kind.HOLD for one in self.measures.all()))
