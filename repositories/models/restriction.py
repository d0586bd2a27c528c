import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from repositories.models.repository import Repository


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def active(self) -> "RestrictionQuerySet":
        """Those that hold now, by the database's clock."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), lifted_at=None, starts_at__lte=Now())


class Restriction(models.Model):
    """A limit on a repository beside what its owner chose; lifting it restores exactly that (E5)."""

    class Kind(models.TextChoices):
        DOWNGRADED = "downgraded", _("downgraded: left out of trending and feeds")
        PRIVATE = "private", _("made private: only the owner sees it")
        DISABLED = "disabled", _("disabled: files only for the owner")
        NFAA = "nfaa", _("not for all audiences")
        CARD_HELD = "card_held", _("card held: hidden until the team has looked")
        CARD_HIDDEN = "card_hidden", _("card hidden: only the owner reads it")
        REMOVED = "removed", _("removed: nothing of it is there but a notice")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.TextField(help_text="Shown on the page.")
    confidential = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The page says that it is restricted, and no more, but to its owner.",
    )
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is lifted.")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="restriction_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["repository"], condition=Q(lifted_at=None), name="restriction_standing")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.repository}"


# Each of these hides the card from all but the owner side (E4).
HIDING_CARD = (Restriction.Kind.CARD_HELD, Restriction.Kind.CARD_HIDDEN)
# Each of these takes a repository out of every list and feed (A6).
UNLISTING = (
    Restriction.Kind.DOWNGRADED,
    Restriction.Kind.PRIVATE,
    Restriction.Kind.DISABLED,
    Restriction.Kind.REMOVED,
)
