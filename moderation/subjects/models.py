import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from community.models import Comment, Discussion
from foundation.clock import Now
from repositories.models import Repository

TARGETS = ("repository", "discussion", "comment", "user", "organization")


def _exactly_one() -> Q:
    """Exactly one of the target columns is set."""
    condition = Q()
    for target in TARGETS:
        others = {f"{other}__isnull": True for other in TARGETS if other != target}
        condition |= Q(**{f"{target}__isnull": False}, **others)
    return condition


class Subject(models.Model):
    """The one row for a thing that can be moderated (architecture, idea 5; B4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    repository = models.OneToOneField(Repository, models.PROTECT, null=True, blank=True, related_name="subject")
    discussion = models.OneToOneField(Discussion, models.PROTECT, null=True, blank=True, related_name="subject")
    comment = models.OneToOneField(Comment, models.PROTECT, null=True, blank=True, related_name="subject")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="subject")
    organization = models.OneToOneField(Organization, models.PROTECT, null=True, blank=True, related_name="subject")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=_exactly_one(), name="subject_is_one_thing")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.target}"

    @property
    def kind(self) -> str:
        """repository, discussion, comment, user or organization."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id"))

    @property
    def target(self) -> Any:
        return getattr(self, self.kind)

    @property
    def home(self) -> Repository | None:
        """The repository it is or lies in."""
        if self.comment_id:
            assert self.comment is not None
            return self.comment.discussion.repository
        if self.discussion_id:
            assert self.discussion is not None
            return self.discussion.repository
        return self.repository

    @property
    def author(self) -> User | None:
        """The person who answers for it: whoever wrote it or owns it; None for things of an organization."""
        if self.comment_id or self.discussion_id:
            author: User = self.target.author
            return author
        if self.repository_id:
            assert self.repository is not None
            return self.repository.namespace.user
        return self.user

    def get_absolute_url(self) -> str:
        return str(self.target.get_absolute_url())


class Snapshot(models.Model):
    """A subject's content as it was when it was reported: evidence that no later edit changes (B5, C8)."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="snapshots")
    part = models.CharField(max_length=40, default="text", help_text="card, text or username.")
    revision = models.CharField(max_length=64, help_text="Commit id, or the SHA-256 of the text.")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    author_name = models.CharField(max_length=150)
    language = models.CharField(max_length=10, blank=True)
    taken_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "part", "revision"], name="one_snapshot_a_revision")]

    @property
    def content(self) -> str:
        """Title and text as one: what classifiers read and offsets of scores count in."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    def __str__(self) -> str:
        return _("%(part)s at %(revision)s") % {"part": self.part, "revision": self.revision[:8]}
