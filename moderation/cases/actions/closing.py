"""What follows from a decision: the case closes and its reporters hear, or a human reviews what a rule did."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from foundation.compiled import Compiled
from foundation.rows import update
from moderation.cases import due
from moderation.cases.actions.circumstances import KEPT, Circumstances
from moderation.cases.actions.counter import tell_of_claims
from moderation.cases.actions.evidence import release_unless
from moderation.cases.letters import write_outcome
from moderation.cases.models import Case, Deadline, Decision
from moderation.cases.priority import update_priority
from moderation.reports.actions import close_reports, mark_bad_faith
from moderation.reports.links import address_of
from moderation.reports.models import Report
from moderation.sanctions.actions import issue_statements
from moderation.sanctions.models import Measure

# An interim measure climbs to the top of the queue when nobody reviewed it by then (I1).
REVIEW_WITHIN = timedelta(hours=24)


def ask_for_review(row: Case, at: datetime) -> None:
    """A rule acted at `at`: a human reviews it within a day (I1)."""
    due.expect(row, Deadline.Kind.INTERIM_REVIEW, at + REVIEW_WITHIN)
    update_priority(row, at)


def conclude(
    row: Case,
    decision: Decision,
    taken: Sequence[Measure],
    explanation: str,
    actor: User,
    there: Circumstances | None = None,
) -> None:
    """The decision is final: the case closes, its reporters and everybody whom the measures affect hear of it.

    `there` is what the case has now, where that is known.
    """
    close(row, decision.decided_at, decision.outcome, actor, there)
    release_unless(row, decision, actor=actor)
    issue(row, decision, taken, explanation, actor)
    tell_of_claims(row, taken, actor=actor)


def mark(row: Case, decision: Decision, chosen: Sequence[UUID], actor: User) -> None:
    """Reports of the case that were made in bad faith, by their public ids; what follows from it, follows (C4)."""
    if not chosen:
        return
    reports = Report.objects.filter(case_report__case=row)
    mark_bad_faith(reports, chosen=chosen, at=decision.decided_at, actor=actor)


def issue(row: Case, decision: Decision, taken: Sequence[Measure], explanation: str, actor: User) -> None:
    """The statements of reasons of a decision that took measures (G1)."""
    if taken:
        issue_statements(
            decision.public_id,
            taken,
            facts=explanation,
            automated_detection=_found_by_machine(row),
            automated_decision=decision.interim,
            actor=actor,
            reported=row.report_count > 0,
        )


def _found_by_machine(row: Case) -> bool:
    """Whether no person reported it: our screening did, or a rule acted (G1)."""
    # Withdrawn reports count no more, and were a person's still.
    if row.report_count or row.case_reports.filter(report__channel__in=Report.BY_PEOPLE).exists():
        return False
    return row.case_reports.exists() or row.decisions.filter(interim=True).exists()


def shut(row: Case, at: datetime) -> tuple[str, ...]:
    """Set what a case is that was decided at `at`, and return the names of these fields: the caller saves them."""
    row.state, row.decided_at = Case.State.DECIDED, at
    row.answered_at = None  # of a case that was taken up again: whoever decides knows the answers before
    row.assignee, row.lease_until = None, None
    row.parked, row.parked_until, row.due_at = "", None, None
    return ("state", "decided_at", "answered_at", "assignee", "lease_until", "parked", "parked_until", "due_at")


def close(row: Case, at: datetime, outcome: str, actor: User, there: Circumstances | None = None) -> None:
    """The case is decided: nothing of it waits any more, its reports get their outcome, its reporters hear it."""
    if row.state != Case.State.DECIDED:
        update(row, *shut(row, at))
    if there is None or there.deadlines:
        Deadline.objects.filter(case=row, settled_at=None).exclude(kind=KEPT).update(settled_at=at)
    reports = _reports_of(row.pk)
    people = [report for report in reports if not report.by_machine]
    upheld = outcome == Decision.Outcome.VIOLATION
    close_reports(reports, upheld=upheld, at=at, actor=actor)
    for report in people:
        _tell_reporter(report, upheld, at, actor)
    if there is None or there.parties:
        write_outcome(row, at, outcome, actor=actor)


@Compiled
def _reports_of(case: int) -> QuerySet[Report]:
    rows = Report.objects.filter(case_report__case=case).exclude(state=Report.State.WITHDRAWN)
    return rows.select_related("reporter")


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
            link=address_of(report),
            link_label=_("Your report"),
            actor=actor,
        )
