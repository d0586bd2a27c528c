import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Upper
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from community.models import Comment, Discussion
from foundation.clock import Now
from foundation.models import Work
from repositories.models import Repository

TARGETS = ("repository", "discussion", "comment", "user", "organization")
_HOW_MANY = models.Func(*TARGETS, function="num_nonnulls", output_field=models.IntegerField())


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
        constraints = [models.CheckConstraint(condition=Exact(_HOW_MANY, 1), name="subject_is_one_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def kind(self) -> str:
        """repository, discussion, comment, user or organization."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id"))

    @property
    def target(self) -> Any:
        return getattr(self, self.kind)

    @property
    def name(self) -> str:
        """Its name or title; of a comment the title of its discussion."""
        if self.comment_id or self.discussion_id:
            discussion = self.target.discussion if self.comment_id else self.target
            return str(discussion.title)
        return str(self.target)

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

    def holder_ids(self) -> tuple[int | None, int | None]:
        """Ids of the person who answers for it, and of the organization that owns the repository or is the subject.

        None where there is none; at most two queries, none where its target and namespace are loaded.
        """
        if self.comment_id or self.discussion_id:
            return self.target.author_id, None
        if self.repository_id:
            assert self.repository is not None
            return self.repository.namespace.user_id, self.repository.namespace.organization_id
        return self.user_id, self.organization_id

    def get_absolute_url(self) -> str:
        return str(self.target.get_absolute_url())


# What a snapshot shows, by the first word of its part.
PARTS = {
    "card": _("card"),
    "text": _("text"),
    "username": _("username"),
    "file": _("file"),
}
# Title, author and text of a snapshot as one: what words are looked for in (D4).
SEARCHED = Concat("title", Value("\n"), "author_name", Value("\n"), "text", output_field=models.TextField())


class Snapshot(models.Model):
    """A subject's content as it was when it was reported: evidence that no later edit changes (B5, C8)."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="snapshots", db_index=False)
    part = models.CharField(max_length=40, default="text", help_text="card, text or username.")
    revision = models.CharField(max_length=64, help_text="Commit id, or the SHA-256 of the text.")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    author_name = models.CharField(max_length=150)
    language = models.CharField(max_length=10, blank=True)
    taken_at = models.DateTimeField(db_default=Now(), editable=False)
    sealed = models.BooleanField(default=False, help_text="Its words are in quarantine only (C9).")
    erased = models.BooleanField(default=False, db_default=False, help_text="Its words were destroyed (C6).")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "part", "revision"], name="one_snapshot_a_revision")]
        indexes = [GinIndex(OpClass(Upper(SEARCHED), "gin_trgm_ops"), name="snapshot_search")]

    @property
    def content(self) -> str:
        """Title and text as one: what classifiers read and offsets of scores count in."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    def __str__(self) -> str:
        kind = self.part.partition(":")[0]
        return _("%(part)s at %(revision)s") % {"part": PARTS.get(kind, kind), "revision": self.revision[:8]}


class Quarantine(Work):
    """The words of a snapshot, encrypted, preserved until `due_at` and then destroyed: `done_at` says when (C9).

    While it stands, `Snapshot.title` and `.text` are empty and nothing scores, embeds, copies or mails them.
    """

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="quarantine")
    ciphertext = models.BinaryField(help_text="Title and text, encrypted; empty once destroyed.")
    key = models.BinaryField(help_text="Wrapped by a key outside the database; empty once destroyed.")
    legal_hold = models.BooleanField(default=False, help_text="Nothing is destroyed while it stands.")
    released_at = models.DateTimeField(null=True, blank=True, help_text="When the words went back to the snapshot.")


class LegalHold(models.Model):
    """A court or an authority asks that nothing about a subject is destroyed: while one stands, nothing is (M2)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="legal_holds", db_index=False)
    reason = models.TextField(help_text="Who asks for it, and under which number.")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    placed_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(lifted_at=None), name="one_legal_hold"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="legal_hold_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.public_id}"


class Erasure(Work):
    """Something of a subject is destroyed on purpose, in steps, each done once whatever dies in between (C6).

    Nothing happens before `ordered_at`: until then the decision may still be declined, and everything can come back.
    `steps` of it are done; `done_at` says when the last one was. Where it `preserves`, what the law wants kept is
    locked away first, and destroyed by its own date (C9).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="erasures")
    paths = ArrayField(
        models.TextField(), default=list, blank=True, help_text="Files of a repository; forgotten at the end."
    )
    preserves = models.BooleanField(default=False, db_default=False)
    steps = models.PositiveSmallIntegerField(default=0)
    ordered_at = models.DateTimeField(null=True, blank=True, help_text="Since when the decision is final.")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"erasure {self.public_id}"
