"""What people attach to a comment without words: reactions, and the names it calls."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models.comment import Comment
from foundation.clock import Now


class Reaction(models.Model):
    """One person's reaction to a comment, of a kind at most once."""

    class Kind(models.TextChoices):
        """Code and name; community.reactions.SIGNS has the sign of each."""

        THUMBS_UP = "thumbs_up", _("thumbs up")
        THUMBS_DOWN = "thumbs_down", _("thumbs down")
        HEART = "heart", _("heart")
        HOORAY = "hooray", _("hooray")
        LAUGH = "laugh", _("laugh")
        CONFUSED = "confused", _("confused")
        ROCKET = "rocket", _("rocket")
        EYES = "eyes", _("eyes")

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="reactions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reactions", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user", "kind"], name="one_reaction_of_a_kind")]
        indexes = [models.Index(fields=["user", "-created_at"], name="reaction_by_user")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.user}"


class Mention(models.Model):
    """That a comment calls somebody by name: the name becomes a link, and the person hears of it once."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="one_mention_a_person")]

    def __str__(self) -> str:
        return f"mention of {self.user}"
