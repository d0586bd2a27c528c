from django.conf import settings
from django.db import models

from moderation.cases.models.case import Case


class Event(models.Model):
    """One transition of a case: append-only in the database, chained by a keyed hash (J6).

    Holds ids, codes and salted digests only; texts live beside it under keys that can be destroyed.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the case.")
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    case_version = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    rows = models.JSONField(
        null=True, blank=True, help_text="What it left of its case, and keyed digests of rows; see seals.py."
    )
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_number")]
        ordering = ["case", "number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.kind}"


class Journal(models.Model):
    """The head of the chain of what belongs to no case: one row, locked by whoever writes (J6)."""

    count = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    checkpointed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"journal of {self.count}"


class JournalEvent(models.Model):
    """What somebody did that belongs to no case, such as changing a template: append-only and chained like Event."""

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.kind}"


class EventText(models.Model):
    """The words of an event, encrypted; the event holds the salted digest of the plain text."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="sealed")
    salt = models.CharField(max_length=32)
    ciphertext = models.BinaryField()


class TextKey(models.Model):
    """The key of one text. Deleting the row destroys the text and leaves the event verifiable (J6)."""

    text = models.OneToOneField(EventText, models.PROTECT, related_name="key")
    key = models.BinaryField()
