import uuid

from django.conf import settings
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

    class Channel(models.TextChoices):
        FORM = "form", _("form")
        API = "api", _("API")
        SCRIPT = "script", _("script")
        SYSTEM = "system", _("screening by Ombud")

    BY_PEOPLE = (Channel.FORM, Channel.API, Channel.SCRIPT)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="reports")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="reports")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports")
    ground = models.CharField(max_length=10, choices=Ground.choices, default=Ground.RULES)
    text = models.TextField(help_text="Why, in the reporter's words.")
    confidential = models.BooleanField(default=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.FORM)
    discussion = models.ForeignKey(Discussion, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    # A form sent twice is one report.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

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
        ]

    def __str__(self) -> str:
        return f"report by {self.reporter}"
