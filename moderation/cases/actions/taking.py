"""The measures of a decision: confirming or lifting what a rule did, imposing what is new (E5, I1)."""

from collections.abc import Sequence

from accounts.models import User
from foundation.rows import insert
from moderation.cases.actions.lift import note_lifting, tell_about_lifting
from moderation.cases.actions.orders import MeasureOrder
from moderation.cases.models import Case, Decision
from moderation.sanctions.actions import confirm, impose, lift
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
    kinds = {one.kind for one in wanted}
    if not decision.interim:
        for kind, measure in standing.items():
            if kind in kinds:
                assert decision.clause is not None
                taken.append(confirm(measure, clause=decision.clause, actor=actor))
            else:
                lift(measure, reason=explanation, actor=actor)
                note_lifting(row, measure, actor=actor, moves=False)
                tell_about_lifting(measure, actor=actor)
    taken += [_impose(row, decision, one, explanation, actor) for one in wanted if one.kind not in standing]
    decision.measures.set(taken)
    # Whom it concerned heard of what was lifted while it waited.
    return [one for one in taken if one.lifted_at is None]


def take_anew(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """The same for a decision that was just made, in a case where no interim measure stands: impose what it orders."""
    taken = [_impose(row, decision, one, explanation, actor, anew=True) for one in orders]
    for measure in taken:
        insert(Decision.measures.through(decision_id=decision.pk, measure_id=measure.pk))
    return taken


def take_at_once(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Impose those of `orders` that do not stand yet; nothing of a rule is confirmed or lifted meanwhile."""
    standing = _interim(row)
    taken = [_impose(row, decision, one, explanation, actor) for one in orders if one.kind not in standing]
    decision.measures.set(taken)
    return taken


def _interim(row: Case) -> dict[str, Measure]:
    return {one.kind: one for one in Measure.objects.standing().filter(subject=row.subject, interim=True)}


def _impose(
    row: Case, decision: Decision, order: MeasureOrder, explanation: str, actor: User, *, anew: bool = False
) -> Measure:
    assert decision.clause is not None
    return impose(
        order.kind,
        row.subject,
        clause=decision.clause,
        reason=explanation,
        actor=actor,
        automated=decision.interim,
        until_looked=order.until_looked,
        at=(decision.decided_at, decision.policy_version) if anew else None,
    )
