"""A case that opens with its first report: most reports are of something that nobody reported before.

All that such a report commits is known before anything is written, so it is written in one statement. Whatever is less
plain (a lane, a public discussion, something reported before) goes the long way, in receive.py.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import IntegrityError

from accounts.models import User
from accounts.queries import system_actor
from foundation import changes
from foundation.drafts import draft
from foundation.rows import KeyOf, constraint_of, insert_together
from moderation.cases.actions.routing import is_routed
from moderation.cases.events import draft_event
from moderation.cases.facts import facts_at_first
from moderation.cases.models import Case, CaseReport
from moderation.cases.priority import set_first_priority
from moderation.cases.seals import digests
from moderation.policy.models import Clause
from moderation.reports.actions.filing import KeyReused, draft_report
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.reports.standing import Standing
from moderation.scoring.actions import draft_request
from moderation.subjects.actions import draft_snapshot, draft_subject
from moderation.subjects.content import Content
from moderation.subjects.models import Snapshot


@dataclass(frozen=True)
class Said:
    """What a report says, and how it came to us."""

    clause: Clause
    text: str
    ground: str
    confidential: bool
    channel: str
    request_id: uuid.UUID
    details: Details

    @property
    def of_report(self) -> dict[str, Any]:
        """The same by name."""
        return vars(self)


def draft_case(snapshot: Snapshot, clause: Clause, at: datetime) -> Case:
    """A review case of what `snapshot` shows as a row that is not saved yet."""
    return draft(
        Case,
        subject=snapshot.subject,
        subject_kind=snapshot.subject.kind,
        clause=clause,
        track=clause.track,
        language=snapshot.language,
        opened_at=at,
    )


def open_with(target: Any, said: Said, standing: Standing, *, actor: User, seen: Content | None) -> Report | None:
    """Take the first report of `target`, where it is a plain one; None where it must go the long way.

    The same rows as the long way makes, subject to case, event and request for scores: in one query, two where this
    process does not know the actor of events yet.
    """
    at = standing.now
    subject = draft_subject(target)
    if not subject._state.adding or said.details.sender is not None or said.details.batch is not None:
        return None
    snapshot = draft_snapshot(subject, seen, at=at)
    report = draft_report(snapshot, **said.of_report, actor=actor, at=at, trusted=standing.trusted)
    if report.by_machine or not report.confidential or is_routed(report):
        return None
    case = draft_case(snapshot, said.clause, at)
    case.report_count = 1
    set_first_priority(case, facts_at_first(case, reliability=standing.reliability, now=at), at)
    # A confidential reporter is named in no event that others could read: the report's id is enough.
    data = {"report": report.public_id.hex, "clause": said.clause.code}
    joined = draft(CaseReport, case=case, report=report)
    left = digests([report, joined, snapshot])
    event = draft_event(case, "report.received", actor_id=system_id(), data=data, moves=True, at=at, left=left)
    told = changes.draft("report.received", KeyOf(case), actor_id=actor.pk)
    try:
        written = insert_together(subject, snapshot, report, case, joined, event, draft_request(snapshot), told)
    except IntegrityError as error:
        if constraint_of(error) == _REQUEST:  # somebody else's report, which we did not look for
            raise KeyReused from None
        raise
    return report if written else None


_REQUEST = "reports_report_request_id_key"


@cache
def system_id() -> int:
    """The id of the named actor of automation, which never changes."""
    return system_actor().pk
