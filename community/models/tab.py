"""What owners choose about their community tabs. None of it hides a report or the team's words (B2)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace
from foundation.clock import Now
from repositories.models import Repository


class TabSettings(models.Model):
    """The owner's choices for one repository's community tab; without a row: on, and open to new accounts."""

    class Newcomers(models.IntegerChoices):
        """How many days old an account must be to post."""

        WELCOME = 0, _("everybody may post")
        DAY = 1, _("accounts older than a day")
        WEEK = 7, _("accounts older than a week")
        MONTH = 30, _("accounts older than a month")

    repository = models.OneToOneField(Repository, models.PROTECT, primary_key=True, related_name="tab_settings")
    on = models.BooleanField(_("community tab"), default=True)
    newcomers = models.PositiveSmallIntegerField(choices=Newcomers.choices, default=Newcomers.WELCOME)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "tab settings"

    def __str__(self) -> str:
        return f"community tab of {self.repository_id}"


class Block(models.Model):
    """A person whom a namespace lets post in none of its repositories' community tabs; they read on, and report."""

    namespace = models.ForeignKey(Namespace, models.PROTECT, related_name="blocks", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="blocks")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, help_text="For the owner side only.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["namespace", "user"], name="one_block")]

    def __str__(self) -> str:
        return f"{self.user} blocked by {self.namespace}"
