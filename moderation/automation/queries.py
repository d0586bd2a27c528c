"""Rules, what they did or would have done, and what people decided later (I2)."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from moderation.automation.models import Rule, RuleRun
from moderation.cases.models import Decision


def runs_of(rule: Rule) -> QuerySet[RuleRun]:
    """Newest first, each with `human`, the outcome of the later decision of a person ("" while there is none), and
    `same`, whether that decision took the rule's measure."""
    return _reviewed(RuleRun.objects.filter(rule=rule)).select_related("case__clause").order_by("-ran_at", "-id")


def rules() -> QuerySet[Rule]:
    """Every rule with the number of its runs, of those that a person decided about, and of those agreed with."""
    human = Decision.objects.final().filter(case=OuterRef("runs__case"))
    agreed = human.filter(outcome=Decision.Outcome.VIOLATION)
    rows = Rule.objects.select_related("clause").order_by("pk")
    return rows.annotate(
        ran=Count("runs"),
        decided=Count("runs", filter=Q(Exists(human))),
        agreed=Count("runs", filter=Q(Exists(agreed))),
    )


def _reviewed(rows: QuerySet[RuleRun]) -> QuerySet[RuleRun]:
    human = Decision.objects.final().filter(case=OuterRef("case")).order_by("pk")
    same = human.filter(measures__kind=OuterRef("rule__measure"))
    return rows.annotate(human=Subquery(human.values("outcome")[:1]), same=Exists(same))
