from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now

# How long people have to read a change before it takes effect (J1).
NOTICE = timedelta(days=10)


class Clause(models.Model):
    """One clause of the policy with its consequences: data that administrators change (clauses.md, J1)."""

    class Track(models.TextChoices):
        RESTRICTED = "restricted", _("restricted: the team acts at once")
        MODERATED = "moderated", _("moderated: worked out with the owner")

    class Publicity(models.TextChoices):
        YES = "yes", _("the report opens its public discussion at once")
        TRIAGE = "triage", _("a summary in the team’s words after triage")
        NO = "no", _("never public")

    class SecondModerator(models.TextChoices):
        NO = "no", _("not needed")
        YES = "yes", _("confirms before it takes effect")
        AFTER = "after", _("confirms within hours")
        LEGAL = "legal", _("the legal lane confirms")

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="The clause in plain words.")
    track = models.CharField(max_length=20, choices=Track.choices)
    severity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    default_measures = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    publicity = models.CharField(max_length=10, choices=Publicity.choices)
    second_moderator = models.CharField(max_length=10, choices=SecondModerator.choices)
    automation = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Measures a rule may take by itself, as interim measures (I1).",
    )
    eu_category = models.CharField(max_length=80, help_text="STATEMENT_CATEGORY_… without the prefix.")
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__range=(1, 5)), name="clause_severity_1_to_5"),
        ]

    def __str__(self) -> str:
        return gettext(self.title)


class PolicyVersion(models.Model):
    """A posted version of the policy; it takes effect ten days after it is posted (J1). Decisions cite one."""

    number = models.PositiveIntegerField(unique=True)
    summary = models.TextField(help_text="What changed, in plain words.")
    posted_at = models.DateTimeField(db_default=Now())
    effective_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            # The first version was there before anybody came.
            models.CheckConstraint(
                condition=Q(number=1) | Q(effective_at__gte=F("posted_at") + NOTICE),
                name="policy_takes_effect_after_ten_days",
            ),
        ]

    def __str__(self) -> str:
        return gettext("version %(number)s") % {"number": self.number}
