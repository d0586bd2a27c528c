"""The measures of a decision: confirming or lifting what a rule did, imposing what is new (E5, I1)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from accounts.models import User
from foundation.drafts import draft
from foundation.rows import insert_each
from moderation.cases.actions.lift import note_lifting, tell_about_lifting
from moderation.cases.actions.orders import MeasureOrder
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause, PolicyVersion
from moderation.sanctions.actions import apply_parts_unsaved, apply_unsaved, confirm, impose, lift
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject

# By which a measure is found again: its kind, and the id of what it is about.
Key = tuple[str, int | None]


def take_measures(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Confirm or lift what stands in the case, impose what is new; returns the measures of this decision.

    What stands are interim measures, and what earlier decisions of the case did: decided anew, it is confirmed where it
    is named, else it ends and those whom it affects hear it (D1, E5). What the decision took already, while it waited
    for a second moderator, is neither taken again nor lifted.
    """
    if decision.interim:
        return take_at_once(row, decision, orders, explanation, actor)
    asked = [(one, _parts(row, one)) for one in orders]
    named = {(one.kind, row.subject_id) for one, _brought in asked}
    named |= {(kind, about.pk) for _one, parts in asked for kind, about in parts}
    taken = list(decision.measures.order_by("pk"))
    mine = {_key(one): one for one in taken}
    found: dict[Key, Measure] = {}
    ended = []
    for measure in standing_before(row, decision):
        key = _key(measure)
        if key in named and key not in mine and key not in found:
            found[key] = measure
        else:
            ended.append(measure)
    end_measures(row, decision, ended, explanation, actor, quietly=named)
    for one, _brought in asked:
        if held := found.get((one.kind, row.subject_id)):
            end = one.end(decision.decided_at)
            mine[_key(held)] = _confirmed(held, decision, actor, ends_at=end, until_done=one.until_done)
            taken.append(mine[_key(held)])
    before = set(decision.measures.values_list("pk", flat=True)) if taken else set()
    for one, parts in asked:
        whole = mine.get((one.kind, row.subject_id))
        if whole is None:
            whole = _whole(row, decision, one, explanation, actor)
            taken.append(whole)
        for kind, about in parts:
            if held := found.get((kind, about.pk)):
                taken.append(_confirmed(held, decision, actor, part_of=whole))
            elif whole.pk not in before:
                taken.append(_part(kind, about, whole, decision, explanation, actor))
    decision.measures.set(taken)
    # Whom it concerned heard of what was lifted while it waited.
    return [one for one in taken if one.lifted_at is None]


def standing_before(row: Case, decision: Decision | None = None) -> list[Measure]:
    """What stands, and a person's new `decision` about `row` confirms or ends, oldest first: two queries.

    Interim measures about the same, and what earlier decisions of the case did, its consequences included. Words that
    were said alone hold nothing, and stay said.
    """
    said = [kind.code for kind in KINDS.values() if kind.only_words and not kind.brings]
    before = Decision.objects.filter(case=row, interim=False, undone_at=None)
    decided = Measure.objects.standing().filter(interim=False, decisions__in=before).exclude(kind__in=said)
    # What is destroyed already is over: no decision brings it back.
    decided = decided.filter(Q(erasure=None) | Q(erasure__steps=0))
    if decision is not None and decision.pk:
        decided = decided.exclude(decisions=decision)
    held = [*_interim(row).values(), *decided.distinct()]
    return sorted(held, key=lambda one: one.pk)


def end_measures(
    row: Case,
    decision: Decision,
    measures: Sequence[Measure],
    explanation: str,
    actor: User,
    *,
    quietly: Collection[Key] = (),
) -> None:
    """Lift what the decision does not name, and tell whom it affected; `quietly` what holds in another measure."""
    loud = {one.pk for one in measures if _key(one) not in quietly}
    for measure in measures:
        lift(measure, reason=explanation, actor=actor)
        note_lifting(row, measure, actor=actor, moves=False, by=decision)
    for measure in measures:
        if measure.pk in loud and measure.part_of_id not in loud:
            parts = [one for one in measures if one.pk in loud and one.part_of_id == measure.pk]
            tell_about_lifting(measure, *parts, actor=actor)


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
        taken += apply_parts_unsaved(_parts(row, one), part_of=measure, **said)
    return taken


def take_by_rule(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Impose what a rule's new decision, which is saved, orders in a case where no interim measure stands."""
    at = decision.decided_at, decision.policy_version
    taken = []
    for one in orders:
        whole = _whole(row, decision, one, explanation, actor, at)
        brought = _parts(row, one)
        taken += [whole, *(_part(kind, about, whole, decision, explanation, actor, at=at) for kind, about in brought)]
    insert_each([[link] for link in taken_by(decision, taken)])
    return taken


def taken_by(decision: Decision, measures: Sequence[Measure]) -> list[Model]:
    """The rows that say which measures a decision took; nothing of it needs to be saved."""
    return [draft(Decision.measures.through, decision=decision, measure=measure) for measure in measures]


def take_at_once(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User, *, waits: bool = False
) -> list[Measure]:
    """Impose those of `orders` that do not stand yet; nothing of what stands is confirmed or lifted meanwhile.

    With `waits` a second moderator is waited for: until then what holds says no reasons.
    """
    standing = {_key(one) for one in standing_before(row, decision)}
    taken = []
    for one in orders:
        if (one.kind, row.subject_id) in standing:
            continue
        whole = _whole(row, decision, one, explanation, actor, waits=waits)
        taken.append(whole)
        for kind, about in _parts(row, one):
            if (kind, about.pk) not in standing:
                taken.append(_part(kind, about, whole, decision, explanation, actor, waits=waits))
    decision.measures.set(taken)
    return taken


def _interim(row: Case) -> dict[str, Measure]:
    return {one.kind: one for one in Measure.objects.standing().filter(subject=row.subject, interim=True)}


def _key(measure: Measure) -> Key:
    return measure.kind, measure.subject_id


def _parts(row: Case, order: MeasureOrder) -> list[tuple[str, Subject]]:
    return KINDS[order.kind].parts(row.subject, order.consequences) if order.kind in KINDS else []


def _confirmed(measure: Measure, decision: Decision, actor: User, **how: Any) -> Measure:
    return confirm(measure, clause=_clause_of(decision), actor=actor, **how)


def _whole(
    row: Case,
    decision: Decision,
    order: MeasureOrder,
    explanation: str,
    actor: User,
    at: tuple[datetime, PolicyVersion] | None = None,
    *,
    waits: bool = False,
) -> Measure:
    """What `order` asks for, without what it brings along."""
    return impose(
        order.kind,
        row.subject,
        clause=_clause_of(decision),
        reason=explanation,
        actor=actor,
        automated=decision.interim,
        until_looked=order.until_looked,
        ends_at=order.end(decision.decided_at),
        at=at,
        until_done=order.until_done,
        waits=waits,
    )


def _part(
    kind: str, about: Subject, whole: Measure, decision: Decision, explanation: str, actor: User, **how: Any
) -> Measure:
    said: dict[str, Any] = {"clause": _clause_of(decision), "reason": explanation, "actor": actor}
    return impose(kind, about, part_of=whole, **said, **how)


def _clause_of(decision: Decision) -> Clause:
    assert decision.clause is not None
    return decision.clause
