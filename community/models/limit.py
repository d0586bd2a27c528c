import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.discussion import Discussion
from foundation.clock import Now


class Limit(models.Model):
    """That a measure closes or locks a discussion: a row beside it, lifted by setting a time (E4; idea 1).

    It is closed, or locked, while one such row stands; then what people chose holds again.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("closed")
        LOCKED = "locked", _("locked")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="limits")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True, help_text="When it ends by itself; empty: it does not.")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(lifted_at=None, ends_at__isnull=False), name="limit_to_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="limit_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by a measure"
