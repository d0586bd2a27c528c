import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from repositories.models import Repository


class Discussion(models.Model):
    """A numbered discussion in a repository's community tab (B1). Drafts and merged ones are pull requests.

    Its timeline is made of comments and events; each takes the discussion's next position under the lock of this row,
    so that everybody reads them in one order.
    """

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

    class LockReason(models.TextChoices):
        OFF_TOPIC = "off_topic", _("off topic")
        HEATED = "heated", _("too heated")
        RESOLVED = "resolved", _("resolved")
        SPAM = "spam", _("spam")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="discussions", db_index=False)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="discussions")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PERSON)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    is_pull_request = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)
    locked_by_team = models.BooleanField(default=False, help_text="Only the team unlocks it, and only it writes here.")
    lock_reason = models.CharField(max_length=20, choices=LockReason.choices, blank=True)
    locked_by_owner = models.BooleanField(default=False, help_text="Holds again when the team unlocks.")
    owner_lock_reason = models.CharField(max_length=20, choices=LockReason.choices, blank=True)
    locked_by_measure = models.BooleanField(default=False, db_default=False, help_text="Lifted where it was decided.")
    status_beneath = models.CharField(
        max_length=10,
        choices=Status.choices,
        blank=True,
        default="",
        db_default="",
        help_text="While a measure closes it: what people chose, which holds again.",
    )
    unsettled_at = models.DateTimeField(
        null=True, blank=True, help_text="When the next of its timed hidings and limits ends."
    )
    pinned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    # A form sent twice is one discussion.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    # Computed with every entry of the timeline.
    last_position = models.PositiveIntegerField(default=0, help_text="Highest position in the timeline.")
    comment_count = models.PositiveIntegerField(default=0, help_text="Comments, hidden ones included.")
    active_at = models.DateTimeField(db_default=Now(), help_text="When the timeline last grew.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "number"], name="discussion_number"),
            models.CheckConstraint(
                condition=(
                    Q(locked=True) & (Q(locked_by_team=True) | Q(locked_by_owner=True) | Q(locked_by_measure=True))
                )
                | Q(locked=False, locked_by_team=False, locked_by_owner=False, locked_by_measure=False, lock_reason=""),
                name="discussion_lock_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(locked_by_owner=True) | Q(owner_lock_reason=""), name="discussion_owner_lock_is_whole"
            ),
        ]
        indexes = [
            models.Index(
                fields=["repository", "-number"],
                condition=Q(status__in=["open", "draft"]),
                name="discussion_standing",
            ),
            models.Index(
                fields=["repository", "unsettled_at"],
                condition=Q(unsettled_at__isnull=False),
                name="discussion_unsettled",
            ),
            models.Index(fields=["repository"], condition=Q(pinned_at__isnull=False), name="discussion_pinned"),
            models.Index(fields=["repository", "-active_at", "-id"], name="discussion_active"),
            GinIndex(OpClass(Upper("title"), "gin_trgm_ops"), name="discussion_title_search"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Needs the repository and its namespace."""
        return f"{self.repository.get_absolute_url()}/discussions/{self.number}"
