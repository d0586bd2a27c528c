import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.compiled import Compiled
from foundation.errors import Refused
from moderation.cases.actions.circumstances import Circumstances, circumstances_of
from moderation.cases.actions.closing import ask_for_review, conclude, issue, mark, shut
from moderation.cases.actions.confirmations import wait_for_second
from moderation.cases.actions.locking import lock_case, take_over
from moderation.cases.actions.orders import MeasureOrder, Verdict
from moderation.cases.actions.requirements import require_current, require_whole
from moderation.cases.actions.taking import take_anew, take_measures
from moderation.cases.chain import text_digest
from moderation.cases.confirming import Guard, guard_of
from moderation.cases.events import record
from moderation.cases.models import BulkDecision, Case, Decision, EventText
from moderation.cases.permissions import require_decide
from moderation.cases.stakes import Stakes
from moderation.policy.models import Clause
from moderation.subjects.queries import whole_subject


@transaction.atomic
def decide(
    case: Case,
    *,
    actor: User,
    version: int,
    outcome: str,
    explanation: str,
    clause: Clause | None = None,
    measures: Sequence[MeasureOrder] = (),
    request_id: uuid.UUID | None = None,
    interim: bool = False,
    override: str = "",
    bulk: BulkDecision | None = None,
    by_operator: bool = False,
    bad_faith: Sequence[uuid.UUID] = (),
    departs: bool = False,
    stakes: Stakes | None = None,
) -> Decision:
    """Decide a case: the one way, for people and rules alike (D1, D4, I1). Everything in one transaction.

    `version` is the case's version that the actor saw. A rule's decision is `interim`: it acts, and the case stays in
    the queue until a human reviews it; a human's decision confirms the standing interim measures it names and lifts
    the others. `override` says why it cannot wait for the owner's 72 hours (D2). A `request_id` that is repeated
    returns the decision it made before.

    Where the policy asks for a second moderator the decision waits for one (see confirming.py), and nobody hears of it
    before; `by_operator` is for commands on the server, which need none. `bad_faith` are the public ids of reports
    that were made in bad faith: with no violation only (C4). `departs` notes that the moderator knew of precedents that
    were decided otherwise (D6).

    Raises StaleDecision, ClaimedByOther, Forbidden, or Refused for what is missing or does not fit together.
    """
    row = lock_case(case)
    if measures:
        row.subject = whole_subject(row.subject_id)[0]
    verdict = Verdict(outcome, clause, measures, explanation, override, interim, bad_faith)
    # Asked under the lock: of two clicks at once the second finds what the first decided.
    asked = {
        "outcome": outcome,
        "clause": clause.code if clause else "",
        "measures": [one.kind for one in measures],
    }
    if bad_faith:
        asked["bad_faith"] = sorted(one.hex for one in bad_faith)
    known = _by_request.first(request_id) if request_id else None
    if known and (known.case_id, known.actor_id) == (row.pk, actor.pk) and _says(known, asked, explanation):
        known.made_before = True
        return known
    if known:
        raise Refused(_("This form was sent before for something else. Reload the page and decide again."), code="sent")
    if row.kind != Case.Kind.REVIEW:
        raise Refused(_("An appeal is answered on its own page."), code="appeal")
    there = circumstances_of(row, actor)
    require_decide(row, actor, stakes, reported=there.reported)
    require_current(row, version, actor, there.now)
    require_whole(row, verdict, actor, there)
    guard = None if interim else guard_of(clause, asked["measures"])
    data: dict[str, Any] = asked | ({"second": "after" if guard.after else "before"} if guard else {})
    if departs:
        data["departs"] = True
    if guard and (by_operator or actor.is_system or clock.is_importing()):
        # Who runs the commands on the server, or brings in what happened long ago, is the second pair of eyes: nobody
        # of the team could stop them, and what was decided elsewhere is confirmed by having been in force.
        guard, data["second"] = None, "operator"
    if override.strip():
        record(row, "window.overridden", actor=actor, text=override.strip(), moves=False)
    kind = "case.acted_on" if interim else "case.decided"
    # Written with the event: a row that lies in so many indexes is written once.
    closed = shut(row, there.now) if guard is None and not interim else ()
    decision = Decision(
        case=row,
        actor=actor,
        outcome=Decision.Outcome(outcome),
        clause=clause,
        policy_version=there.policy,
        interim=interim,
        override=override,
        bulk=bulk,
        decided_at=there.now,
        request_id=request_id or uuid.uuid4(),
    )
    record(row, kind, actor=actor, data=data, text=explanation, at=there.now, also=closed, of=decision)
    _take_effect(row, decision, verdict, guard, there, actor)
    take_over(case, row)
    return decision


@Compiled
def _by_request(key: uuid.UUID) -> QuerySet[Decision]:
    return Decision.objects.filter(request_id=key).select_related("event")


def _take_effect(
    row: Case, decision: Decision, verdict: Verdict, guard: Guard | None, there: Circumstances, actor: User
) -> None:
    """Measures, what becomes of the case, and the statements of reasons to whom they affect."""
    if guard:
        wait_for_second(row, decision, verdict, guard, actor)
        return
    take = take_measures if there.interim else take_anew
    taken = take(row, decision, verdict.measures, verdict.explanation, actor)
    decision.taken = taken
    if verdict.interim:
        ask_for_review(row, decision.decided_at)
        issue(row, decision, taken, verdict.explanation, actor)
    else:
        conclude(row, decision, taken, verdict.explanation, actor, there)
        mark(row, decision, verdict.bad_faith, actor)


def _says(decision: Decision, asked: dict[str, Any], explanation: str) -> bool:
    """Whether `decision` is the one that is asked for again: in everything, its words included."""
    said = decision.event.data
    sealed = EventText.objects.filter(event=decision.event).first()
    same_words = sealed is not None and said.get("text") == text_digest(explanation, sealed.salt)
    same_marks = said.get("bad_faith", []) == asked.get("bad_faith", [])
    return same_words and same_marks and {name: said.get(name) for name in asked} == asked
