import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.compiled import Compiled
from foundation.drafts import draft
from foundation.errors import Refused
from moderation.cases.actions.circumstances import Circumstances, circumstances_of
from moderation.cases.actions.closing import ask_for_review, conclude, conclude_at_once, issue, mark, shut
from moderation.cases.actions.confirmations import wait_for_second
from moderation.cases.actions.locking import lock_by_id, lock_case, lock_row
from moderation.cases.actions.orders import MeasureOrder, Verdict, chosen_consequences, chosen_ends, said_in_public
from moderation.cases.actions.requirements import require_current, require_whole
from moderation.cases.actions.taking import take_anew, take_by_rule, take_measures
from moderation.cases.as_locked import take_over
from moderation.cases.chain import text_digest
from moderation.cases.confirming import Guard, guard_of
from moderation.cases.events import record, seal
from moderation.cases.models import BulkDecision, Case, Decision, EventText
from moderation.cases.naming import require_discreet
from moderation.cases.permissions import require_decide
from moderation.cases.stakes import Stakes, stakes_of
from moderation.policy.models import Clause


@transaction.atomic
def decide(
    case: Case | uuid.UUID,
    *,
    actor: User,
    version: int,
    outcome: str,
    explanation: str,
    clause: Clause | str | None = None,
    measures: Sequence[MeasureOrder] = (),
    request_id: uuid.UUID | None = None,
    interim: bool = False,
    override: str = "",
    insufficient: str = "",
    bulk: BulkDecision | None = None,
    by_operator: bool = False,
    bad_faith: Sequence[uuid.UUID] = (),
    departs: bool = False,
    off_ladder: str = "",
    naming: bool = False,
    stakes: Stakes | None = None,
    conditions: Sequence[str] = (),
) -> Decision:
    """Decide a case: the one way, for people and rules alike (D1, D4, I1). Everything in one transaction.

    `case` is a case, or its public id where nothing of it was read yet: then the `stakes` of the actor say whether it
    is there for them, and `clause` may be a code.
    `version` is the case's version that the actor saw. A rule's decision is `interim`: it acts, and the case stays in
    the queue until a human reviews it; a human's decision confirms the standing interim measures it names and lifts
    the others. `override` says why it cannot wait for the owner's 72 hours (D2), `insufficient` why a request to the
    owner does not suffice (E3). A `request_id` that is repeated returns the decision it made before.

    Where the policy asks for a second moderator the decision waits for one (see confirming.py), and nobody hears of it
    before; `by_operator` is for commands on the server, which need none. `bad_faith` are the public ids of reports
    that were made in bad faith: with no violation only (C4). `departs` notes that the moderator knew of precedents that
    were decided otherwise (D6), `off_ladder` the sanction that the ladder suggested where another was chosen (F4).
    `conditions` are codes of those under which the repository stays from then on (E5).
    `naming` confirms that the words may stay although they hold a name of somebody who reported it, or words of a
    report (C2); an address of theirs never may.

    Raises NoSuchClause, StaleDecision, ClaimedByOther, Forbidden, NamesSomebody, GivesAway, or Refused for what is
    missing or does not fit together.
    """
    if isinstance(case, uuid.UUID):
        row, named = lock_by_id(case, stakes or stakes_of(actor), clause if isinstance(clause, str) else "")
        clause = named if isinstance(clause, str) else clause
    else:
        assert not isinstance(clause, str), "a clause is named by its code together with the id of a case"
        row = lock_case(case) if interim else lock_row(case)  # a rule's case is ranked again
    verdict = Verdict(outcome, clause, measures, explanation, override, interim, bad_faith, insufficient, conditions)
    # Asked under the lock: of two clicks at once the second finds what the first decided.
    asked: dict[str, Any] = {
        "outcome": outcome,
        "clause": clause.code if clause else "",
        "measures": [one.kind for one in measures],
    }
    if ends := chosen_ends(measures):
        asked["ends"] = ends
    if brought := chosen_consequences(measures):
        asked["consequences"] = brought
    if conditions:
        asked["conditions"] = sorted(conditions)
    if bad_faith:
        asked["bad_faith"] = sorted(one.hex for one in bad_faith)
    request_id = request_id or uuid.uuid4()
    there = circumstances_of(row, actor, sanctions=bool(measures), request_id=request_id)
    known = _by_request.first(request_id) if there.known else None
    if known and (known.case_id, known.actor_id) == (row.pk, actor.pk) and _says(known, asked, explanation):
        known.made_before = True
        return known
    if known:
        raise Refused(_("This form was sent before for something else. Reload the page and decide again."), code="sent")
    if row.kind != Case.Kind.REVIEW:
        raise Refused(_("An appeal is answered on its own page."), code="appeal")
    require_decide(row, actor, stakes, part=there.part)
    require_current(row, version, actor, there.now)
    require_whole(row, verdict, actor, there)
    # Of "no violation" nobody else reads the words, unless it ends something; a rule's are ours, and what is imported
    # was sent long ago.
    ends_something = not interim and (there.interim or there.earlier)
    if (measures or ends_something) and not (actor.is_system or clock.is_importing()):
        in_public = said_in_public(clause, measures) and not by_operator
        readers = {"confirmed": naming or by_operator, "in_public": in_public}
        require_discreet(row, explanation, reports=() if interim else there.reports, parties=there.parties, **readers)
    guard = None if interim else guard_of(clause, [kind for one in measures for kind in one.kinds], there.guarded)
    data: dict[str, Any] = asked | ({"second": "after" if guard.after else "before"} if guard else {})
    if departs:
        data["departs"] = True
    if off_ladder:
        data["off_ladder"] = off_ladder
    if guard and (by_operator or actor.is_system or clock.is_importing()):
        # Who runs the commands on the server, or brings in what happened long ago, is the second pair of eyes: nobody
        # of the team could stop them, and what was decided elsewhere is confirmed by having been in force.
        guard, data["second"] = None, "operator"
    if override.strip():
        record(row, "window.overridden", actor=actor, text=override.strip(), moves=False)
    if insufficient.strip():
        record(row, "requests.insufficient", actor=actor, text=insufficient.strip(), moves=False)
    decision = draft(
        Decision,
        case=row,
        actor=actor,
        outcome=Decision.Outcome(outcome),
        clause=clause,
        policy_version=there.policy,
        interim=interim,
        override=override,
        bulk=bulk,
        decided_at=there.now,
        request_id=request_id,
    )
    if guard or interim or there.interim or there.earlier:
        _take_effect(row, decision, verdict, guard, there, actor, data)
    else:
        decision.taken = take_anew(row, decision, measures, explanation, actor)
        conclude_at_once(row, decision, decision.taken, explanation, actor, there, data)
        mark(row, decision, bad_faith, actor)
    if isinstance(case, Case):
        take_over(case, row)
    return decision


