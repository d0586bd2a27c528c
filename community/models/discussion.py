import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from repositories.models import Repository


class Discussion(models.Model):
    """A numbered discussion in a repository's community tab (B1). Drafts and merged ones are pull requests."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        MERGED = "merged", _("merged")

    class Origin(models.TextChoices):
        """Who opened it and why: the owner can neither close nor hide what the team or a report opened."""

        PERSON = "person", _("opened by a person")
        REPORT = "report", _("opened by a report")
        TEAM = "team", _("opened by the team")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="discussions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="discussions")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PERSON)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    is_pull_request = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    # A form sent twice is one discussion.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "number"], name="discussion_number")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Needs the repository and its namespace."""
        return f"{self.repository.get_absolute_url()}/discussions/{self.number}"


class Comment(models.Model):
    """A comment in a discussion, in Markdown (B1). The first one is the discussion's opening text."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    # A form sent twice is one comment.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["discussion", "created_at", "id"], name="comment_in_order"),
            models.Index(fields=["author", "-created_at"], name="comment_by_author"),
        ]

    def __str__(self) -> str:
        return f"comment by {self.author}"

    def get_absolute_url(self) -> str:
        """Needs the discussion, its repository and namespace; the query finds the page of a long discussion."""
        return f"{self.discussion.get_absolute_url()}?comment={self.public_id}#comment-{self.public_id}"
