"""What a gated repository asks of people, and who asked for access (A3)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from repositories.models.repository import Repository


class AccessConditions(models.Model):
    """What the owner asks of whoever wants the files. Without a row, what the card says holds.

    `fields` is a list of {"label", "type", "options"}, with a type of repositories.gating.FIELD_TYPES.
    """

    repository = models.OneToOneField(Repository, models.CASCADE, related_name="conditions")
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True, help_text="Markdown.")
    button = models.CharField(max_length=60, blank=True)
    fields = models.JSONField(default=list, blank=True)
    ask_again = models.BooleanField(default=False, help_text="Whether people may ask again after a rejection.")


class AccessRequest(models.Model):
    """One person's request for the files of one gated repository, or what its owner granted unasked (A3)."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="access_requests", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_requests", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    # As it was on the page when the person agreed to it.
    conditions = models.TextField(blank=True)
    answers = models.JSONField(default=list, blank=True, help_text='A list of {"label", "value"}.')
    reason = models.TextField(blank=True, help_text="Why it was rejected: shown to the person.")
    requested_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "user"], name="one_access_request")]
        indexes = [
            models.Index(fields=["repository", "status", "-requested_at", "-id"], name="access_requests_newest"),
            models.Index(fields=["user", "-requested_at", "-id"], name="access_requests_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.status}"


class AccessRequestEvent(models.Model):
    """What became of a request, step by step: asked, accepted, rejected, cancelled, granted. Never changed."""

    class Verb(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        CANCELLED = "cancelled", _("set back to waiting")
        GRANTED = "granted", _("granted")

    request = models.ForeignKey(AccessRequest, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
