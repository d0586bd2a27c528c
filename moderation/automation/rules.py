"""Evaluating rules: shadow ones record what they would have done, live ones act through decide() (I1, I2)."""

import logging

from django.db import transaction

from accounts.queries import system_actor
from foundation.errors import Refused
from foundation.models import Change
from foundation.work import work_off
from moderation.automation.actions import held_back, take_back, watch_rules
from moderation.automation.conditions import independent_reporters, reported_snapshots
from moderation.automation.models import Rule, RuleRun
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, Decision
from moderation.sanctions import measures
from moderation.sanctions.models import Measure
from moderation.scoring.models import Score
from moderation.subjects.models import Snapshot

logger = logging.getLogger(__name__)
KINDS = ("report.received", "snapshot.scored")


def evaluate_rules() -> int:
    """Look at every case that got a report or a score since; returns how many changes were worked off.

    First at the rules themselves: what people agree with too seldom only watches from now on.
    """
    watch_rules()
    return work_off(Change.objects.filter(kind__in=KINDS), _evaluate_change)


def _evaluate_change(change: Change) -> None:
    rows = Case.objects.select_for_update(of=("self",)).select_related("subject", "clause")
    rows = rows.filter(state=Case.State.OPEN, kind=Case.Kind.REVIEW)
    if change.kind == "report.received":
        case = rows.filter(pk=change.object_id).first()
    else:
        case = rows.filter(subject__snapshots=change.object_id).first()
    if case is not None:
        for rule in Rule.objects.exclude(mode=Rule.Mode.OFF).select_related("clause").order_by("pk"):
            try:
                _apply(rule, case)
            except Refused as refusal:  # one rule that cannot act must not hold up the others
                logger.warning("The rule %s could not act (%s).", rule.code, refusal.code)


def _apply(rule: Rule, case: Case) -> None:
    """Run `rule` for the newest reported content of `case`, once per content, whether in shadow or live."""
    if case.subject.kind not in rule.subject_kinds:
        return
    snapshot = next(iter(reported_snapshots(case)), None)
    if snapshot is None or RuleRun.objects.filter(rule=rule, snapshot=snapshot).exists():
        return
    score = Score.objects.counting().filter(snapshot=snapshot, label=rule.label).order_by("-pk").first()
    if score is None or not score.confident:
        return
    reporters = independent_reporters(case)
    if reporters < rule.reporters:
        return
    facts = {"label": rule.label, "value": score.value, "reporters": reporters}
    with transaction.atomic():
        # Locked, so that of several workers none acts beyond the limit, or after it was switched.
        rule = Rule.objects.select_for_update(of=("self",)).select_related("clause").get(pk=rule.pk)
        if rule.mode == Rule.Mode.OFF:
            return
        acts = rule.mode == Rule.Mode.LIVE and not _stands(rule, case) and not _lifted(rule, case, snapshot)
        if acts and (reason := held_back(rule)):
            rule, acts = take_back(rule, reason), False
        run = RuleRun.objects.create(rule=rule, case=case, snapshot_id=snapshot, mode=rule.mode, facts=facts)
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
        measures=[MeasureOrder(rule.measure)],
        explanation=rule.explanation,
        interim=True,
    )
