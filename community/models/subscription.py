"""Who hears of what: subscriptions, notifications, and the mails that gather them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.comment import Comment
from community.models.discussion import Discussion
from community.models.event import DiscussionEvent
from foundation.clock import Now
from foundation.models import Work
from repositories.models import Repository


class Reason(models.TextChoices):
    """Why somebody hears of a discussion."""

    CHOSEN = "chosen", _("you watch it")
    OWNER = "owner", _("the repository is yours")
    OPENED = "opened", _("you opened it")
    COMMENTED = "commented", _("you commented")
    MENTIONED = "mentioned", _("somebody mentioned you")
    REPOSITORY = "repository", _("you watch the repository")


class Subscription(models.Model):
    """That a person watches or mutes one discussion, or without one everything in a repository's community tab.

    A person's own choice is never overwritten by what they do later: whoever muted stays muted after commenting.
    """

    class Level(models.TextChoices):
        WATCH = "watch", _("watching")
        MUTE = "mute", _("muted")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="subscriptions", db_index=False)
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="subscriptions")
    discussion = models.ForeignKey(Discussion, models.PROTECT, null=True, blank=True, related_name="subscriptions")
    level = models.CharField(max_length=10, choices=Level.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "repository", "discussion"], nulls_distinct=False, name="one_subscription"
            ),
        ]
        indexes = [
            models.Index(fields=["repository"], condition=Q(discussion=None), name="subscription_to_repository"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.level}"


class Notification(models.Model):
    """That a person should hear of a comment or an event: in the inbox, and in the next mail.

    It holds no text: what is shown is asked of the comment when it is shown, so that nothing hidden is quoted (B2).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications", db_index=False
    )
    discussion = models.ForeignKey(Discussion, models.PROTECT, related_name="notifications")
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, blank=True, related_name="notifications")
    event = models.ForeignKey(DiscussionEvent, models.PROTECT, null=True, blank=True, related_name="notifications")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "comment"], name="one_notification_a_comment"),
            models.UniqueConstraint(fields=["recipient", "event"], name="one_notification_an_event"),
            models.CheckConstraint(
                condition=Q(comment=None, event__isnull=False) | Q(comment__isnull=False, event=None),
                name="notification_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_newest"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["recipient"], condition=Q(mailed_at=None, read_at=None), name="notification_to_mail"),
        ]

    def __str__(self) -> str:
        return f"notification to {self.recipient}"

    def get_absolute_url(self) -> str:
        """Where to read what it is about; needs the comment or event, and the discussion with its repository."""
        if self.comment is not None:
            self.comment.discussion = self.discussion  # the same one, loaded with this row
            return self.comment.get_absolute_url()
        assert self.event is not None
        return f"{self.discussion.get_absolute_url()}?from={self.event.position}#event-{self.event.public_id}"


class MailChoice(models.Model):
    """How often a person wants mails about discussions; without a row, once a day."""

    class Rhythm(models.TextChoices):
        NEVER = "never", _("never")
        SOON = "soon", _("soon after something was written")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_choice")
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY)

    def __str__(self) -> str:
        return self.rhythm


class Digest(Work):
    """A mail that gathers a person's unread notifications when it is due: leased work (L3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")

    class Meta(Work.Meta):
        constraints = [
            models.UniqueConstraint(fields=["recipient"], condition=Q(done_at=None), name="one_digest_to_come"),
        ]

    def __str__(self) -> str:
        return f"digest to {self.recipient}"
