"""Evaluating rules: shadow ones record what they would have done, live ones act through decide() (I1, I2)."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from accounts.queries import system_actor
from foundation.errors import Refused
from foundation.models import Change
from foundation.work import claim, finish, put_back
from moderation.automation.actions import held_back, take_back, watch_rules
from moderation.automation.definition import longest_hours
from moderation.automation.holding import Held, holding
from moderation.automation.models import Rule, RuleRun
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, Decision
from moderation.sanctions import measures
from moderation.sanctions.models import Measure
from moderation.subjects.models import Snapshot

logger = logging.getLogger(__name__)
KINDS = ("report.received", "snapshot.scored")
BATCH, LEASE = 100, timedelta(minutes=2)


def evaluate_rules() -> int:
    """Look at every case that got a report or a score since; returns how many changes were worked off.

    First at the rules themselves: what people agree with too seldom only watches from now on.
    """
    watch_rules()
    count = 0
    while claimed := claim(Change.objects.filter(kind__in=KINDS), limit=BATCH, lease=LEASE):
        count += _evaluate(claimed)
    return count


def _evaluate(changes: Sequence[Change]) -> int:
    """Most cases meet no rule: they are asked about together. The others are looked at again one by one, locked.

    Whatever comes to a case meanwhile tells a change of its own.
    """
    try:
        cases = _cases_of(changes)
        met = {one.case_id for one in holding(_rules(), set(cases.values()))}
    except Exception as error:  # noqa: BLE001 - whatever fails, the rows stay and say why
        for change in changes:
            put_back(change, error)
        return 0
    quiet = [change for change in changes if cases.get(change.pk) not in met]
    with transaction.atomic():
        count = len(finish(quiet))
    for change in changes:
        if cases.get(change.pk) in met:
            count += _look(change, cases[change.pk])
    return count


def _rules() -> list[Rule]:
    return list(Rule.objects.exclude(mode=Rule.Mode.OFF).select_related("clause").order_by("pk"))


def _cases_of(changes: Sequence[Change]) -> dict[int, int]:
    """The open case that each change is about, by the id of the change; two queries."""
    rows = Case.objects.filter(state=Case.State.OPEN, kind=Case.Kind.REVIEW)
    reported = {one.object_id for one in changes if one.kind == "report.received"}
    scored = {one.object_id for one in changes if one.kind != "report.received"}
    of_reports = set(rows.filter(pk__in=reported).values_list("pk", flat=True)) if reported else set()
    of_scores = rows.filter(subject__snapshots__in=scored).values_list("subject__snapshots", "pk") if scored else ()
    by_snapshot = {snapshot: case for snapshot, case in of_scores if snapshot in scored}
    found = {}
    for one in changes:
        case = by_snapshot.get(one.object_id)
        if one.kind == "report.received":
            case = one.object_id if one.object_id in of_reports else None
        if case is not None:
            found[one.pk] = case
    return found


def _look(change: Change, case_id: int) -> int:
    """Whether the change was worked off."""
    try:
        with transaction.atomic():
            if not finish([change]):
                return 0
            rows = Case.objects.select_for_update(of=("self",)).select_related("subject", "clause")
            case = rows.filter(pk=case_id, state=Case.State.OPEN).first()
            for held in holding(_rules(), [case.pk]) if case else ():
                assert case is not None
                try:
                    _apply(held, case)
                except Refused as refusal:  # one rule that cannot act must not hold up the others
                    logger.warning("The rule %s could not act (%s).", held.rule.code, refusal.code)
    except Exception as error:  # noqa: BLE001 - whatever fails, the row stays and says why
        put_back(change, error)
        return 0
    return 1


def _apply(held: Held, case: Case) -> None:
    """Run a rule for the newest reported content of `case`, once per content, whether in shadow or live."""
    with transaction.atomic():
        # Locked, so that of several workers none acts beyond the limit, or after it was switched or changed.
        rule = Rule.objects.select_for_update(of=("self",)).select_related("clause").get(pk=held.rule.pk)
        if rule.mode == Rule.Mode.OFF or rule.since != held.rule.since:
            return
        acts = rule.mode == Rule.Mode.LIVE and not _stands(rule, case) and not _lifted(rule, case, held.snapshot_id)
        if acts and (reason := held_back(rule)):
            rule, acts = take_back(rule, reason), False
        run = RuleRun.objects.create(
            rule=rule, case=case, snapshot_id=held.snapshot_id, mode=rule.mode, facts=held.facts
        )
        if acts:
            run.decision = _act(rule, case)
            run.save(update_fields=["decision"])


def _lifted(rule: Rule, case: Case, snapshot: int) -> bool:
    """Whether a person lifted the same measure while the content was what it is now: no rule knows better (I2)."""
    lifted = Measure.objects.filter(subject=case.subject, kind=rule.measure, lifted_by__isnull=False)
    since = Snapshot.objects.filter(pk=snapshot).values("taken_at")
    return lifted.exclude(lifted_by=system_actor()).filter(lifted_at__gte=since).exists()


def _stands(rule: Rule, case: Case) -> bool:
    """Whether the measure holds already: for this subject, or for the person it would concern."""
    same = Measure.objects.standing().filter(kind=rule.measure)
    if (person := measures.KINDS[rule.measure].person(case.subject)) is not None:
        return same.filter(person=person).exists()
    return same.filter(subject=case.subject).exists()


def _act(rule: Rule, case: Case) -> Decision:
    return decide(
        case,
        actor=system_actor(),
        version=case.version,
        outcome=Decision.Outcome.VIOLATION,
        clause=rule.clause,
        measures=[MeasureOrder(rule.measure, lasts=_lasts(rule))],
        explanation=rule.explanation,
        interim=True,
    )


def _lasts(rule: Rule) -> timedelta | None:
    """How long it holds where the rule says so: never longer than what is interim may (I1)."""
    longest = longest_hours(rule.measure)
    return timedelta(hours=min(rule.lasts, longest)) if rule.lasts and longest else None
