import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
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
    subject_kinds = models.JSONField(default=list, help_text="Such as [“comment”].")
    label = models.CharField(max_length=40, help_text="A label of a classifier, scored with confidence.")
    reporters = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1)],
        help_text="How many independent, established reporters it takes.",
    )
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=40)
    explanation = models.TextField(help_text="Our words to the person, when it acts.")

    class Meta:
        permissions = [("switch_live", "Switches rules live")]

    def __str__(self) -> str:
        return self.title

    @property
    def measure_name(self) -> str:
        """The measure in words."""
        return str(KINDS[self.measure].label) if self.measure in KINDS else self.measure


class RuleRun(models.Model):
    """A rule's conditions held for a snapshot: what it did, or would have done in shadow (I2)."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="runs")
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
