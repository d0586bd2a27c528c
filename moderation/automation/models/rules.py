import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.automation.conditions import Conditions, read_conditions, validate_conditions
from moderation.automation.wording import words_of
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause
from moderation.sanctions.measures import KINDS
from moderation.subjects.models import Snapshot


class Rule(models.Model):
    """When a rule's conditions hold for a case, it takes a measure by itself, as an interim measure (I1)."""

    class Mode(models.TextChoices):
        """Every rule ships in shadow: it records what it would have done (I2)."""

        OFF = "off", _("off")
        SHADOW = "shadow", _("shadow: records what it would have done")
        LIVE = "live", _("live: acts")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.SHADOW)
    # When it holds: what it is about, and its conditions, see conditions.py.
    subject_kinds = models.JSONField(default=list, help_text="Such as [“comment”].")
    clauses = models.JSONField(
        default=list, blank=True, help_text="Codes of the clauses that were reported; [] for any."
    )
    conditions = models.JSONField(validators=[validate_conditions], help_text="Groups of conditions.")
    # What it does then.
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=40)
    lasts = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Hours until the measure ends, unless a person confirms it; empty: as usual."
    )
    explanation = models.TextField(help_text="Our words to the person, when it acts.")

    # What it takes to be live, and to stay it (I2).
    floor = models.FloatField(
        default=0.9,
        db_default=0.9,
        validators=[MinValueValidator(0.5), MaxValueValidator(1)],
        help_text="The share of its runs, 0.5 to 1, that people agreed with: below it the rule only watches.",
    )
    enough = models.PositiveSmallIntegerField(
        default=20,
        db_default=20,
        validators=[MinValueValidator(1)],
        help_text="So many of its runs people must have decided about before that share says anything.",
    )
    hourly_limit = models.PositiveSmallIntegerField(
        default=10,
        db_default=10,
        validators=[MinValueValidator(1)],
        help_text="What acts more often than this goes back to shadow.",
    )
    since = models.DateTimeField(
        db_default=Now(), editable=False, help_text="Its record begins here: before that it was another rule."
    )

    class Meta:
        permissions = [("switch_live", "Switches rules live")]

    def __str__(self) -> str:
        return self.title

    @property
    def floor_percent(self) -> int:
        """The floor in percent, for people."""
        return round(self.floor * 100)

    @property
    def read(self) -> Conditions:
        """Its conditions. Raises ValidationError where somebody stored what is none."""
        return read_conditions(self.conditions)

    @property
    def measure_name(self) -> str:
        """The measure in words."""
        return str(KINDS[self.measure].label) if self.measure in KINDS else self.measure


class RuleRun(models.Model):
    """A rule's conditions held for a snapshot: what it did, or would have done in shadow (I2)."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="runs", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="rule_runs")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Rule.Mode.choices)
    facts = models.JSONField(help_text="Scores and counts that made it hold.")
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, blank=True, related_name="rule_run")
    ran_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            # What a human lifted no rule repeats for the same content.
            models.UniqueConstraint(fields=["rule", "snapshot"], name="one_run_a_snapshot"),
        ]

    @property
    def because(self) -> str:
        """The facts in words, in the active language."""
        return words_of(self.facts, exact=True)

    @property
    def because_roughly(self) -> str:
        """The same without numbers of scores, for those who may not see them (H6)."""
        return words_of(self.facts, exact=False)


class RuleSwitch(models.Model):
    """A rule got another mode: by whom, and why; never changed and never deleted (I2)."""

    class Reason(models.TextChoices):
        PERSON = "person", _("switched by a person")
        CHANGED = "changed", _("its conditions or its measure were changed")
        PRECISION = "precision", _("people agreed with it too seldom")
        LIMIT = "limit", _("it acted more often than it may")

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="switches")
    mode = models.CharField(max_length=10, choices=Rule.Mode.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "rule switches"

    def __str__(self) -> str:
        return f"{self.rule}: {self.get_mode_display()}"
