"""What was found becomes a report by the system, and nothing else happens by it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.queries import system_actor
from moderation.automation.models import Finding
from moderation.automation.screening.texts import Found, ScreenedText
from moderation.cases.actions import receive_report
from moderation.cases.actions.locking import lock_case
from moderation.cases.actions.looked_at import keep
from moderation.policy.models import Clause
from moderation.reports.actions import AlreadyReported
from moderation.reports.models import Report
from moderation.subjects.actions import known_snapshot, revision_of, subject_of
from moderation.subjects.content import Content

CLAUSE = "spam"


def report_text(text: ScreenedText, found: Sequence[Found]) -> Report | None:
    """Report the comment for all that was `found` at once, with the words that were screened as evidence.

    Each finding is taken once for the same words. None where nothing is new, or where a person decided about the same
    words before. Call it in a transaction.
    """
    seen = Content("text", "", text.version.text, "")
    subject = subject_of(text.comment)
    new = []
    for one in found:
        finding, created = Finding.objects.get_or_create(
            comment=text.comment, kind=one.kind, content=revision_of(seen), defaults={"count": one.count}
        )
        if created:
            new.append((finding, one))
    snapshot = known_snapshot(subject, seen)
    if not new or (snapshot is not None and snapshot.reports.exclude(state=Report.State.OPEN).exists()):
        return None
    report = _report(text.comment, [one for _finding, one in new], Q(subject__comment=text.comment), seen=seen)
    Finding.objects.filter(pk__in=[finding.pk for finding, _one in new]).update(report=report)
    return report


def report_person(person: User, found: Found, at: datetime) -> Report | None:
    """Report `person` for what was found, once a day. Call it in a transaction."""
    finding, created = Finding.objects.get_or_create(
        person=person, kind=found.kind, day=at.date(), defaults={"count": found.count}
    )
    if not created:
        return None
    finding.report = _report(person, [found], Q(subject__user=person))
    finding.save(update_fields=["report"])
    return finding.report


def _report(target: Any, found: Sequence[Found], about: Q, seen: Content | None = None) -> Report:
    """A new report, or the open one that it joins: what the system said of the same thing before."""
    system, clause = system_actor(), Clause.objects.get(code=CLAUSE)
    try:
        return receive_report(
            target,
            clause=clause,
            text="\n".join(line for one in found for line in one.words),
            actor=system,
            confidential=True,
            channel=Report.Channel.SYSTEM,
            seen=seen,
        )
    except AlreadyReported:
        report = Report.objects.get(about, reporter=system, clause=clause, state=Report.State.OPEN)
        if seen is not None:
            keep(lock_case(report.case_report.case), report.subject, seen)
        return report
