import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from repositories.models.repository import Repository


class Condition(models.TextChoices):
    """What only the owner can do: what we ask for (E1), and what a measure or a standing condition waits for (E5)."""

    DOCUMENTED = "documented", _("the card describes the risks")
    TAGGED = "tagged", _("the card carries the tag “Not For All Audiences”")
    DOCUMENTED_TAGGED = "documented_tagged", _("the card describes the risks and carries “Not For All Audiences”")
    GATED = "gated", _("access to the files is gated by its owner")
    PRIVATE = "private", _("its owner keeps it private")


class OwnerRequest(models.Model):
    """What the team asks the owner of a repository to do; it restricts nothing (E1).

    A row beside the thing, like a restriction: the rooms above make it, tick it off and end it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="owner_requests", db_index=False)
    condition = models.CharField(max_length=20, choices=Condition.choices)
    confidential = models.BooleanField(default=False, help_text="Nobody but whoever manages the repository reads it.")
    discussion = models.PositiveIntegerField(null=True, blank=True, help_text="Number of its public discussion.")
    asked_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(help_text="By when we ask for it; nothing happens by itself then.")
    met_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is done; empty: not done.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Since when nobody asks for it any more.")

    class Meta:
        indexes = [
            models.Index(fields=["repository"], condition=models.Q(ended_at=None), name="owner_request_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.condition}: {self.repository}"
