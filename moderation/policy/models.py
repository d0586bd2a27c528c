from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now

# How long people have to read a change before it takes effect (J1).
NOTICE = timedelta(days=10)
# How long a decision can be contested, unless a version says otherwise: at least six months from being informed
# (legal-facts.md, complaints).
CONTEST_WITHIN = timedelta(days=183)
# What else people can do besides contesting it with us (legal-facts.md; DSA art. 21): translated where it is shown.
OTHER_REDRESS = gettext_noop(
    "Besides, you can turn to a court. Where the law gives you that right, as in the European Union, you can also turn "
    "to a certified body that settles disputes out of court. You need not contest it with us first."
)


class Lane(models.Model):
    """A part of the queue with rules of its own: who works in it, what happens at once, by when (C5, C6, C9, C10).

    Data that administrators change. A case lies in the first lane, by `order`, that one of its reports asks for; a
    moderator may escalate it to another. Without a lane it is a matter for the whole team.
    """

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    text = models.TextField(help_text="What lies in it, in plain words.")
    instructions = models.TextField(blank=True, help_text="What to do, at hand on the page of a case.")
    order = models.PositiveSmallIntegerField(unique=True)
    group = models.ForeignKey(
        "auth.Group", models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Only its members see what lies in it; empty: the whole team.",
    )  # fmt: skip
    hold = models.BooleanField(default=False, help_text="A report holds the comment or card at once, on anyone’s word.")
    sealed = models.BooleanField(default=False, help_text="What was reported is locked away: no preview, no scoring.")
    decide_within = models.DurationField(null=True, blank=True)
    points = models.FloatField(
        default=0, help_text="Added to the priority of its cases, where no later lane gives more: then that counts."
    )

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return gettext(self.title)


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
    lane = models.ForeignKey(
        Lane, models.PROTECT, null=True, blank=True, related_name="+", help_text="Where its cases lie in the queue."
    )
    decide_within = models.DurationField(
        null=True, blank=True, help_text="Where the law or the policy sets a time; the lane may set a shorter one."
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
    contest_within = models.DurationField(
        default=CONTEST_WITHIN,
        db_default=CONTEST_WITHIN,
        help_text="How long decisions under it can be contested. Every letter says it, so it is never changed.",
    )
    other_redress = models.TextField(
        default=OTHER_REDRESS,
        db_default=OTHER_REDRESS,
        help_text="What people can do besides contesting a decision with us, in plain words. Every letter says it.",
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(contest_within__gte=timedelta(days=1)), name="contest_within_some_time"),
            # The first version was there before anybody came.
            models.CheckConstraint(
                condition=Q(number=1) | Q(effective_at__gte=F("posted_at") + NOTICE),
                name="policy_takes_effect_after_ten_days",
            ),
        ]

    def __str__(self) -> str:
        return gettext("version %(number)s") % {"number": self.number}


class GuardedMeasure(models.Model):
    """A kind of measure that another moderator confirms: the second pair of eyes as policy data.

    Under which clauses, and when, says `Clause.second_moderator`; under a clause that asks for nobody only what is not
    among its own default measures needs one.
    """

    kind = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.kind
