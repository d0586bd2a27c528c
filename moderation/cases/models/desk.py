import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.cases.models.case import Case
from moderation.cases.models.decision import Decision
from moderation.policy.models import Clause


class SavedView(models.Model):
    """A lane with filters and words under a name: one's own, or shared with the team (D4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views", db_index=False)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, help_text="The query string of the queue, without its page.")
    shared = models.BooleanField(_("shared with the team"), default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name


class ReasonTemplate(models.Model):
    """Words for a statement of reasons with variables in braces, such as {subject} and {clause} (D4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=80, unique=True)
    text = models.TextField(_("text"), max_length=5000)
    language = models.CharField(_("language"), max_length=10, default="en")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Decision.Outcome.choices)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    measures = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    ends = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField()),
        help_text="The chosen ends by kind, as events keep them: hours, or what the owner has to do (E5).",
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Comfort(models.Model):
    """How a moderator wants to meet harmful content (D5). Private: nobody else ever sees it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comfort")
    blur = models.BooleanField(_("blur pictures"), default=True)
    greyscale = models.BooleanField(_("show pictures in grey"), default=True)
    fold = models.BooleanField(_("fold text that a classifier flagged"), default=True)
    opted_out = models.ManyToManyField(Clause, blank=True, related_name="+")
    budget = models.PositiveSmallIntegerField(
        _("pause after"), null=True, blank=True, help_text="Harmful cases a day, after which a pause is suggested."
    )


class Exposure(models.Model):
    """That a moderator opened something harmful: for their own budget, deleted after 30 days (D5). Private."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exposures", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case", "day"], name="one_exposure_a_day")]


class Formula(models.Model):
    """The weights of the priority: a new row for every change, the newest holds (D4)."""

    version = models.PositiveIntegerField(unique=True)
    weights = models.JSONField(help_text="Code of a term to its weight; see moderation/cases/priority.py.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-version"]
