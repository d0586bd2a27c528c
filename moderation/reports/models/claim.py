import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.reports.models.report import Report


class RightsClaim(models.Model):
    """The particulars of a claim of intellectual property (C5; legal-facts.md, copyright notice).

    A claim may lack some: `missing` names them and the claimant is helped to complete it.
    """

    class Right(models.TextChoices):
        COPYRIGHT = "copyright", _("copyright")
        TRADEMARK = "trademark", _("trademark")
        PATENT = "patent", _("patent")
        OTHER = "other", _("another right")

    report = models.OneToOneField(Report, models.PROTECT, related_name="claim")
    right = models.CharField(max_length=20, choices=Right.choices)
    work = models.TextField(help_text="The work, mark or invention, and where it can be seen.")
    location = models.TextField(help_text="What infringes it, and where exactly it lies.")
    holder = models.CharField(max_length=200, help_text="Who holds the right.")
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    good_faith = models.BooleanField(default=False)
    accurate = models.BooleanField(default=False, help_text="Accurate, and authorised under penalty of perjury.")
    signature = models.CharField(max_length=200, blank=True)

    @property
    def answered(self) -> "CounterStatement | None":
        """The owner's counter-statement, if there is one; one query unless it was loaded."""
        return getattr(self, "counter_statement", None)

    @property
    def missing(self) -> list[Any]:
        """What it lacks to be complete, in words to the claimant; one way to reach them is enough."""
        return [words for words, _ours, there in self._parts() if not there]

    @property
    def missing_for_team(self) -> list[Any]:
        """The same in words about the claimant, for us."""
        return [ours for _words, ours, there in self._parts() if not there]

    def _parts(self) -> list[tuple[Any, Any, Any]]:
        work = _("the work, mark or invention, and where it can be seen")
        location = _("what infringes it, and where exactly it lies")
        holder = _("who holds the right")
        way = _("an e-mail address, a telephone number or an address")
        good_faith = _("that you believe in good faith that the use is not authorised")
        accurate = _("that it is accurate, and that you may act for the holder, under penalty of perjury")
        their_good_faith = _("that they believe in good faith that the use is not authorised")
        they_are_accurate = _("that it is accurate, and that they may act for the holder, under penalty of perjury")
        return [
            (work, work, self.work),
            (location, location, self.location),
            (holder, holder, self.holder),
            (_("your full name"), _("the claimant’s full name"), self.name),
            (way, way, self.address or self.phone or self.email),
            (good_faith, their_good_faith, self.good_faith),
            (accurate, they_are_accurate, self.accurate),
            (_("your signature"), _("the claimant’s signature"), self.signature),
        ]

    def __str__(self) -> str:
        return f"{self.get_right_display()}: {self.pk}"


class CounterStatement(models.Model):
    """The owner's answer to a claim that closed something: it is no appeal (C5; legal-facts.md, counter-notice).

    Unless the claimant files a suit, what was closed is restored after ten business days, and at the latest after 14.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.OneToOneField(RightsClaim, models.PROTECT, related_name="counter_statement")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(help_text="Why it is a mistake or a misidentification.")
    location = models.TextField(help_text="What was closed, and where it lay.")
    name = models.CharField(max_length=200)
    address = models.TextField()
    phone = models.CharField(max_length=60)
    good_faith = models.BooleanField(help_text="Under penalty of perjury: believes in good faith that it is a mistake.")
    jurisdiction = models.BooleanField(help_text="Consents to the jurisdiction, and accepts service of process.")
    signature = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    restore_at = models.DateTimeField(help_text="When it is restored unless a suit is filed.")
    suit_filed_at = models.DateTimeField(null=True, blank=True)
    restored_at = models.DateTimeField(null=True, blank=True)
