import uuid

from django.db import models

from foundation.clock import Now
from moderation.reports.models.report import Report
from moderation.scoring.models import Blurred
from moderation.subjects.models import Quarantine


class StoredFile(models.Model):
    """A file that somebody sent as evidence: encrypted on disk, read by the team only, every reading an event (C1).

    The file is named by `public_id` under EVIDENCE_ROOT; destroying `key` destroys it. Rooms above keep theirs in
    models of their own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, help_text="As the reporter called it.")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    key = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    @property
    def is_picture(self) -> bool:
        """Whether its content began like a picture when it came in."""
        return self.media_type.startswith("image/")

    def __str__(self) -> str:
        return f"file {self.public_id}"


class Attachment(StoredFile):
    """A file that a reporter sent as evidence."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="attachments")


class BlurredAttachment(Blurred):
    """A picture that a reporter sent, blurred by a worker once it came in; deleted with the content of the file.

    Never while what was reported is sealed: then there is none, and one is made for whoever asks of its case (C9).
    """

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="blurred")


class PreservedFile(StoredFile):
    """The content behind a quarantined snapshot, for the authorities: destroyed with it, by its date (C9).

    Its key is wrapped by one outside of the database. No page serves it: an operator hands it over.
    """

    quarantine = models.OneToOneField(Quarantine, models.PROTECT, related_name="+")


class ReportVersion(models.Model):
    """The words of a report before its reporter changed them: what we acted on stays readable (B5)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the report.")
    text = models.TextField()
    links = models.JSONField(default=list)
    passage = models.TextField(blank=True)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_number")]


class Sender(models.Model):
    """Who sent what the team entered: kept as it arrived, shown to the team only (C3)."""

    report = models.OneToOneField(Report, models.PROTECT, related_name="sender")
    name = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, blank=True, help_text="Address, number or account.")
    reference = models.CharField(max_length=200, blank=True, help_text="Their file number, or where the message lies.")
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name or self.contact
