"""What a rule or a lane held before a decision, and holds again once that is taken back (D4, E5, I1)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q

from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Refused
from moderation.cases import due
from moderation.cases.actions.decide import decide
from moderation.cases.actions.hold import WORDS
from moderation.cases.actions.lift import tell_about_lifting
from moderation.cases.actions.orders import MeasureOrder, orders_of
from moderation.cases.models import Case, Deadline, Decision
from moderation.policy.models import Clause
from moderation.sanctions.actions.measures import INTERIM_LASTS
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """An interim measure as it was: under which clause, and until when; None: until a human has looked (C6, C9)."""

    measure: Measure
    clause: Clause
    ends_at: datetime | None


def hold_what_was_lifted(row: Case, decision: Decision | None, *, case: Case | None = None) -> None:
    """Hold again what `decision` lifted, where its case is looked at once more; its own measures stand until then.

    `row` is locked and open: its case, or with `case` given that one, another open case about the same.
    """
    if decision is not None:
        held = interim_before(case or row, decision)
        hold_again(row, [one for one in held if one.measure.lifted_at is not None], since=decision.decided_at)


def interim_before(row: Case, decision: Decision) -> list[Held]:
    """The interim measures about what `row` is about that `decision` lifted or confirmed, oldest first.

    `row` is locked and `decision` stands; what ended meanwhile by its own end is none of them.
    """
    confirmation = getattr(decision, "confirmation", None)
    deciders = [decision.actor_id, *([confirmation.actor_id] if confirmation else [])]
    lifted = Q(lifted_at__gte=decision.decided_at, lifted_by__in=deciders)
    standing = Measure.objects.standing().filter(decisions=decision)
    automated = Measure.objects.filter(subject=row.subject_id, automated=True, part_of=None, decisions__interim=True)
    # What a human let stand before that is no rule's any more: earlier.py.
    humans = Decision.objects.filter(case=row, interim=False, undone_at=None, pk__lt=decision.pk)
    automated = automated.exclude(pk__in=Measure.objects.filter(decisions__in=humans).values("pk"))
    found = automated.filter(lifted & ~Q(decisions=decision) | Q(pk__in=standing.values("pk")))
    held = [_as_it_was(one, decision) for one in found.distinct().select_related("clause").order_by("pk")]
    return [one for one in held if one.ends_at is None or one.ends_at > clock.now()]


def hold_again(row: Case, held: Sequence[Held], *, since: datetime) -> None:
    """Take each of `held` again as the rule or the lane took it.

    `row` is locked and open. Those whom it concerns read that it holds, as they read it the first time; somebody
    reviews it by when somebody would have, where a decision made at `since` put an end to that.
    """
    again = [one for one in held if _taken(row, one)]
    review = Deadline.objects.filter(case=row, kind=Deadline.Kind.INTERIM_REVIEW, settled_at__gte=since)
    at = review.aggregate(first=Min("due_at"))["first"]
    if again and at is not None:
        due.settle(row, Deadline.Kind.INTERIM_REVIEW)
        due.expect(row, Deadline.Kind.INTERIM_REVIEW, at)


def _as_it_was(measure: Measure, decision: Decision) -> Held:
    """Of one that `decision` confirmed, which changed its clause and its end, what the rule's decision says."""
    if measure.lifted_at is not None:
        return Held(measure, measure.clause, measure.ends_at)
    taken = measure.decisions.filter(interim=True).select_related("clause", "event").order_by("-pk")
    first = taken.exclude(pk=decision.pk).first()
    assert first is not None
    assert first.clause is not None
    if measure.kind not in first.clause.automation or measure.reason == WORDS:
        return Held(measure, first.clause, None)
    chosen = next((one.end(first.decided_at) for one in orders_of(first.event.data) if one.kind == measure.kind), None)
    usual = first.decided_at + (KINDS[measure.kind].lasts or INTERIM_LASTS)
    return Held(measure, first.clause, chosen or usual)


def _taken(row: Case, held: Held) -> bool:
    """Whether it holds again: not where the policy lets no rule do it any more, or something else holds like it."""
    kind = held.measure.kind
    if Measure.objects.standing().filter(subject=row.subject_id, kind=kind).exists():
        return False
    try:
        with transaction.atomic():
            decide(
                row,
                actor=system_actor(),
                version=row.version,
                outcome=Decision.Outcome.VIOLATION,
                clause=held.clause,
                measures=[MeasureOrder(kind, until_looked=held.ends_at is None, ends_at=held.ends_at)],
                explanation=held.measure.reason,
                interim=True,
            )
    except Refused as refusal:
        logger.warning("What a rule held in the case %s does not hold again (%s).", row.public_id, refusal.code)
        if held.measure.lifted_at is None:  # as we read it: it stood until the decision was taken back
            held.measure.refresh_from_db()
            tell_about_lifting(held.measure, actor=system_actor())
        return False
    return True
