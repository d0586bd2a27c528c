"""How often people agreed with a rule: what decides whether it may act (I2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, QuerySet, Value, When

from moderation.automation.models import Rule, RuleRun
from moderation.cases.models import Decision
from moderation.reports.flaggers import wilson
from moderation.sanctions.measures import KINDS


@dataclass(frozen=True)
class Record:
    """Runs of a rule that a person decided about later, and those of them in which the person agreed."""

    decided: int
    agreed: int

    @property
    def precision(self) -> float | None:
        """Agreed of decided, 0 to 1; None before anything was decided."""
        return self.agreed / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies, with a confidence of 95 %."""
        return wilson(self.agreed, self.decided)

    @property
    def percent(self) -> int | None:
        """The precision in percent, for people."""
        return None if self.precision is None else round(self.precision * 100)

    @property
    def percents(self) -> tuple[int, int]:
        """The interval in percent, for people."""
        low, high = self.interval
        return round(low * 100), round(high * 100)

    def suffices(self, rule: Rule) -> bool:
        """Whether enough was decided, and agreed with, for `rule` to be live."""
        return self.decided >= rule.enough and self.agreed >= rule.floor * self.decided


def records_of(rules: Iterable[Rule]) -> dict[int, Record]:
    """The record of each of these rules, by its key, since it has its present conditions; one query."""
    rules = list(rules)
    runs = counted(RuleRun.objects.filter(rule__in=rules, ran_at__gte=F("rule__since")), {one.measure for one in rules})
    found: dict[int, list[bool]] = {}
    for run in runs.only("rule"):
        if run.reviewed:
            found.setdefault(run.rule_id, []).append(run.agreed)
    return {one.pk: Record(len(said := found.get(one.pk, [])), sum(said)) for one in rules}


def record_of(rule: Rule) -> Record:
    """The record of one rule; one query."""
    return records_of([rule])[rule.pk]


def counted(runs: QuerySet[RuleRun], measures: Iterable[str]) -> QuerySet[Any]:
    """`runs` of rules that take one of `measures`, with `reviewed`, whether a person decided later, and `agreed`.

    Agreed is who took the rule's own measure or one that weighs as much: whoever took a lighter one says that the rule
    would have done too much.
    """
    later = Decision.objects.final().filter(case=OuterRef("case"), decided_at__gte=OuterRef("ran_at"))
    # What an appeal showed to be wrong agrees with nobody.
    stands = later.exclude(overturned=Decision.Overturned.WHOLLY)
    ways = [
        When(rule__measure=code, then=Exists(stands.filter(measures__kind__in=as_heavy(code))))
        for code in sorted(measures)
    ]
    agreed = Case(*ways, default=Value(False), output_field=BooleanField())
    return runs.annotate(reviewed=Exists(later), agreed=agreed)


def as_heavy(code: str) -> list[str]:
    """The kinds of measures that weigh as much as this one, or more."""
    return [one.code for one in KINDS.values() if code in KINDS and one.weight >= KINDS[code].weight]
