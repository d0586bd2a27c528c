import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models.comment import Comment
from community.models.discussion import Discussion
from foundation.clock import Now


class DiscussionEvent(models.Model):
    """What happened to a discussion between its comments, in the same order for everybody (B1).

    `data` holds ids, codes and titles, never the text of a comment. Whoever shows it asks `shown_data`.
    """

    # What of `data` only the team may see: titles that were left out of the timeline.
    KEPT = "kept"

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("renamed")  # from, to; of what was left out: concealed, KEPT
        CLOSED = "closed", _("closed")  # all: true, of everything at once; from: "draft"
        REOPENED = "reopened", _("reopened")
        OPENED = "opened", _("ready for review")  # a draft
        LOCKED = "locked", _("locked")  # reason: Discussion.LockReason or ""
        UNLOCKED = "unlocked", _("unlocked")
        PINNED = "pinned", _("pinned")
        UNPINNED = "unpinned", _("unpinned")
        HIDDEN = "hidden", _("hid a comment")  # category: Hiding.Category, side: Hiding.Side
        UNHIDDEN = "unhidden", _("showed a comment again")  # side: Hiding.Side
        COMMITTED = "committed", _("committed")  # oid, subject
        MERGED = "merged", _("merged")  # oid
        REPORTED = "reported", _("report opened")  # clause: its code
        MEASURE_TAKEN = "measure_taken", _("measure taken")  # measure: Measure.Kind
        MEASURE_LIFTED = "measure_lifted", _("measure lifted")  # measure
        FEEDBACK_ASKED = "feedback_asked", _("feedback asked")
        REQUEST_MET = "request_met", _("request met")  # measure
        REQUEST_UNMET = "request_unmet", _("request no longer met")  # measure

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="events", db_index=False)
    position = models.PositiveIntegerField(help_text="In the discussion's timeline.")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, blank=True, related_name="events")
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["discussion", "position"], name="discussion_event_position")]
        indexes = [models.Index(fields=["actor", "-created_at"], name="discussion_event_by_actor")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.actor}"

    @property
    def shown_data(self) -> dict[str, Any]:
        """What everybody who reads the discussion may read of `data`."""
        return {name: value for name, value in self.data.items() if name != self.KEPT}
