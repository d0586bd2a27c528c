import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Discussion
from foundation.clock import Now
from moderation.policy.models import Clause
from moderation.subjects.models import Snapshot, Subject


class Report(models.Model):
    """Somebody says that a subject breaks a clause (C1)."""

    class Ground(models.TextChoices):
        RULES = "rules", _("against the rules of this hub")
        LAW = "law", _("against the law")

    class State(models.TextChoices):
        OPEN = "open", _("we are looking at it")
        UPHELD = "upheld", _("we agreed")
        REJECTED = "rejected", _("we did not agree")
        WITHDRAWN = "withdrawn", _("you withdrew it")

    class Channel(models.TextChoices):
        FORM = "form", _("form")
        API = "api", _("API")
        SCRIPT = "script", _("script")
        SYSTEM = "system", _("screening by Ombud")
        # What arrives elsewhere and the team enters (C3).
        MAIL = "mail", _("e-mail")
        SOCIAL = "social", _("social media")
        PHONE = "phone", _("phone")
        AUTHORITY = "authority", _("order of an authority")

    ENTERED = (Channel.MAIL, Channel.SOCIAL, Channel.PHONE, Channel.AUTHORITY)
    BY_PEOPLE = (Channel.FORM, Channel.API, Channel.SCRIPT, *ENTERED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="reports")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="reports")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports", db_index=False)
    ground = models.CharField(max_length=10, choices=Ground.choices, default=Ground.RULES)
    text = models.TextField(help_text="Why, in the reporter's words.")
    confidential = models.BooleanField(default=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.FORM)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Who of the team entered what arrived elsewhere (C3).",
    )  # fmt: skip
    # Evidence (C1): where else to look, and the words it is about; files are Attachments.
    links = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    passage = models.TextField(blank=True, help_text="The passage of the content that the reporter chose.")
    danger = models.BooleanField(default=False, help_text="The reporter says that somebody’s life is in danger (C10).")
    trusted = models.BooleanField(default=False, help_text="Filed by a trusted flagger for a clause of theirs.")
    bad_faith = models.BooleanField(default=False, help_text="We found it manifestly unfounded when we decided.")
    batch = models.UUIDField(null=True, blank=True, help_text="Shared by reports that were sent in one go.")
    address = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the sender’s address; 30 days (J4).")
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When the reporter changed it last.")
    discussion = models.ForeignKey(Discussion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    # A form sent twice is one report.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    @property
    def noticed_at(self) -> datetime:
        """When we were told: what the team enters may have arrived before (J3); one query for that."""
        sender = getattr(self, "sender", None) if self.channel in self.ENTERED else None
        moment: datetime = sender.received_at if sender else self.created_at
        return moment

    @property
    def by_machine(self) -> bool:
        """Whether our screening reported it and no person: then it counts for nobody (I2)."""
        return self.channel not in self.BY_PEOPLE

    class Meta:
        constraints = [
            # The same person cannot report the same thing twice for the same clause while it is open (C7).
            models.UniqueConstraint(
                fields=["reporter", "subject", "clause"], condition=Q(state="open"), name="one_open_report"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="report_by_time"),
            models.Index(fields=["reporter", "-created_at", "-id"], name="report_of_reporter"),
            models.Index(fields=["subject"], condition=Q(state="open"), name="report_open_on_subject"),
            models.Index(fields=["created_at"], condition=~Q(address=""), name="report_with_address"),
            models.Index(fields=["reporter"], condition=Q(trusted=True), name="report_of_flagger"),
            # Most reports are confidential and were filed by their reporter.
            models.Index(fields=["discussion"], condition=Q(discussion__isnull=False), name="report_in_public"),
            models.Index(fields=["entered_by"], condition=Q(entered_by__isnull=False), name="report_entered"),
        ]

    def __str__(self) -> str:
        return f"report {self.public_id}"
