"""A report of something whose case is open already: the second most common way in, after one that opens its case.

The plain one is taken in few statements, as opening.py does with the first: the shorter the case is held, the more can
join it, and the less the time of an answer tells whether somebody else reported the same (C1). Whatever is less plain
(a lane, a public discussion, content that changed since) goes the long way, in receive.py.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from foundation import changes, clock
from foundation.compiled import Compiled
from foundation.drafts import draft
from foundation.rows import insert_each, update
from moderation.cases.actions.opening import Said, system_id
from moderation.cases.actions.routing import is_routed
from moderation.cases.events import HEAD, EventTakenError, draft_event
from moderation.cases.models import Case, CaseReport
from moderation.cases.parking import unpark
from moderation.cases.priority import recompute
from moderation.cases.seals import digests
from moderation.policy.models import Clause
from moderation.reports.actions.filing import already_reported, draft_report
from moderation.reports.models import Report
from moderation.reports.standing import Standing
from moderation.scoring.actions import draft_request
from moderation.subjects.actions import of_revision, revision_of
from moderation.subjects.content import Content
from moderation.subjects.models import Snapshot, Subject


def join_with(subject: Subject, content: Content, said: Said, standing: Standing, *, actor: User) -> Report | None:
    """Take a further report of the `content` of `subject`; None, and nothing written, where it must go the long way.

    The same rows as the long way makes. Raises AlreadyReported, which ends the caller's transaction. Five queries.
    """
    case = locked_open_case(subject)  # first, whichever way it goes: whoever writes about a subject waits for its case
    if case is None or case.lane_id is not None or case.parked:
        return None
    if said.details.sender is not None or said.details.batch is not None or clock.is_importing():
        return None
    at, sealed, snapshot = _where_we_are(subject, content.part, revision_of(content))
    if sealed or snapshot is None or snapshot.sealed:
        return None
    snapshot.subject = subject  # loaded already
    report = draft_report(snapshot, **said.of_report, actor=actor, at=standing.now, trusted=standing.trusted)
    if report.by_machine or not report.confidential or is_routed(report):
        return None
    data: dict[str, Any] = {"report": report.public_id.hex, "clause": said.clause.code}
    changed = raise_clause(case, said.clause)
    if changed:
        data["raised"] = {"clause": case.clause.code, "track": case.track}
    case.report_count += 1
    joined = draft(CaseReport, case=case, report=report)
    told = changes.draft("report.received", case.pk, actor_id=actor.pk)
    left = digests([report, joined])
    # A confidential reporter is named in no event that others could read: the report's id is enough.
    event = draft_event(case, "report.received", actor_id=system_id(), data=data, moves=True, at=at, left=left)
    is_new, is_next, _wanted = insert_each([[report, joined, told], [event], [draft_request(snapshot)]])
    if not is_new:
        raise already_reported()
    if not is_next:
        raise EventTakenError
    update(case, *HEAD, "report_count", *changed, *recompute(case, at))
    return report


def locked_open_case(subject: Subject) -> Case | None:
    """The open review case of `subject`, locked, with its clause."""
    case = _locked_open_case.first(subject.pk)
    if case is not None:
        case.subject = subject  # loaded already, with what priority asks of it
    return case


@Compiled
def _locked_open_case(subject: int) -> QuerySet[Case]:
    # Without its lane: somebody may change that while we wait for the row, and we would get the row of the one before.
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause")
    return rows.filter(subject=subject, kind=Case.Kind.REVIEW, state=Case.State.OPEN)


def raise_clause(case: Case, clause: Clause) -> tuple[str, ...]:
    """Give the case the more severe clause, in memory; the names of the fields that changed."""
    if clause.severity <= case.clause.severity:
        return ()
    case.clause = clause
    # Restricted content is never worked out with the owner first, whatever came in before or after (D1).
    if clause.track == Clause.Track.RESTRICTED:
        case.track = clause.track
    if case.track == Clause.Track.RESTRICTED and case.parked == Case.Parked.OWNER:
        unpark(case)  # nobody is waited for any more
    return "clause", "track"


def _where_we_are(subject: Subject, part: str, revision: str) -> tuple[datetime, bool, Snapshot | None]:
    """The moment, whether words of the subject may be locked away, and the snapshot of this content; one query.

    Asked once the case is ours: we may have waited for it, and what happened before has an earlier moment.
    """
    found = of_revision.beside(_MOMENT, 2, [subject.pk], subject.pk, part, revision)
    assert found is not None
    (at, sealed), snapshots = found
    return at, sealed, next(iter(snapshots), None)


# A case in such a lane is the only way to it; whether the words still lie there is asked on the long way.
_MOMENT = """
SELECT ombud_now(), EXISTS (SELECT FROM cases_case earlier JOIN policy_lane lane ON lane.id = earlier.lane_id
    WHERE earlier.subject_id = %s AND lane.sealed)
"""
