"""A release in stages: who may see a repository, step by step (A7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from foundation.clock import Now
from repositories.models.repository import Gating, Repository


class StageQuerySet(models.QuerySet["Stage"]):
    def reached(self) -> "StageQuerySet":
        """Those that began: by hand, or because their date passed by the database's clock."""
        return self.filter(Q(reached_at__isnull=False) | Q(starts_at__lte=Now()))


class Stage(models.Model):
    """One step of a release, wider than the one before. It begins at its date by itself, or when the owner says so.

    The widest stage that was reached holds; the narrower ones are then over, whether anybody had begun them or not.
    """

    class Kind(models.TextChoices):
        PRIVATE = "private", _("private: only the owner side")
        PEOPLE = "people", _("named people")
        ORGANIZATION = "organization", _("an organization")
        GATED = "gated", _("gated: everybody sees it, files on request")
        PUBLIC = "public", _("public")

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="stages", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(help_text="From narrow (0) to wide (4), as in Kind.")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Empty: when the owner says so.")
    reached_at = models.DateTimeField(null=True, blank=True)
    gating = models.CharField(max_length=10, choices=Gating.choices, default=Gating.NONE)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["repository", "position"], name="one_stage_of_a_kind")]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(reached_at=None, starts_at__isnull=False), name="stage_due")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Reader(models.Model):
    """A person, or an organization's members, who see a private repository and its files from a stage on (A7)."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="readers", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "user", "organization"], name="one_reader", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(user=None, organization__isnull=False) | Q(user__isnull=False, organization=None),
                name="reader_is_one_of_two",
            ),
        ]
