"""What we count and publish: no name, no text, no single event (J2, J3)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, Exists, ExpressionWrapper, F, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from moderation.appeals.models import Appeal
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.transparency.period import Period

# A median over fewer cases would tell about single ones: who knows when we decided would learn when it was reported.
FEWEST = 5
# From where a duration is counted to put it into words.
_SOME_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class ClauseCount:
    code: str
    title: str
    reports: int
    violations: int
    no_violations: int


@dataclass(frozen=True)
class MeasureCount:
    code: str
    title: Any
    by_people: int
    by_rules: int
    lifted: int


@dataclass(frozen=True)
class Took:
    """How long something took: the median over `cases`; None where there are too few to say."""

    median: timedelta | None
    cases: int

    @property
    def words(self) -> str:
        """The median as “3 hours, 12 minutes”; "" where there are too few cases."""
        if self.median is None:
            return ""
        if self.median < timedelta(minutes=1):
            return _("less than a minute")
        return timesince(_SOME_MOMENT, _SOME_MOMENT + self.median, depth=2)


@dataclass(frozen=True)
class AppealCount:
    filed: int
    upheld: int
    partly: int
    rejected: int
    waiting: int


@dataclass(frozen=True)
class DepartureCount:
    """How often whoever decided departed from what the ladder suggested (F4), and knowingly from precedents (D6).

    Of as many decisions with a sanction that is a step of the ladder.
    """

    sanctions: int
    ladder: int
    precedents: int


@dataclass(frozen=True)
class FlaggerCount:
    """Reports of trusted flaggers: those that came in, and what became of those that we decided."""

    filed: int
    upheld: int
    rejected: int


@dataclass(frozen=True)
class Counts:
    """Everything that the transparency report of one period says."""

    period: Period
    clauses: list[ClauseCount]
    measures: list[MeasureCount]
    first_action: Took
    decision: Took
    appeals: AppealCount
    departures: DepartureCount
    flaggers: FlaggerCount


def count(period: Period) -> Counts:
    """The figures of `period`; nine queries. Each is counted when it happened, so a past month stays as it is."""
    return Counts(
        period=period,
        clauses=_clauses(period),
        measures=_measures(period),
        first_action=_first_action(period),
        decision=_decision(period),
        appeals=_appeals(period),
        departures=_departures(period),
        flaggers=_flaggers(period),
    )


def _clauses(period: Period) -> list[ClauseCount]:
    people = Report.objects.filter(**period.of("created_at"), channel__in=Report.BY_PEOPLE)
    reported = people.order_by().values_list("clause").annotate(Count("pk"))
    decided = Decision.objects.final().filter(**period.of("decided_at")).order_by()
    violations = decided.filter(outcome=Decision.Outcome.VIOLATION).values_list("clause").annotate(Count("pk"))
    others = decided.filter(outcome=Decision.Outcome.NO_VIOLATION).values_list("case__clause").annotate(Count("pk"))
    reports, yes, no = dict(reported), dict(violations), dict(others)
    rows = [
        ClauseCount(clause.code, clause.title, reports.get(clause.pk, 0), yes.get(clause.pk, 0), no.get(clause.pk, 0))
        for clause in Clause.objects.order_by("order")
    ]
    return [row for row in rows if row.reports or row.violations or row.no_violations]


def _measures(period: Period) -> list[MeasureCount]:
    begun, ended = Q(**period.of("starts_at")), Q(**period.of("lifted_at"))
    counted = (
        Measure.objects.filter(begun | ended)
        .order_by()
        .values("kind")
        .annotate(
            by_people=Count("pk", filter=begun & Q(automated=False)),
            by_rules=Count("pk", filter=begun & Q(automated=True)),
            lifted=Count("pk", filter=ended),
        )
    )
    found = {row["kind"]: row for row in counted}
    return [
        MeasureCount(kind.value, kind.label, row["by_people"], row["by_rules"], row["lifted"])
        for kind in Measure.Kind
        if (row := found.get(kind.value))
    ]


def _first_action(period: Period) -> Took:
    """From the first report of a case by a person to the first thing that we, or a rule, did about it (J3)."""
    within = Decision.objects.filter(case=OuterRef("pk"), **period.of("decided_at"))
    before = Decision.objects.filter(case=OuterRef("pk"), decided_at__lt=period.start)
    took = Min("decisions__decided_at") - _first_report("case_reports__report")
    return _median(Case.objects.filter(Exists(within), ~Exists(before)), took)


def _decision(period: Period) -> Took:
    """From the first report of a case by a person to a human's decision (J3)."""
    took = F("decided_at") - _first_report("case__case_reports__report")
    return _median(Decision.objects.final().filter(**period.of("decided_at")), took)


def _first_report(reports: str) -> Min:
    """When the first person told us; what our screening found before is no notice.

    What the team entered told us when it arrived.
    """
    told = Coalesce(f"{reports}__sender__received_at", f"{reports}__created_at")
    return Min(told, filter=Q(**{f"{reports}__channel__in": Report.BY_PEOPLE}))


def _median(rows: Any, took: Any) -> Took:
    timed = rows.order_by().annotate(took=ExpressionWrapper(took, DurationField()))
    timed = timed.filter(took__gte=timedelta())  # not what was done before anybody told us
    found = timed.aggregate(median=Median("took"), cases=Count("took"))
    return Took(found["median"] if found["cases"] >= FEWEST else None, found["cases"])


def _appeals(period: Period) -> AppealCount:
    answered = Q(**period.of("decided_at"))
    open_then = Q(created_at__lt=period.end) & (Q(decided_at=None) | Q(decided_at__gte=period.end))
    counted = Appeal.objects.aggregate(
        filed=Count("pk", filter=Q(**period.of("created_at"))),
        upheld=Count("pk", filter=answered & Q(state=Appeal.State.UPHELD)),
        partly=Count("pk", filter=answered & Q(state=Appeal.State.PARTLY)),
        rejected=Count("pk", filter=answered & Q(state=Appeal.State.REJECTED)),
        waiting=Count("pk", filter=open_then),
    )
    return AppealCount(**counted)


def _departures(period: Period) -> DepartureCount:
    steps = [kind.code for kind in KINDS.values() if kind.step is not None]
    decided = Decision.objects.final().filter(**period.of("decided_at"))
    counted = decided.aggregate(
        sanctions=Count("pk", filter=Q(measures__kind__in=steps), distinct=True),
        ladder=Count("pk", filter=Q(event__data__has_key="off_ladder"), distinct=True),
        precedents=Count("pk", filter=Q(event__data__has_key="departs"), distinct=True),
    )
    return DepartureCount(**counted)


def _flaggers(period: Period) -> FlaggerCount:
    closed = Q(**period.of("closed_at"))
    counted = Report.objects.filter(trusted=True).aggregate(
        filed=Count("pk", filter=Q(**period.of("created_at"))),
        upheld=Count("pk", filter=closed & Q(state=Report.State.UPHELD)),
        rejected=Count("pk", filter=closed & Q(state=Report.State.REJECTED)),
    )
    return FlaggerCount(**counted)
