import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import system_actor
from community.actions import open_discussion
from community.ending import lock
from community.entries import note, write_comment
from community.models import Discussion, DiscussionEvent
from foundation import changes, clock
from foundation.drafts import draft
from foundation.rows import insert, insert_each, insert_together, update
from moderation.cases.actions.following import follow_lane
from moderation.cases.actions.joining import join_with, locked_open_case, raise_clause
from moderation.cases.actions.opening import Said, draft_case, open_with, system_id
from moderation.cases.actions.routing import route
from moderation.cases.events import HEAD, EventTakenError, draft_event, record
from moderation.cases.models import Case, CaseReport
from moderation.cases.priority import recompute, update_priority
from moderation.cases.seals import digests
from moderation.policy.models import Clause
from moderation.reports.actions import file_report, filed_before
from moderation.reports.details import NO_DETAILS, Details
from moderation.reports.models import Report
from moderation.reports.standing import Standing, standing_of
from moderation.scoring.actions import draft_request
from moderation.subjects.actions import subject_of, take_snapshot
from moderation.subjects.content import Content, content_of
from moderation.subjects.models import Snapshot


@transaction.atomic
def receive_report(
    target: Any,
    *,
    clause: Clause,
    text: str,
    actor: User,
    ground: str = Report.Ground.RULES,
    confidential: bool = False,
    channel: str = Report.Channel.FORM,
    request_id: uuid.UUID | None = None,
    seen: Content | None = None,
    details: Details = NO_DETAILS,
) -> Report:
    """Take a report of a repository, discussion, comment, user or organization (C1, C7, C8).

    In one transaction: subject and snapshot, the report, the case it opens or joins, the request for scores, and the
    public discussion where the clause says so (C2). A repeated `request_id` returns the report it made before. `seen`
    is the content that is reported, where the target may have changed since. Who may see the target is the caller's
    question. Raises AlreadyReported, and Refused for the id of another request.
    """
    asked: dict[str, Any] = {"ground": ground, "confidential": confidential, "details": details}
    if known := filed_before(request_id, target=target, clause=clause, text=text, actor=actor, **asked):
        return known
    said = Said(clause, text, ground, confidential, channel, request_id or uuid.uuid4(), details)
    standing = standing_of(actor, clause, said.request_id)
    if clock.is_importing():
        standing = replace(standing, now=clock.now())
    return take_in(target, said, standing, actor=actor, seen=seen)


def take_in(target: Any, said: Said, standing: Standing, *, actor: User, seen: Content | None = None) -> Report:
    """The same for a report that no request made before, in the caller's transaction, which ends where this raises.

    `standing` is what is known of the `actor` at this moment.
    """
    if (report := open_with(target, said, standing, actor=actor, seen=seen)) is not None:
        return report
    clause, at = said.clause, standing.now
    subject = subject_of(target)
    content = seen or content_of(subject)
    if (report := join_with(subject, content, said, standing, actor=actor)) is not None:
        return report
    snapshot = take_snapshot(subject, content, at=at)
    report = file_report(snapshot, **said.of_report, actor=actor, at=at, trusted=standing.trusted)
    case, changed = _open_or_join(snapshot, clause, at)
    at = clock.now()  # we may have waited for the case: what happened before has an earlier moment
    route(case, report, at)
    # People's reports: what our screening found is heard, and counts for nobody.
    case.report_count += not report.by_machine
    if not report.confidential:
        _say_in_public(case, report)
    told = [changes.draft("report.received", case.pk, actor_id=actor.pk)]
    if report.batch:
        told.append(changes.draft("report.batched", report.pk, actor_id=actor.pk))
    joined = draft(CaseReport, case=case, report=report)
    beside = [joined, *told]
    # A snapshot that was there before is as an earlier event says.
    seals = [report, joined, *([snapshot] if snapshot.taken_at == standing.now else [])]
    # A confidential reporter is named in no event that others could read: the report's id is enough.
    data: dict[str, Any] = {"report": report.public_id.hex, "clause": clause.code}
    if changed:
        data["raised"] = {"clause": case.clause.code, "track": case.track}
    if case.lane is None and not snapshot.sealed and not case.parked:
        # Nothing else follows: what changes in the case is written once.
        by_id = system_id() if report.confidential else actor.pk
        event = draft_event(case, "report.received", actor_id=by_id, data=data, moves=True, at=at, left=digests(seals))
        new, _wanted = insert_each([[event, *beside], [draft_request(snapshot)]])
        if not new:
            raise EventTakenError
        update(case, *HEAD, "report_count", *changed, *recompute(case, at))
        return report
    insert_together(*beside)
    by = system_actor() if report.confidential else actor
    record(case, "report.received", actor=by, data=data, at=at, also=["report_count", *changed], seals=seals)
    follow_lane(case, snapshot, report)
    update_priority(case, at)
    return report


def open_or_join(snapshot: Snapshot, *, clause: Clause, actor: User, at: datetime | None = None) -> Case:
    """The subject's open review case, locked; opened when there is none (architecture, idea 5).

    The case's clause is the most severe one that was reported. `at` is the present moment, where it is known.
    """
    case, changed = _open_or_join(snapshot, clause, at or clock.now())
    if changed:
        update(case, *changed)
    return case


def _open_or_join(snapshot: Snapshot, clause: Clause, at: datetime) -> tuple[Case, tuple[str, ...]]:
    """The same, and the names of the fields that the clause changed: who joins saves them with what else changes."""
    while (case := locked_open_case(snapshot.subject)) is None:
        opened = draft_case(snapshot, clause, at)
        if insert(opened):
            return opened, ()
    return case, raise_clause(case, clause)


def _say_in_public(case: Case, report: Report) -> None:
    """The first public report of a case opens its discussion, later ones add to it (C2)."""
    repository = report.subject.repository
    assert repository is not None
    earlier = Report.objects.filter(case_report__case=case, discussion__isnull=False).exclude(pk=report.pk)
    first = earlier.select_related("discussion").order_by("pk").first()
    if first is None or first.discussion is None:
        report.discussion = open_discussion(
            repository,
            title=_("Report: %(clause)s") % {"clause": _(report.clause.title)},
            text=report.text,
            actor=report.reporter,
            origin=Discussion.Origin.REPORT,
        )
        opened, clause = DiscussionEvent.Kind.REPORTED, report.clause.code
        note(report.discussion, opened, actor=system_actor(), data={"clause": clause})
    else:
        # Locked before we look: whoever closes it at the same moment comes before us, or after.
        report.discussion = place = lock(first.discussion)
        # A report must not be a way to post where the team ended or closed the discussion (B3); it still reaches us.
        if place.status == Discussion.Status.OPEN and not place.locked:
            write_comment(place, author=report.reporter, text=report.text, at=report.created_at)
    report.save(update_fields=["discussion"])
