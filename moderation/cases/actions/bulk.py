"""Deciding a selection of cases in one go: each by the same `decide`, all of them or none (D4)."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.errors import Forbidden, Refused
from moderation.cases.actions.decide import decide
from moderation.cases.actions.orders import MeasureOrder, Verdict
from moderation.cases.actions.requirements import require_current, require_whole
from moderation.cases.confirming import guard_of
from moderation.cases.models import BulkDecision, Case, CaseReport
from moderation.cases.naming import can_be_confirmed
from moderation.cases.permissions import require_decide, require_team
from moderation.cases.queries import cases
from moderation.cases.strikes import off_ladder
from moderation.cases.templates_of_reasons import fill
from moderation.policy.models import Clause
from moderation.reports.actions import hold_records
from moderation.sanctions.measures import DECIDED, KINDS
from repositories.models import Repository

MOST = 50


@dataclass(frozen=True)
class Chosen:
    """A case of the selection, and its version that the moderator saw."""

    case: Case
    version: int


@dataclass(frozen=True)
class Obstacle:
    """Why a case cannot be decided, or taken back, together with the others."""

    case: Case
    why: Any
    # Whether it is words that may stay when whoever wrote them confirms it (C2).
    confirmable: bool = False


class InTheWay(Refused):
    """Nothing was done, because of some of the cases: `obstacles` says which and why."""

    code = "in_the_way"

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = list(obstacles)
        self.confirmable = any(one.confirmable for one in self.obstacles)
        super().__init__(_("Nothing was changed, because some of these cases stand in the way. Take them out first."))


class DepartTogether(InTheWay):
    """Some of them would depart from precedents, and whoever decides does not know it (D6)."""

    code = "departs"


@transaction.atomic
def decide_together(
    chosen: Sequence[Chosen],
    *,
    actor: User,
    outcome: str,
    explanation: str,
    clause: Clause | None = None,
    measures: Sequence[MeasureOrder] = (),
    request_id: uuid.UUID | None = None,
    departing: Collection[int] = (),
    naming: bool = False,
) -> BulkDecision:
    """Decide every one of `chosen` in the same way, in one transaction: all or none (D4).

    Variables in `explanation`, as in templates of reasons, are filled in for each case. A `request_id` that is
    repeated by the same person returns what it decided before. `departing` are ids of the cases that the moderator
    knows to depart from precedents (D6); `naming` confirms that a name in the words may stay (C2). Raises Forbidden,
    Refused for no case or too many, InTheWay with all that stands in the way.
    """
    require_team(actor)
    _require_some(chosen)
    rows = lock_together([one.case.pk for one in chosen])
    # Asked under the locks: of two clicks at once the second finds what the first decided.
    known = BulkDecision.objects.filter(request_id=request_id).first() if request_id else None
    if known is not None:
        if known.actor_id != actor.pk:
            raise Refused(_("This form was sent before for something else. Choose the cases again."), code="sent")
        return known
    versions = {one.case.pk: one.version for one in chosen}
    kinds = [kind for one in measures for kind in one.kinds]
    bulk = BulkDecision.objects.create(actor=actor, request_id=request_id or uuid.uuid4())
    obstacles = []
    # As the ladder suggests it before: none of them comes again after another.
    off = {row.pk: off_ladder(row, measures, clause, actor=actor) for row in rows}
    for row in rows:
        try:
            with transaction.atomic():
                _require_no_second(clause, kinds)
                decide(
                    row,
                    actor=actor,
                    version=versions[row.pk],
                    outcome=outcome,
                    explanation=fill(explanation, row, clause),
                    clause=clause,
                    measures=measures,
                    bulk=bulk,
                    departs=row.pk in departing,
                    off_ladder=off[row.pk],
                    naming=naming,
                )
        except Refused as refusal:
            obstacles.append(Obstacle(row, refusal.message, can_be_confirmed(refusal)))
    if obstacles:
        raise InTheWay(obstacles)
    return bulk


def obstacles_of(row: Case, version: int, verdict: Verdict, actor: User) -> list[Any]:
    """What would stand in the way of deciding `row` so, in words: the same rules as `decide` asks; changes nothing.

    A verdict without an outcome is one that was not chosen yet: only the case itself is asked about.
    """
    checks: list[Callable[[], None]] = [
        lambda: _require_review(row),
        lambda: require_decide(row, actor),
        lambda: require_current(row, version, actor),
    ]
    if verdict.outcome:
        checks += [
            lambda: _require_fitting(row, [one.kind for one in verdict.measures]),
            lambda: require_whole(row, verdict, actor),
            lambda: _require_no_second(verdict.clause, [kind for one in verdict.measures for kind in one.kinds]),
        ]
    for check in checks:
        try:
            check()
        except Refused as refusal:
            return [refusal.message]
    return []


def lock_together(keys: Sequence[int]) -> list[Case]:
    """These cases with what `fill` and `decide` need, locked by ascending id, then their repositories in the same way.

    Whoever decides one case locks its repository after it, and the records of its reporters: with all held from the
    start, nobody waits crosswise.
    """
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    rows = list(cases().filter(pk__in=keys).order_by("pk"))
    homes = [home.pk for row in rows if (home := row.subject.home) is not None]
    locked = Repository.objects.select_for_update(no_key=True).filter(pk__in=homes).order_by("pk")
    list(locked.values_list("pk", flat=True))
    if len(rows) > 1:
        hold_records(CaseReport.objects.filter(case__in=keys).order_by("pk").values_list("report", flat=True))
    return rows


def _require_some(chosen: Sequence[Chosen]) -> None:
    if not chosen:
        raise Refused(_("Choose the cases first, in the queue."), code="empty", status=400)
    if len(chosen) > MOST:
        raise Refused(_("Choose fifty cases at most."), code="too_many", status=400)


def _require_review(row: Case) -> None:
    if row.kind != Case.Kind.REVIEW:
        raise Refused(_("An appeal is answered on its own page."), code="appeal")


def _require_fitting(row: Case, kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in DECIDED or not KINDS[kind].applies_to(row.subject):
            name = KINDS[kind].label if kind in KINDS else kind
            raise Refused(_("“%(measure)s” does not fit this.") % {"measure": name}, code="unfit")


def _require_no_second(clause: Clause | None, kinds: Sequence[str]) -> None:
    if guard_of(clause, kinds) is not None:
        raise Forbidden(_("A second moderator has to confirm this. Decide it on its own page."), code="second")
