import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace
from foundation.clock import Now


class Kind(models.TextChoices):
    MODEL = "model", _("model")
    DATASET = "dataset", _("dataset")
    SPACE = "space", _("space")


class Visibility(models.TextChoices):
    """What the owner chose; the team's restrictions live beside it."""

    PUBLIC = "public", _("public")
    PRIVATE = "private", _("private")


class Gating(models.TextChoices):
    """How the owner lets people reach the files of a gated repository."""

    NONE = "none", _("not gated")
    AUTO = "auto", _("gated: accept the conditions")
    MANUAL = "manual", _("gated: the owner approves")


# The first part of an address; models have none, as the hub's client expects.
PREFIX = {Kind.MODEL: "", Kind.DATASET: "datasets/", Kind.SPACE: "spaces/"}


class Repository(models.Model):
    """A model, dataset or space with its files and their whole history (A1).

    The row is the truth about the head of the history; git refs are an export (architecture, "git"). The fields under
    "computed" are projections, written by the actions that change what they are computed from.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    namespace = models.ForeignKey(Namespace, models.PROTECT, related_name="repositories")
    name = models.CharField(max_length=96)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    gating = models.CharField(max_length=10, choices=Gating.choices, default=Gating.NONE)
    head = models.CharField(max_length=40, blank=True, help_text="Commit id of the branch main.")
    last_discussion = models.PositiveIntegerField(default=0, help_text="Highest number given to a discussion.")

    # Computed from the card at the head.
    card = models.TextField(blank=True, help_text="README.md at the head, front matter included.")
    title = models.CharField(max_length=200, blank=True)
    license = models.CharField(max_length=60, blank=True)
    tags = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    nfaa = models.BooleanField("not for all audiences", default=False)
    search_text = models.TextField(blank=True)

    # Computed from what people do.
    likes = models.PositiveIntegerField(default=0)
    downloads = models.PositiveBigIntegerField(default=0)
    trending = models.FloatField(default=0, help_text="Logarithm of decayed activity, see repositories/trending.py.")

    # Computed from visibility and restrictions: whether lists and feeds show it, and from when that must be asked
    # again because a restriction will have ended by itself.
    listed = models.BooleanField(default=True)
    stale_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "repositories"
        constraints = [
            models.UniqueConstraint("kind", "namespace", Lower("name"), name="repository_address"),
        ]
        indexes = [
            models.Index(fields=["kind", "-trending", "-id"], condition=Q(listed=True), name="repository_trending"),
            models.Index(fields=["kind", "-created_at", "-id"], condition=Q(listed=True), name="repository_newest"),
            models.Index(fields=["kind", "-likes", "-id"], condition=Q(listed=True), name="repository_most_liked"),
            models.Index(
                fields=["stale_at"],
                condition=Q(listed=False, stale_at__isnull=False),
                name="repository_stale",
            ),
            models.Index(fields=["kind", "namespace"], condition=Q(listed=False), name="repository_unlisted"),
            GinIndex(fields=["tags", "languages"], name="repository_tags"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="repository_search"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """owner/name; needs the namespace."""
        return f"{self.namespace.name}/{self.name}"

    def get_absolute_url(self) -> str:
        return f"/{PREFIX[Kind(self.kind)]}{self.full_name}"