@Compiled
def _by_request(key: uuid.UUID) -> QuerySet[Decision]:
    return Decision.objects.filter(request_id=key).select_related("event")


def _take_effect(
    row: Case,
    decision: Decision,
    verdict: Verdict,
    guard: Guard | None,
    there: Circumstances,
    actor: User,
    data: dict[str, Any],
) -> None:
    """Its event, measures, what becomes of the case, and the statements of reasons to whom they affect."""
    kind = "case.acted_on" if verdict.interim else "case.decided"
    # Written with the event: a row that lies in so many indexes is written once.
    closed = () if guard or verdict.interim else shut(row, decision.decided_at)
    text, at = verdict.explanation, decision.decided_at
    record(row, kind, actor=actor, data=data, text=text, at=at, also=closed, of=decision)
    if guard:
        wait_for_second(row, decision, verdict, guard, actor)
        return
    take = take_measures if there.interim or there.earlier else take_by_rule
    taken = decision.taken = take(row, decision, verdict.measures, verdict.explanation, actor)
    if verdict.interim:
        ask_for_review(row, at)
        told = issue(row, decision, taken, verdict.explanation, actor)
        seal(row, (decision, taken), *taken, *((one, taken) for one in told), actor=actor)
    else:
        conclude(row, decision, taken, verdict.explanation, actor)
        mark(row, decision, verdict.bad_faith, actor)


def _says(decision: Decision, asked: dict[str, Any], explanation: str) -> bool:
    """Whether `decision` is the one that is asked for again: in everything, its words included."""
    said = decision.event.data
    sealed = EventText.objects.filter(event=decision.event).first()
    same_words = sealed is not None and said.get("text") == text_digest(explanation, sealed.salt)
    same_marks = all(said.get(name, []) == asked.get(name, []) for name in ("bad_faith", "conditions"))
    same_ends = all(said.get(name, {}) == asked.get(name, {}) for name in ("ends", "consequences"))
    return same_words and same_marks and same_ends and {name: said.get(name) for name in asked} == asked
