import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from foundation import bells, clock
from foundation.errors import Refused
from moderation.cases.actions.claims import ClaimedByOther
from moderation.cases.actions.lift import note_lifting, tell_about_lifting
from moderation.cases.chain import text_digest
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline, Decision, Event, EventText
from moderation.cases.permissions import require_decide
from moderation.cases.priority import update_priority
from moderation.cases.queries import events_of
from moderation.policy.models import Clause
from moderation.policy.queries import version_in_force
from moderation.reports.actions import close_reports
from moderation.reports.models import Report
from moderation.sanctions.actions import confirm, impose, issue_statements, lift
from moderation.sanctions.models import Measure

SHORTEST_EXPLANATION = 10
# An interim measure climbs to the top of the queue when nobody reviewed it by then (I1).
REVIEW_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class MeasureOrder:
    """One measure that a decision asks for: its kind."""

    kind: str


class StaleDecision(Refused):
    """The case changed after the moderator opened it; `events` are what happened since, oldest first."""

    code = "stale"

    def __init__(self, case: Case, events: list[Event]) -> None:
        self.case, self.events = case, events
        who = ", ".join(sorted({event.actor.username for event in events}))
        changed = _("This case changed while you looked at it (by %(who)s). Look at what is new, then decide again.")
        never = _("This form does not belong to the case as it is. Reload the page and decide again.")
        super().__init__(changed % {"who": who} if events else never)


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
) -> Decision:
    """Decide a case: the one way, for people and rules alike (D1, D4, I1). Everything in one transaction.

    `version` is the case's version that the actor saw. A rule's decision is `interim`: it acts, and the case stays in
    the queue until a human reviews it; a human's decision confirms the standing interim measures it names and lifts
    the others. A `request_id` that is repeated returns the decision it made before.

    Raises StaleDecision, ClaimedByOther, Forbidden, or Refused for what is missing or does not fit together.
    """
    row = Case.objects.select_for_update(of=("self",)).select_related("clause", "subject").get(pk=case.pk)
    # Asked under the lock: of two clicks at once the second finds what the first decided.
    asked = {
        "outcome": outcome,
        "clause": clause.code if clause else "",
        "measures": [one.kind for one in measures],
    }
    known = Decision.objects.filter(request_id=request_id).select_related("event").first() if request_id else None
    if known and (known.case_id, known.actor_id) == (row.pk, actor.pk) and _says(known, asked, explanation):
        return known
    if known:
        raise Refused(_("This form was sent before for something else. Reload the page and decide again."), code="sent")
    if row.kind != Case.Kind.REVIEW:
        raise Refused(_("An appeal is answered on its own page."), code="appeal")
    require_decide(row, actor)
    _require_current(row, version, actor)
    _require_whole(outcome, clause, measures, explanation)
    event = record(
        row,
        "case.decided" if not interim else "case.acted_on",
        actor=actor,
        data=asked,
        text=explanation,
    )
    decision = Decision.objects.create(
        case=row,
        actor=actor,
        outcome=Decision.Outcome(outcome),
        clause=clause,
        policy_version=version_in_force(),
        interim=interim,
        event=event,
        decided_at=event.at,
        request_id=request_id or uuid.uuid4(),
    )
    taken = _take_measures(row, decision, measures, explanation, actor)
    if interim:
        _ask_for_review(row, event.at)
    else:
        _close(row, event.at, outcome, actor)
    if taken:
        issue_statements(
            decision.public_id,
            taken,
            facts=explanation,
            automated_detection=_found_by_machine(row),
            automated_decision=interim,
            actor=actor,
            reported=row.report_count > 0,
        )
    case.refresh_from_db()
    return decision


def _found_by_machine(row: Case) -> bool:
    """Whether no person reported it: our screening did, or a rule acted (G1)."""
    if row.report_count:
        return False
    return row.case_reports.exists() or row.decisions.filter(interim=True).exists()


def _says(decision: Decision, asked: dict[str, Any], explanation: str) -> bool:
    """Whether `decision` is the one that is asked for again: in everything, its words included."""
    said = decision.event.data
    sealed = EventText.objects.filter(event=decision.event).first()
    same_words = sealed is not None and said.get("text") == text_digest(explanation, sealed.salt)
    return same_words and {name: said.get(name) for name in asked} == asked


