import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
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


def _feed(column: str, name: str) -> models.Index:
    """The index that a feed walks: NFAA is a part of its own, because many people never list it (A4)."""
    fields = ["kind", "nfaa", f"-{column}", "-id"]
    return models.Index(fields=fields, condition=Q(listed=True), name=f"repository_{name}")


# Columns that can be long, and that only a repository's own page and the team's case show.
_LONG = ("card", "search_text", "search", "matter", "signals")


def long_columns(path: str = "") -> list[str]:
    """What to defer where repositories are only named; `path` leads there, such as "discussion__repository"."""
    return [f"{path}__{column}" if path else column for column in _LONG]


class Repository(models.Model):
    """A model, dataset or space with its files and their whole history (A1).

    The row is the truth about the head of the history; git refs are an export (architecture, "git"). The fields under
    "computed" are projections, written by the actions that change what they are computed from.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    namespace = models.ForeignKey(Namespace, models.PROTECT, related_name="repositories", db_index=False)
    name = models.CharField(max_length=96)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    gating = models.CharField(max_length=10, choices=Gating.choices, default=Gating.NONE)
    head = models.CharField(max_length=40, blank=True, help_text="Commit id of the branch main.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Nobody sees it any more; its name stays taken.")
    last_discussion = models.PositiveIntegerField(default=0, help_text="Highest number given to a discussion.")

    # Computed from the card at the head.
    card = models.TextField(blank=True, help_text="README.md at the head, front matter included.")
    title = models.CharField(max_length=200, blank=True)
    license = models.CharField(max_length=60, blank=True)
    tags = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    matter = models.JSONField(default=dict, blank=True, help_text="Front matter of the card.")
    pipeline_tag = models.CharField(max_length=60, blank=True)
    library = models.CharField(max_length=60, blank=True)
    base_models = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    datasets = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    ethical_categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    missing_documentation = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    search_text = models.TextField(blank=True, help_text="What substrings are looked for in: name, tags, title.")
    search = SearchVectorField(null=True, editable=False)

    # Computed from the files at the head (A8): a list of {kind, value, path}.
    signals = models.JSONField(default=list, blank=True)

    # Computed from the card and from restrictions (A4). The columns after it say where the tag in the card is from.
    nfaa = models.BooleanField("not for all audiences", default=False)
    nfaa_until = models.DateTimeField(null=True, blank=True, help_text="When the tag ends by itself; empty: not.")
    card_nfaa = models.BooleanField("tagged in the card", default=False)
    nfaa_commit = models.CharField(max_length=40, blank=True)
    nfaa_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    nfaa_pull_request = models.PositiveIntegerField(null=True, blank=True, help_text="Number of its discussion.")
    nfaa_since = models.DateTimeField(null=True, blank=True)

    # Computed from restrictions: the team made it private, beside what its owner chose (E3).
    kept_private = models.BooleanField("made private by the team", default=False, db_default=False)
    kept_private_until = models.DateTimeField(null=True, blank=True, help_text="When that ends by itself; empty: not.")

    # Computed from restrictions: the team removed it, and nobody sees more than a notice (E4).
    removed = models.BooleanField("removed by the team", default=False, db_default=False)
    removed_until = models.DateTimeField(null=True, blank=True, help_text="When that ends by itself; empty: not.")

    # Computed: the team asks the owner for something, so a page looks for what (E1).
    asked = models.BooleanField("the team asks its owner", default=False, db_default=False)

    # Computed from what people do.
    likes = models.PositiveIntegerField(default=0)
    downloads = models.PositiveBigIntegerField(default=0)
    trending = models.FloatField(default=0, help_text="Logarithm of decayed activity, see repositories/trending.py.")

    # Computed from visibility, stages and restrictions: whether lists and feeds show it, and from when that must be
    # asked again because a restriction will have ended, or a stage begun, by itself.
    listed = models.BooleanField(default=True)
    stale_at = models.DateTimeField(null=True, blank=True)
    stage_due_at = models.DateTimeField(null=True, blank=True, help_text="When the next dated stage begins (A7).")

    class Meta:
        verbose_name_plural = "repositories"
        constraints = [
            models.UniqueConstraint("kind", "namespace", Lower("name"), name="repository_address"),
        ]
        indexes = [
            _feed("trending", "trending"),
            _feed("created_at", "newest"),
            _feed("likes", "most_liked"),
            _feed("downloads", "downloads"),
            _feed("updated_at", "updated"),
            models.Index(
                fields=["stale_at"],
                condition=Q(listed=False, stale_at__isnull=False),
                name="repository_stale",
            ),
            models.Index(fields=["kind", "namespace"], condition=Q(listed=False), name="repository_unlisted"),
            GinIndex(fields=["tags", "languages"], name="repository_tags"),
            GinIndex(fields=["base_models", "datasets"], name="repository_lineage"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="repository_search"),
            GinIndex(fields=["search"], name="repository_full_text"),
            models.Index(fields=["namespace", "-updated_at", "-id"], name="repository_of_namespace"),
            models.Index(fields=["stage_due_at"], condition=Q(stage_due_at__isnull=False), name="repository_stage_due"),
            models.Index(
                fields=["kind", "-downloads", "-id"],
                condition=Q(listed=True) & ~Q(missing_documentation=[]),
                name="repository_undocumented",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """owner/name; needs the namespace."""
        return f"{self.namespace.name}/{self.name}"

    @property
    def is_public(self) -> bool:
        """Whether everybody sees it, by what is stored and thus without a query: never true of what somebody does not.

        What ended or began by itself since is known where the table of access is asked.
        """
        hidden = self.deleted_at is not None or self.kept_private or self.removed
        return self.visibility == Visibility.PUBLIC and not hidden

    def get_absolute_url(self) -> str:
        return f"/{PREFIX[Kind(self.kind)]}{self.full_name}"
