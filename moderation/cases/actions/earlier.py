"""What earlier decisions of a case did, and a later one confirmed or ended: as it was, once that is taken back (E5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.zones import zone_of
from foundation import clock
from foundation.markdown import literal
from moderation.cases.actions.erasing import order_erasures
from moderation.cases.actions.lift import LIFTED
from moderation.cases.actions.orders import orders_of
from moderation.cases.events import seal
from moderation.cases.models import Case, Decision
from moderation.policy.models import Clause
from moderation.sanctions.actions import as_decided_before, impose
from moderation.sanctions.actions.statements import affected_by, in_words, what_for_affected
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StatementOfReasons


@dataclass(frozen=True)
class Earlier:
    """A measure as the decision `by` left it: until when, or until its owner did what, and as whose part."""

    measure: Measure
    by: Decision
    ends_at: datetime | None
    until_done: str
    part_of: Measure | None

    @property
    def is_over(self) -> bool:
        """Whether it would have ended by itself meanwhile."""
        return self.ends_at is not None and self.ends_at <= clock.now()


def confirmed_by(row: Case, decision: Decision, measures: Iterable[Measure]) -> dict[int, Earlier]:
    """Those of `measures`, which `decision` took, that an earlier decision about `row` had taken, by their ids."""
    found = [_as_it_was(row, decision, one) for one in measures]
    return {one.measure.pk: one for one in found if one is not None}


def ended_by(row: Case, decision: Decision) -> list[Earlier]:
    """What an earlier decision about `row` had taken and `decision` ended, oldest first; not what somebody lifted."""
    events = row.events.filter(kind=LIFTED, data__decision=decision.public_id.hex)
    keys = list(events.values_list("data__measure", flat=True))
    lifted = Measure.objects.filter(public_id__in=keys, lifted_at__isnull=False)
    found = [_as_it_was(row, decision, one) for one in lifted.select_related("clause", "subject").order_by("pk")]
    return [one for one in found if one is not None and not one.is_over]


def leave_as_before(row: Case, earlier: Sequence[Earlier], *, actor: User) -> None:
    """What stands goes on under the earlier decision. `row` is locked."""
    for one in earlier:
        as_decided_before(
            one.measure,
            clause=_clause_of(one),
            policy_version=one.by.policy_version,
            ends_at=one.ends_at,
            until_done=one.until_done,
            part_of=one.part_of,
            actor=actor,
        )
    if earlier:
        seal(row, *[one.measure for one in earlier], actor=actor)


def take_again(row: Case, decision: Decision, earlier: Sequence[Earlier], *, actor: User) -> None:
    """What `decision` ended holds again, as the earlier one took it; whom it affects read that. `row` is locked."""
    again: dict[int, Measure] = {}
    for one in earlier:
        old = one.measure
        again[old.pk] = impose(
            old.kind,
            old.subject,
            clause=_clause_of(one),
            reason=old.reason,
            actor=actor,
            ends_at=one.ends_at,
            part_of=again.get(one.part_of.pk, one.part_of) if one.part_of else None,
            until_done=one.until_done,
        )
    for by in {one.by.pk: one.by for one in earlier}.values():
        taken = [again[one.measure.pk] for one in earlier if one.by.pk == by.pk]
        by.measures.add(*taken)
        statements = list(StatementOfReasons.objects.filter(decision_id=by.public_id))
        for statement in statements:
            statement.measures.add(*taken)  # by which they contest it
        seal(row, by, *taken, *statements, actor=actor)
        order_erasures(row, by, taken)
        _tell(decision, taken, actor)


def _as_it_was(row: Case, decision: Decision, measure: Measure) -> Earlier | None:
    """From what the event of the last human decision before keeps; None where only a rule had taken it."""
    before = measure.decisions.filter(case=row, interim=False, undone_at=None, pk__lt=decision.pk)
    by = before.select_related("event", "clause", "policy_version").order_by("-pk").first()
    if by is None:
        return None
    orders = orders_of(by.event.data)
    order = next((one for one in orders if one.kind == measure.kind), None)
    whole, chosen, until_done = None, None, ""
    if order is not None:
        # Counted from when it was decided, or confirmed.
        chosen, until_done = order.end(by.decided_at), order.until_done
    else:
        kinds = [one.kind for one in orders if measure.kind in one.kinds]
        whole = by.measures.filter(kind__in=kinds).order_by("-pk").first()
    lasts = KINDS[measure.kind].lasts
    usual = measure.starts_at + lasts if lasts else None
    if measure.lifted_at is not None:  # its columns say it
        return Earlier(measure, by, measure.ends_at, measure.until_done, whole)
    return Earlier(measure, by, chosen or usual, until_done, whole)


def _clause_of(one: Earlier) -> Clause:
    assert one.by.clause is not None
    return one.by.clause


def _tell(decision: Decision, measures: Sequence[Measure], actor: User) -> None:
    for person in affected_by(measures):
        with translation.override(person.language), timezone.override(zone_of(person)):
            begins = _("We took a decision about %(what)s back. What we had decided before holds again:")
            parts = [
                begins % {"what": literal(what_for_affected(measures[0].subject))},
                *(in_words(one) for one in measures),
                _("Our reasons, and how you can contest it, stand in what we wrote to you then."),
            ]
            write_to(
                person,
                key=f"again:{decision.public_id}",
                subject=_("What we decided before holds again"),
                body="\n\n".join(parts),
                actor=actor,
            )
