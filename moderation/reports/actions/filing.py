"""The verbs of a report. Filing one goes through moderation.cases, which opens or joins the case."""

import uuid
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.posting import standing_restriction
from foundation.drafts import draft
from foundation.errors import Refused
from foundation.rows import insert
from moderation.policy.models import Clause
from moderation.reports.details import Details, SenderDetails
from moderation.reports.models import Report, Sender
from moderation.subjects.models import Snapshot, Subject


class AlreadyReported(Refused):
    """The same person reported the same thing for the same clause, and it is still open (C7)."""

    code = "already_reported"


class KeyReused(Refused):
    """The id of this request belongs to another report."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__(_("You sent another report from this form before. Please send this one again."))


def filed_before(
    request_id: uuid.UUID | None,
    *,
    target: Any,
    clause: Clause,
    text: str,
    ground: str,
    confidential: bool,
    details: Details,
    actor: User,
) -> Report | None:
    """The report that this request of `actor` made before. Raises Refused when it was another report: in anything."""
    known = Report.objects.filter(request_id=request_id, reporter=actor).first() if request_id else None
    if known is None:
        return None
    kept = (known.subject.target, known.clause, known.text, known.ground, known.passage, known.danger, known.links)
    asked = (target, clause, text, ground, details.passage, details.danger, list(details.links))
    # What had to be confidential is so, whatever was asked for.
    other = known.confidential != confidential
    if other and not confidential:
        other = not must_be_confidential(known.subject, clause, actor)
    if kept != asked or other or _sender_of(known) != details.sender:
        raise KeyReused
    return known


def _sender_of(report: Report) -> SenderDetails | None:
    """Who had sent what came in by another way, as it was said when that was filed (C3)."""
    sender = Sender.objects.filter(report=report).first()
    return SenderDetails(**{one.name: getattr(sender, one.name) for one in fields(SenderDetails)}) if sender else None


def may_be_public(kind: str, clause: Clause) -> bool:
    """Whether a report of a subject of this kind under `clause` opens a public discussion at once (C2).

    Only repositories, and only clauses whose publicity is "yes": comments, discussions and people never.
    """
    return kind == "repository" and clause.publicity == Clause.Publicity.YES


def must_be_confidential(subject: Subject, clause: Clause, reporter: User) -> bool:
    """Whether nobody but the team may learn of the report: as above, and when the reporter may not post (C2).

    Guests have no name to post under.
    """
    return not may_be_public(subject.kind, clause) or reporter.is_guest or standing_restriction(reporter) is not None


def file_report(
    snapshot: Snapshot,
    *,
    clause: Clause,
    text: str,
    ground: str,
    confidential: bool,
    channel: str,
    actor: User,
    request_id: uuid.UUID,
    details: Details,
    at: datetime,
    trusted: bool,
) -> Report:
    """Save a report of `snapshot` by `actor`, in the transaction of its case. Raises AlreadyReported (C7).

    `at` is the present moment; `trusted` says whether the actor is a trusted flagger for the clause.
    """
    assert connection.in_atomic_block, "a report is filed in the transaction that opens or joins its case"
    report = draft_report(
        snapshot,
        clause=clause,
        text=text,
        ground=ground,
        confidential=confidential,
        channel=channel,
        actor=actor,
        request_id=request_id,
        details=details,
        at=at,
        trusted=trusted,
    )
    if not insert(report):
        raise already_reported()
    if details.sender:
        Sender.objects.create(report=report, **asdict(details.sender))
    return report


def already_reported() -> AlreadyReported:
    """What to say to whoever reported the same before, while we still look at it (C7)."""
    return AlreadyReported(
        _(
            "You reported this for the same reason before, and we are still looking at it. You find it among your "
            "reports."
        )
    )


def draft_report(
    snapshot: Snapshot,
    *,
    clause: Clause,
    text: str,
    ground: str,
    confidential: bool,
    channel: str,
    actor: User,
    request_id: uuid.UUID,
    details: Details,
    at: datetime,
    trusted: bool,
) -> Report:
    """The same report as a row that is not saved yet, without what is kept beside it (Details.sender)."""
    subject = snapshot.subject
    return draft(
        Report,
        subject=subject,
        snapshot=snapshot,
        clause=clause,
        reporter=actor,
        ground=Report.Ground(ground),
        text=text,
        confidential=confidential or must_be_confidential(subject, clause, actor),
        channel=Report.Channel(channel),
        created_at=at,
        request_id=request_id,
        links=list(details.links),
        passage=details.passage,
        danger=details.danger,
        trusted=trusted,
        batch=details.batch,
        address=details.address,
        entered_by=details.entered_by,
    )