def _require_current(row: Case, version: int, actor: User) -> None:
    if row.version != version:
        raise StaleDecision(row, list(events_of(row).filter(case_version__gt=version)))
    if row.state != Case.State.OPEN:
        raise Refused(_("This case is decided already."), code="decided")
    held = row.assignee_id and row.lease_until and row.lease_until > clock.now()
    if held and row.assignee_id != actor.pk and not actor.is_system:
        raise ClaimedByOther(row)


def _require_whole(outcome: str, clause: Clause | None, measures: Sequence[MeasureOrder], explanation: str) -> None:
    if outcome not in Decision.Outcome.values:
        raise Refused(_("Choose whether this is a violation."), code="invalid", status=400)
    if len(explanation.strip()) < SHORTEST_EXPLANATION:
        raise Refused(_("Explain the decision in a sentence: people will read it."), code="invalid", status=400)
    if outcome == Decision.Outcome.VIOLATION and (clause is None or not measures):
        raise Refused(_("A violation needs a clause and at least one measure."), code="invalid", status=400)
    if outcome == Decision.Outcome.NO_VIOLATION and (clause is not None or measures):
        raise Refused(_("“No violation” goes with neither a clause nor a measure."), code="invalid", status=400)
    if len({one.kind for one in measures}) != len(measures):
        raise Refused(_("Choose each measure once."), code="invalid", status=400)


def _take_measures(
    row: Case, decision: Decision, orders: Sequence[MeasureOrder], explanation: str, actor: User
) -> list[Measure]:
    """Confirm or lift the interim measures that stand, impose what is new; returns those of this decision."""
    standing = {one.kind: one for one in Measure.objects.standing().filter(subject=row.subject, interim=True)}
    wanted = [one.kind for one in orders]
    taken: list[Measure] = []
    if not decision.interim:
        for kind, measure in standing.items():
            if kind in wanted:
                assert decision.clause is not None
                taken.append(confirm(measure, clause=decision.clause, actor=actor))
            else:
                lift(measure, reason=explanation, actor=actor)
                note_lifting(row, measure, actor=actor, moves=False)
                tell_about_lifting(measure, actor=actor)
    for kind in wanted:
        if kind not in standing:
            assert decision.clause is not None
            taken.append(
                impose(
                    kind,
                    row.subject,
                    clause=decision.clause,
                    reason=explanation,
                    actor=actor,
                    automated=decision.interim,
                )
            )
    decision.measures.set(taken)
    return taken


def _ask_for_review(row: Case, at: datetime) -> None:
    row.due_at = at + REVIEW_WITHIN
    row.save(update_fields=["due_at"])
    Deadline.objects.create(case=row, kind=Deadline.Kind.INTERIM_REVIEW, due_at=row.due_at)
    bells.ring("deadlines")
    update_priority(row, at)


def _close(row: Case, at: datetime, outcome: str, actor: User) -> None:
    row.state, row.decided_at, row.due_at = Case.State.DECIDED, at, None
    row.answered_at = None  # of a case that was taken up again: whoever decides knows the answers before
    row.assignee, row.lease_until = None, None
    row.save(update_fields=["state", "decided_at", "due_at", "answered_at", "assignee", "lease_until"])
    reports = list(Report.objects.filter(case_report__case=row).select_related("reporter", "subject", "snapshot"))
    people = [report for report in reports if not report.by_machine]
    upheld = outcome == Decision.Outcome.VIOLATION
    close_reports(reports, upheld=upheld, at=at, actor=actor)
    for report in people:
        _tell_reporter(report, upheld, at, actor)


def _tell_reporter(report: Report, upheld: bool, at: datetime, actor: User) -> None:
    """Reporters hear the outcome, without what concerns the other person (G1); again when it was decided anew."""
    with translation.override(report.reporter.language):
        body = (
            _("We looked at what you reported on %(date)s, agreed with you and took action. Thank you for telling us.")
            if upheld
            else _("We looked at what you reported on %(date)s and decided that it does not break our rules.")
        )
        write_to(
            report.reporter,
            key=f"outcome:{report.public_id}:{at.isoformat()}",
            subject=_("What became of your report"),
            body=body % {"date": report.created_at.strftime("%Y-%m-%d")},
            link=f"/reports/{report.public_id}",
            link_label=_("Your report"),
            actor=actor,
        )
