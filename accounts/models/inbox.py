import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from foundation.models import Work


class InboxMessage(models.Model):
    """Something Ombud wrote to a person: kept in the inbox, and sent by mail too (G1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="inbox")
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Markdown.")
    link = models.CharField(max_length=500, blank=True, help_text="Where to go from here: a path of this site.")
    link_label = models.CharField(max_length=100, blank=True)
    # One message per recipient and key: a notice is written once, whoever tries again.
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="one_message_per_key")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="inbox_newest"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return self.subject


class MailDelivery(Work):
    """The mail of an inbox message: leased work with retries; repeats carry the same Message-ID (L3)."""

    message = models.OneToOneField(InboxMessage, models.CASCADE, related_name="mail")

    class Meta(Work.Meta):
        verbose_name_plural = "mail deliveries"
