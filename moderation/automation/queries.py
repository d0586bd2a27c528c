"""Rules, what they did or would have done, and what people decided later (I2)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from moderation.automation.conditions import Condition
from moderation.automation.models import Backtest, Rule, RuleRun
from moderation.cases.models import Case, Decision
from moderation.cases.queries import open_to
from moderation.scoring.models import Classifier, ClassifierLabel, HashList, Score


def runs_of(rule: Rule, person: User) -> QuerySet[RuleRun]:
    """Newest first, of the cases that `person` may see, each with `human`, the outcome of a person's later decision.

    None while there is none; and `same`, whether that decision took the rule's measure.
    """
    seen = open_to(Case.objects.all(), person)
    human = Decision.objects.final().filter(case=OuterRef("case"), decided_at__gte=OuterRef("ran_at")).order_by("pk")
    rows = RuleRun.objects.filter(rule=rule, case__in=seen).annotate(
        human=Subquery(human.values("outcome")[:1]), same=Exists(human.filter(measures__kind=rule.measure))
    )
    return rows.select_related("case__clause").order_by("-ran_at", "-id")


def rules() -> QuerySet[Rule]:
    """Every rule with `ran`, how often its conditions held since it has them."""
    held = Count("runs", filter=Q(runs__ran_at__gte=F("since")))
    return Rule.objects.select_related("clause").annotate(ran=held).order_by("pk")


def known_labels() -> list[str]:
    """Labels that a condition can ask for, by name: what rules ask for, and what classifiers say; four queries."""
    found = {one.label for rule in Rule.objects.only("conditions") for one in _readable(rule) if one.label}
    active = ClassifierLabel.objects.filter(classifier__state=Classifier.State.ACTIVE)
    found |= set(active.values_list("name", flat=True))
    found |= set(HashList.objects.filter(active=True).values_list("label", flat=True))
    # What is not configured says its labels with its scores.
    return sorted(found | set(Score.objects.order_by("-pk").values_list("label", flat=True)[:200]))


def backtests() -> QuerySet[Backtest]:
    """Every backtest with its rule."""
    return Backtest.objects.select_related("rule__clause", "actor")


def _readable(rule: Rule) -> Iterable[Condition]:
    try:
        return rule.read
    except ValidationError:
        return ()
