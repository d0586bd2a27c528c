import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now


class PostingRestrictionQuerySet(models.QuerySet["PostingRestriction"]):
    def active(self) -> "PostingRestrictionQuerySet":
        """Those that hold now, by the database's clock: lifted or ended ones are out without any process (F5)."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), lifted_at=None, starts_at__lte=Now())


class PostingRestriction(models.Model):
    """A person may not post in community tabs: a row beside the account, never a change of it (F2, F3, F5)."""

    class Kind(models.TextChoices):
        POSTING_BAN = "posting_ban", _("posting ban")
        DEACTIVATED = "deactivated", _("deactivated in community tabs")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posting_restrictions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.TextField(help_text="Shown to the person.")
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is lifted.")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = PostingRestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="posting_restriction_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(lifted_at=None), name="posting_restriction_standing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
