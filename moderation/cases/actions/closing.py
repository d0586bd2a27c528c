"""What follows from a decision: the case closes and its reporters hear, or a human reviews what a rule did."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import draft_letter, send_letters, sendings
from accounts.models import InboxMessage, User
from foundation.rows import Piece, update
from moderation.cases import due
from moderation.cases.actions.circumstances import KEPT, Circumstances, reports_of
from moderation.cases.actions.counter import tell_of_claims
from moderation.cases.actions.endings import draft_endings
from moderation.cases.actions.erasing import order_erasures
from moderation.cases.actions.evidence import release_unless
from moderation.cases.actions.orders import waited_for
from moderation.cases.actions.standing import draft_conditions_of, set_conditions, tell_of_conditions
from moderation.cases.actions.taking import taken_by
from moderation.cases.events import record, seal
from moderation.cases.letters import write_outcome
from moderation.cases.models import Case, Deadline, Decision
from moderation.cases.priority import update_priority
from moderation.reports.actions import close_reports, draft_judged, mark_bad_faith, outcome_given
from moderation.reports.links import address_of
from moderation.reports.models import Report
from moderation.sanctions.actions import draft_statements, end_requests, issue_statements
from moderation.sanctions.models import Measure, StatementOfReasons

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
    beside: Sequence[Model] = (),
) -> None:
    """The decision is final: the case closes, its reporters and everybody whom the measures affect hear of it.

    An event says what is left of all this, and of what is `beside` it.
    """
    ended = close(row, decision.decided_at, decision.outcome, actor)
    release_unless(row, decision, actor=actor)
    told = issue(row, decision, taken, explanation, actor)
    Deadline.objects.bulk_create(draft_endings(row, taken))
    conditions = set_conditions(row, decision, actor)
    said = [(one, taken) for one in told]
    seal(row, decision, *taken, *said, *conditions, *ended, *beside, actor=actor)
    tell_of_claims(row, taken, actor=actor)
    order_erasures(row, decision, taken)


def mark(row: Case, decision: Decision, chosen: Sequence[UUID], actor: User) -> None:
    """Reports of the case that were made in bad faith, by their public ids; what follows from it, follows (C4)."""
    if not chosen:
        return
    reports = Report.objects.filter(case_report__case=row)
    mark_bad_faith(reports, chosen=chosen, at=decision.decided_at, actor=actor)


def conclude_at_once(
    row: Case,
    decision: Decision,
    taken: Sequence[Measure],
    explanation: str,
    actor: User,
    there: Circumstances,
    data: dict[str, Any],
) -> None:
    """The same for a person's new decision that nobody has to confirm, with its event, of this `data`.

    Nothing of it is saved yet, measures that hold already included: what is new is one statement, with the outcome of
    the reports and the letters.
    """
    at, upheld = decision.decided_at, decision.outcome == Decision.Outcome.VIOLATION
    reports = _answered(there.reports)
    statements = []
    if taken:
        statements = draft_statements(decision.public_id, taken, at=at, **said_of(row, decision, explanation))
    rows = [*taken, *taken_by(decision, taken)]
    for one in statements:
        rows += [one.statement, *one.links]
    conditions = draft_conditions_of(row, decision, data.get("conditions", ()), waited_for(data))
    rows += [*conditions, *draft_endings(row, taken), *draft_judged(reports, actor=actor)]
    letters = [*letters_to_reporters(reports, upheld, at), *(one.letter for one in statements)]
    said = [(one.statement, taken) for one in statements]
    # Settled where nothing waits, too: one statement for both stays prepared, two are planned twice as often.
    settled = Piece(_SETTLE, [at, row.pk])
    record(
        row,
        "case.decided",
        actor=actor,
        at=at,
        also=shut(row, at),
        of=decision,
        beside=rows,
        pieces=[*outcome_given(reports, upheld=upheld, at=at), settled, *sendings(letters)],
        data=data,
        text=explanation,
        seals=[(decision, taken), *taken, *said, *conditions],
    )
    if there.parties:
        write_outcome(row, at, decision.outcome, actor=actor)
    tell_of_conditions(row, conditions, actor=actor)
    if there.requests and (ended := end_requests(row.subject_id, at=at)):
        seal(row, *ended, actor=actor)
    release_unless(row, decision, actor=actor)
    if there.claims:
        tell_of_claims(row, taken, actor=actor)
    order_erasures(row, decision, taken)


def issue(
    row: Case, decision: Decision, taken: Sequence[Measure], explanation: str, actor: User
) -> list[StatementOfReasons]:
    """The statements of reasons of a decision that took measures (G1)."""
    if not taken:
        return []
    said = said_of(row, decision, explanation)
    return issue_statements(decision.public_id, taken, actor=actor, at=decision.decided_at, **said)


def said_of(row: Case, decision: Decision, explanation: str) -> dict[str, Any]:
    """What a statement of reasons says of how it came to the decision."""
    return {
        "facts": explanation,
        "automated_detection": _found_by_machine(row),
        "automated_decision": decision.interim,
        "reported": row.report_count > 0,
    }


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


def close(row: Case, at: datetime, outcome: str, actor: User) -> list[Measure]:
    """The case is decided: nothing of it waits any more, its reports get their outcome, its reporters hear it.

    Returns what was asked of an owner and is asked no more.
    """
    if row.state != Case.State.DECIDED:
        update(row, *shut(row, at))
    _settle(row, at)
    ended = end_requests(row.subject_id, at=at)
    reports = _answered(reports_of(row.pk))
    upheld = outcome == Decision.Outcome.VIOLATION
    close_reports(reports, upheld=upheld, at=at, actor=actor)
    send_letters(letters_to_reporters(reports, upheld, at), actor=actor)
    write_outcome(row, at, outcome, actor=actor)
    return ended


def _settle(row: Case, at: datetime) -> None:
    Deadline.objects.filter(case=row, settled_at=None).exclude(kind__in=KEPT).update(settled_at=at)


# The same as a piece of the statement that writes the decision.
_SETTLE = f"""
    settled AS (
        UPDATE cases_deadline SET settled_at = %s
        WHERE case_id = %s AND settled_at IS NULL AND kind NOT IN ({", ".join(f"'{kind.value}'" for kind in KEPT)})
    )"""  # noqa: S608 - codes of ours


def _answered(reports: Iterable[Report]) -> list[Report]:
    """Those that get an outcome: whoever withdrew theirs waits for none."""
    return [one for one in reports if one.state != Report.State.WITHDRAWN]


def letters_to_reporters(reports: Sequence[Report], upheld: bool, at: datetime) -> list[InboxMessage]:
    """Reporters hear the outcome, without what concerns the other person (G1); again when it was decided anew."""
    people = [report for report in reports if not report.by_machine]
    words = {language: _outcome(language, upheld) for language in {one.reporter.language for one in people}}
    letters = []
    for report in people:
        subject, body, label = words[report.reporter.language]
        letters.append(
            draft_letter(
                report.reporter,
                key=f"outcome:{report.public_id}:{at.isoformat()}",
                subject=subject,
                body=body % {"date": report.created_at.strftime("%Y-%m-%d")},
                link=address_of(report),
                link_label=label,
            )
        )
    return letters


@cache
def _outcome(language: str, upheld: bool) -> tuple[str, str, str]:
    """Subject, body and the words of the link of a letter to reporters of this language."""
    with translation.override(language):
        body = (
            _("We looked at what you reported on %(date)s, agreed with you and took action. Thank you for telling us.")
            if upheld
            else _("We looked at what you reported on %(date)s and decided that it does not break our rules.")
        )
        return _("What became of your report"), body, _("Your report")
