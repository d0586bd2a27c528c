"""The strikes of a person: violations that people of us decided and that stand (F4).

They are read from the decisions themselves, so that one that was taken back, overturned by an appeal or decided anew
counts no more from that moment on, whatever else was stored. A case counts once, as it was decided last: what an
earlier decision said beside that is no strike of its own.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from foundation import clock
from moderation.cases.models import Case, Decision
from moderation.cases.queries import open_to
from moderation.cases.stakes import Stakes
from moderation.policy.models import Clause
from moderation.sanctions import ladder
from moderation.sanctions.ladder import Strike, Suggestion
from moderation.sanctions.measures import KINDS

if TYPE_CHECKING:  # actions ask this room
    from moderation.cases.actions.orders import MeasureOrder


def striking() -> QuerySet[Decision]:
    """Every decision that is a strike now: the last word about its case, a violation, and not overturned as a whole."""
    later = Decision.objects.final().filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    found = Decision.objects.final().filter(~Exists(later), outcome=Decision.Outcome.VIOLATION)
    return found.exclude(overturned=Decision.Overturned.WHOLLY)


def strikes_of(
    person: User, viewer: User, *, without: Case | None = None, stakes: Stakes | None = None
) -> list[Strike]:
    """Those of the last half year in cases that `viewer` may see, oldest first, without the case that is decided now.

    Each with what it took and nobody lifted since: what an appeal lifted in part is not held against anybody. One query
    more where the `stakes` of `viewer` are not known.
    """
    seen = open_to(Case.objects.filter(author=person), viewer, stakes).exclude(pk=without.pk if without else 0)
    kinds = ArrayAgg("measures__kind", filter=Q(measures__isnull=False, measures__lifted_at=None), default=[])
    rows = striking().filter(case__in=seen, decided_at__gt=clock.now() - ladder.KEPT).annotate(kinds=kinds)
    found = rows.order_by("pk").values_list("decided_at", "clause__severity", "kinds")
    return [Strike(at, severity, tuple(sorted(taken))) for at, severity, taken in found]


def off_ladder(case: Case, orders: "Sequence[MeasureOrder]", clause: Clause | None, *, actor: User) -> str:
    """The sanction that the ladder suggests where `orders` hold another one: departures are counted, not forbidden."""
    kinds = [one.kind for one in orders]
    if clause is None or not any(one in KINDS and KINDS[one].step is not None for one in kinds):
        return ""
    suggestion = advice(case, actor, clause)
    return suggestion.kind.code if suggestion and not ladder.follows(suggestion, kinds) else ""


def advice(
    case: Case, viewer: User, clause: Clause | None = None, *, stakes: Stakes | None = None
) -> Suggestion | None:
    """What the ladder suggests in `case`, under its own clause or this one.

    None where nobody answers for the subject, and for somebody at risk, who gets support (C10).
    """
    person = case.subject.author
    if person is None or person.is_system or case.at_risk:
        return None
    severity = (clause or case.clause).severity
    return ladder.suggest(strikes_of(person, viewer, without=case, stakes=stakes), severity=severity, now=clock.now())
