"""The second pair of eyes: what another moderator confirms, and who is waited for (D1; architecture, "hold").

Which kinds of measures are guarded, and under which clauses, is policy data: policy.GuardedMeasure and
`Clause.second_moderator`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from foundation.compiled import Compiled
from moderation.cases.models import Case, Confirmation
from moderation.cases.queries import cases, decidable_by
from moderation.policy.models import Clause, GuardedMeasure

# Where a question of law waits for its second moderator.
LEGAL_LANE = "legal"


@dataclass(frozen=True)
class Guard:
    """`kinds` are the measures that somebody else confirms; `after`: they hold meanwhile."""

    kinds: list[str]
    after: bool
    legal: bool


def guard_of(clause: Clause | None, kinds: Sequence[str], guarded_kinds: Sequence[str] | None = None) -> Guard | None:
    """Which of the measures `kinds` under `clause` need a second moderator; None when none does.

    `guarded_kinds` are those of the policy, where they are known; else one query.

    A guarded kind needs one where the clause says so; where it says that nobody is needed, only if the kind is not
    among the clause's own measures: then the decision is stronger than the policy expects.
    """
    if clause is None:
        return None
    guarded = set(_guarded() if guarded_kinds is None else guarded_kinds) & set(kinds)
    asked = clause.second_moderator
    if asked == Clause.SecondModerator.NO:
        guarded -= set(clause.default_measures)
    if not guarded:
        return None
    return Guard(
        kinds=[kind for kind in kinds if kind in guarded],
        after=asked == Clause.SecondModerator.AFTER,
        legal=asked == Clause.SecondModerator.LEGAL,
    )


@Compiled
def _guarded() -> QuerySet[GuardedMeasure, str]:
    return GuardedMeasure.objects.values_list("kind", flat=True)


def waiting_for(case: Case) -> Confirmation | None:
    """The confirmation that `case` waits for, with its decision; None when it waits for none."""
    rows = Confirmation.objects.filter(decision__case=case, state=Confirmation.State.WAITING)
    return rows.select_related("decision__actor", "decision__clause", "decision__event", "hold").first()


def to_confirm(actor: User) -> QuerySet[Case]:
    """Open cases that wait for somebody like `actor` as the second moderator, the first to be due first."""
    waiting = Confirmation.objects.filter(state=Confirmation.State.WAITING).exclude(first_decider=actor)
    rows = cases().filter(pk__in=waiting.values("decision__case"), state=Case.State.OPEN)
    return decidable_by(rows, actor).order_by("due_at", "id")
