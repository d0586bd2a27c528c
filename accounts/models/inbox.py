import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from foundation.models import Work


class InboxMessage(models.Model):
    """Something Ombud wrote to a person: kept in the inbox, and sent by mail too (G1).

    This row is also the record of the inbox as a channel: there since `created_at`, opened at `read_at`.
    """

    class Through(models.TextChoices):
        """Where a message was opened first."""

        PAGE = "page", _("page")
        API = "api", _("API")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="inbox", db_index=False)
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Markdown.")
    link = models.CharField(max_length=500, blank=True, help_text="Where to go from here: a path of this site.")
    link_label = models.CharField(max_length=100, blank=True)
    signed_path = models.CharField(
        max_length=200, blank=True, db_default="",
        help_text="What its mail also opens without signing in, by a signed link that is stored nowhere.",
    )  # fmt: skip
    # One message per recipient and key: a notice is written once, whoever tries again.
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    read_through = models.CharField(max_length=4, choices=Through.choices, blank=True, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="one_message_per_key")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="inbox_newest"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="inbox_unread"),
            # Whoever erases finds all letters about a thing, whoever got them: by key, by its beginning, by an appeal.
            models.Index(fields=["key"], opclasses=["varchar_pattern_ops"], name="inbox_by_key"),
            models.Index(fields=["link"], condition=models.Q(link__startswith="/appeals/"), name="inbox_of_appeal"),
        ]

    def __str__(self) -> str:
        return f"letter {self.public_id}"


class MailDelivery(Work):
    """The mail of an inbox message: leased work with retries; repeats carry the same Message-ID (L3).

    And the record of what became of it: `done_at` is when a server took it, or when we gave it up. Whoever has no
    address when the message is written has no such row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        FAILED = "failed", _("failed, will be sent again")
        SENT = "sent", _("sent")
        UNDELIVERABLE = "undeliverable", _("undeliverable")

    IN: ClassVar[dict[str, Q]] = {
        State.WAITING: Q(done_at=None, first_error=""),
        State.FAILED: Q(done_at=None) & ~Q(first_error=""),
        State.SENT: Q(done_at__isnull=False, given_up=False),
        State.UNDELIVERABLE: Q(done_at__isnull=False, given_up=True),
    }

    message = models.OneToOneField(InboxMessage, models.CASCADE, related_name="mail")
    refusals = models.SmallIntegerField(db_default=0, help_text="How often a server did not take it.")
    first_error = models.TextField(blank=True, db_default="")
    given_up = models.BooleanField(db_default=False, help_text="No attempt follows.")

    class Meta(Work.Meta):
        verbose_name_plural = "mail deliveries"

    @property
    def state(self) -> State:
        """What became of it so far; IN says the same in SQL."""
        if self.done_at:
            return self.State.UNDELIVERABLE if self.given_up else self.State.SENT
        return self.State.FAILED if self.first_error else self.State.WAITING
