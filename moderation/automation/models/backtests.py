import uuid

from django.conf import settings
from django.db import models

from foundation.clock import Now
from moderation.automation.models.rules import Rule
from moderation.cases.models import Case


class Backtest(models.Model):
    """What a rule would have done in the past, with the conditions that it had when somebody asked (I2).

    The counts are of all cases; which ones somebody may look at is asked when they look.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="backtests", db_index=False)
    definition = models.JSONField(help_text="What the rule was: subject_kinds, clauses, conditions, measure.")
    since = models.DateTimeField(null=True, blank=True, help_text="Of cases opened since; empty: of all.")
    cases = models.PositiveIntegerField(default=0, help_text="How many it looked at.")
    held = models.PositiveIntegerField(default=0, help_text="In how many the conditions held.")
    decided = models.PositiveIntegerField(default=0, help_text="How many of these a person decided.")
    agreed = models.PositiveIntegerField(
        default=0, help_text="In how many of these the measure, or one as heavy, was taken."
    )
    languages = models.JSONField(default=dict, help_text="Held, decided and agreed by the language of the case.")
    seconds = models.FloatField(default=0)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    ran_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["rule", "-id"], name="backtest_of_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.held}"


class BacktestCase(models.Model):
    """A case in which the conditions of a rule would have held, at the moment before a person decided it.

    Hundreds of thousands are written by one statement that has read their cases itself. Foreign keys in the database
    would ask for each of these again, and lock it.
    """

    backtest = models.ForeignKey(Backtest, models.CASCADE, related_name="found", db_index=False, db_constraint=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    at = models.DateTimeField(help_text="When a person decided, or when the backtest ran.")
    decided = models.BooleanField()
    agreed = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["backtest", "id"], name="backtest_cases")]
