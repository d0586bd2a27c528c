import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from community.models.discussion import Discussion
from foundation.clock import Now


class Comment(models.Model):
    """A comment in a discussion, in Markdown (B1). The first one is the discussion's opening text.

    `text` is what everybody may read: the latest version, "" while the comment is hidden, without the passages that
    quote a hidden comment. So whoever reads this column cannot show what is hidden (B2); the words themselves are in
    the versions, for the team. Both it and `hidden` are written by community.projections alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="comments", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments", db_index=False)
    position = models.PositiveIntegerField(help_text="In the discussion's timeline.")
    text = models.TextField(blank=True)
    hidden = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True, blank=True)
    # A form sent twice is one comment.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["discussion", "position"], name="comment_position"),
            models.CheckConstraint(condition=Q(hidden=False) | Q(text=""), name="comment_hidden_has_no_text"),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at"], name="comment_by_author"),
            GinIndex(OpClass(Upper("text"), "gin_trgm_ops"), name="comment_search"),
        ]

    def __str__(self) -> str:
        return f"comment by {self.author}"

    def get_absolute_url(self) -> str:
        """Needs the discussion, its repository and namespace; the query finds the page of a long discussion."""
        return f"{self.discussion.get_absolute_url()}?comment={self.public_id}#comment-{self.public_id}"


class CommentVersion(models.Model):
    """The words of a comment as they were written at one time; the highest number holds (B5).

    Readers learn that a comment was edited; only the team reads its versions.
    """

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1.")
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="comment_version_number")]
        indexes = [
            models.Index(fields=["author", "-created_at"], condition=Q(number__gt=1), name="comment_edit_by_author"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Hiding(models.Model):
    """That one side hid a comment: a row beside it, lifted by setting a time (B2; architecture, idea 1).

    A comment is hidden while one such row stands: what the team hid stays hidden whatever the owner lifts.
    """

    class Side(models.TextChoices):
        AUTHOR = "author", _("its author")
        OWNER = "owner", _("the owner side")
        TEAM = "team", _("the team")
        HOLD = "hold", _("the team, until it has looked")
        VERDICT = "verdict", _("the team, by a decision")

    class Category(models.TextChoices):
        """Why; shown in the place of the comment."""

        ABUSE = "abuse", _("abuse")
        SPAM = "spam", _("spam")
        OFF_TOPIC = "off_topic", _("off topic")
        OUTDATED = "outdated", _("outdated")
        DUPLICATE = "duplicate", _("duplicate")
        RESOLVED = "resolved", _("resolved")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")
        REVIEW = "review", _("waits for the team to look")
        RULES = "rules", _("our content policy")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="hidings")
    side = models.CharField(max_length=10, choices=Side.choices)
    category = models.CharField(max_length=20, choices=Category.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True, help_text="When a hold ends by itself; empty: it does not.")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(lifted_at=None, ends_at__isnull=False), name="hiding_to_end"),
        ]
        constraints = [
            # Decisions stand beside each other, each with its own end.
            models.UniqueConstraint(
                fields=["comment", "side"],
                condition=Q(lifted_at=None) & ~Q(side="verdict"),
                name="one_hiding_a_side",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hiding_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"hidden by {self.get_side_display()}: {self.get_category_display()}"
