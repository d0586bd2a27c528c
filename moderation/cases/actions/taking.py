"""The measures of a decision: confirming or lifting what a rule did, imposing what is new (E5, I1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import User
from foundation.drafts import draft
from foundation.rows import insert_each
from moderation.cases.actions.lift import note_lifting, tell_about_lifting
from moderation.cases.actions.orders import MeasureOrder
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause, PolicyVersion
from moderation.sanctions.actions import apply_unsaved, confirm, impose, lift
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure


def take_measures(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Confirm or lift the interim measures that stand, impose what is new; returns those of this decision.

    What the decision took already, while it waited for a second moderator, is neither taken again nor lifted.
    """
    standing = _interim(row)
    taken = list(decision.measures.order_by("pk"))
    before = {one.kind for one in taken}
    wanted = [one for one in orders if one.kind not in before]
    kinds = {one.kind: one for one in wanted}
    brought = {kind for one in wanted for kind in one.kinds[1:]}
    if not decision.interim:
        for kind, measure in standing.items():
            if kind in kinds:
                assert decision.clause is not None
                end = kinds[kind].end(decision.decided_at)
                done = kinds[kind].until_done
                taken.append(confirm(measure, clause=decision.clause, actor=actor, ends_at=end, until_done=done))
            elif kind not in brought:
                lift(measure, reason=explanation, actor=actor)
                note_lifting(row, measure, actor=actor, moves=False)
                tell_about_lifting(measure, actor=actor)
    for one in wanted:
        if one.kind not in standing:
            taken += _impose(row, decision, one, explanation, actor, standing=standing)
    decision.measures.set(taken)
    # Whom it concerned heard of what was lifted while it waited.
    return [one for one in taken if one.lifted_at is None]


def take_anew(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Apply what a person's new decision orders in a case where no interim measure stands.

    Neither the decision nor these measures are saved: the caller does it in the same transaction, with taken_by().
    """
    if not orders:
        return []
    said: dict[str, Any] = {"clause": _clause_of(decision), "reason": explanation, "actor": actor}
    said["at"] = decision.decided_at, decision.policy_version
    taken = []
    for one in orders:
        end = one.end(decision.decided_at)
        measure = apply_unsaved(one.kind, row.subject, ends_at=end, until_done=one.until_done, **said)
        taken.append(measure)
        for kind, about in KINDS[one.kind].parts(row.subject, one.consequences):
            taken.append(apply_unsaved(kind, about, part_of=measure, **said))
    return taken


def take_by_rule(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Impose what a rule's new decision, which is saved, orders in a case where no interim measure stands."""
    at = decision.decided_at, decision.policy_version
    taken = [measure for one in orders for measure in _impose(row, decision, one, explanation, actor, at)]
    insert_each([[link] for link in taken_by(decision, taken)])
    return taken


def taken_by(decision: Decision, measures: Sequence[Measure]) -> list[Model]:
    """The rows that say which measures a decision took; nothing of it needs to be saved."""
    return [draft(Decision.measures.through, decision=decision, measure=measure) for measure in measures]


def take_at_once(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Impose those of `orders` that do not stand yet; nothing of a rule is confirmed or lifted meanwhile."""
    standing = _interim(row)
    wanted = [one for one in orders if one.kind not in standing]
    taken = [measure for one in wanted for measure in _impose(row, decision, one, explanation, actor)]
    decision.measures.set(taken)
    return taken


def _interim(row: Case) -> dict[str, Measure]:
    return {one.kind: one for one in Measure.objects.standing().filter(subject=row.subject, interim=True)}


def _impose(
    row: Case,
    decision: Decision,
    order: MeasureOrder,
    explanation: str,
    actor: User,
    at: tuple[datetime, PolicyVersion] | None = None,
    *,
    standing: Mapping[str, Measure] | None = None,
) -> list[Measure]:
    """What `order` asks for, and what it brings along: of this what is `standing`, an interim measure, is confirmed."""
    clause = _clause_of(decision)
    said: dict[str, Any] = {"clause": clause, "reason": explanation, "actor": actor, "at": at}
    measure = impose(
        order.kind,
        row.subject,
        automated=decision.interim,
        until_looked=order.until_looked,
        ends_at=order.end(decision.decided_at),
        until_done=order.until_done,
        **said,
    )
    taken = [measure]
    for kind, about in KINDS[order.kind].parts(row.subject, order.consequences):
        if standing and kind in standing and about == row.subject:
            taken.append(confirm(standing[kind], clause=clause, actor=actor, part_of=measure))
        else:
            taken.append(impose(kind, about, part_of=measure, **said))
    return taken


def _clause_of(decision: Decision) -> Clause:
    assert decision.clause is not None
    return decision.clause
