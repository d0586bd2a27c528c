from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from foundation.clock import Now
from moderation.policy.models import Clause


class ReporterRecord(models.Model):
    """How many reports of a person under a clause were decided, and how many upheld: a projection (C4)."""

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    upheld = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    bad_faith = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reporter", "clause"], name="one_record_a_clause"),
            models.CheckConstraint(condition=Q(upheld__lte=F("decided")), name="upheld_are_decided"),
        ]


class TrustedFlagger(models.Model):
    """Somebody whose reports under some clauses go into a lane of their own, and are measured (DSA art. 22)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="trusted_flagger")
    organization = models.CharField(max_length=200, help_text="On whose behalf; shown in the public account.")
    clauses = models.ManyToManyField(Clause, blank=True, related_name="+", help_text="Empty: all of them.")
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.organization


class Fewer(models.Model):
    """Of somebody who went on in bad faith after a notice we take fewer of something for a while (DSA art. 23)."""

    # Each kind has the column itself, under a name of its own on the other side.
    person: "models.ForeignKey[User, User]"
    per_day = models.PositiveSmallIntegerField()
    reason = models.TextField(help_text="Shown to the person.")
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class ReportingLimit(Fewer):
    """Fewer reports (C4): matters of life, of children and of minors are never limited."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reporting_limits")

    class Meta:
        indexes = [models.Index(fields=["person"], condition=Q(lifted_at=None), name="reporting_limit_standing")]


class AddressSalt(models.Model):
    """The salt of one period for hashing addresses; deleted with it, and no hash can be made again (J4)."""

    starts_at = models.DateTimeField(unique=True)
    salt = models.BinaryField()
