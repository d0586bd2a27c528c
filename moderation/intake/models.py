import uuid

from django.db import models

from foundation.clock import Now
from foundation.models import Work
from moderation.reports.models import Report


class PendingReport(models.Model):
    """What somebody without an account sent: it becomes a report once the address is confirmed by mail (C1).

    Until then nobody reads it and nothing happens by it; it is deleted when it was never confirmed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10)
    target_kind = models.CharField(max_length=20)
    target_id = models.UUIDField(help_text="Public id.")
    values = models.JSONField(help_text="What the form said, cleaned.")
    address = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the sender’s address (J4).")
    report = models.OneToOneField(Report, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["email", "created_at"], name="pending_of_address"),
            models.Index(fields=["expires_at"], name="pending_by_expiry"),
        ]


class ConfirmationMail(Work):
    """The mail that asks somebody to confirm a report: leased work; repeats carry the same Message-ID (L3)."""

    pending = models.OneToOneField(PendingReport, models.CASCADE, related_name="mail")
