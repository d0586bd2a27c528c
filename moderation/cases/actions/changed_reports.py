"""What happens to a case when a reporter changes or withdraws an own report (C4, C7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.posting import standing_restriction
from accounts.queries import system_actor
from community.ending import lock
from community.entries import write_comment
from community.models import Discussion
from foundation import clock
from moderation.cases.actions.evidence import lock_away
from moderation.cases.events import record
from moderation.cases.models import Case
from moderation.cases.priority import update_priority
from moderation.cases.seals import Sealed, digests
from moderation.reports.actions.changing import add_file, change_report, withdraw_report
from moderation.reports.actions.evidence import EvidenceFile
from moderation.reports.models import Attachment, Report


@transaction.atomic
def change_own_report(
    report: Report, *, text: str, links: Sequence[str] = (), passage: str = "", actor: User
) -> Report:
    """Change the words of an open report of `actor`; decisions on what it said before are stale.

    What stands in its public discussion stays: a comment below says that it was changed, and to what. Raises Forbidden
    and Refused as change_report does.
    """
    case = _locked_case(report)
    # What it said before is kept as it is found here; that it was so, the events before say (verify_reports.py).
    found = digests([Report.objects.select_related("subject", "snapshot").get(pk=report.pk)])
    version = change_report(report, text=text, links=links, passage=passage, actor=actor)
    report.refresh_from_db()
    if version is not None:
        _record(case, "report.changed", report, actor, seals=[report, version], number=version.number, found=found)
        if case.lane and case.lane.sealed:
            lock_away(case)  # with the words that it quotes now (C9)
            report.refresh_from_db()
        if version.text != text:
            _say_in_public(report, _("I changed my report. It says now:"), text)
    return report


@transaction.atomic
def add_own_file(report: Report, file: EvidenceFile, *, most: int, actor: User) -> tuple[Attachment, bool]:
    """Keep one more file with an open report of `actor`, `most` in all; decisions that did not know it are stale.

    Returns it and whether it is new: the same content counts once. Raises Forbidden and Refused as add_file does.
    """
    case = _locked_case(report)
    kept, new = add_file(report, file, most=most, actor=actor)
    if new:
        _record(case, "report.changed", report, actor, seals=[kept], files=1)
    return kept, new


@transaction.atomic
def withdraw_own_report(report: Report, *, actor: User) -> Report:
    """Take back an open report of `actor`: it counts no more, and its case stays with the team.

    Raises Forbidden and Refused as withdraw_report does.
    """
    case = _locked_case(report)
    at = withdraw_report(report, actor=actor)
    report.refresh_from_db()
    if not report.by_machine:
        case.report_count -= 1
        case.save(update_fields=["report_count"])
    _record(case, "report.withdrawn", report, actor, at=at)
    _say_in_public(report, _("I withdrew my report."), "")
    update_priority(case, clock.now())
    return report


def _locked_case(report: Report) -> Case:
    """Before the report's row, as whoever decides locks them."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    return rows.get(case_reports__report=report)


def _record(
    case: Case,
    kind: str,
    report: Report,
    actor: User,
    *,
    at: datetime | None = None,
    seals: Sequence[Sealed] = (),
    **more: Any,
) -> None:
    # A confidential reporter is named in no event that others could read: the report's id is enough.
    by = system_actor() if report.confidential else actor
    record(case, kind, actor=by, data={"report": report.public_id.hex, **more}, at=at, seals=seals)


def _say_in_public(report: Report, words: str, text: str) -> None:
    """Below what was said in public; not where the discussion ended, nor by somebody who may not post (B3, F5)."""
    if report.discussion is None or standing_restriction(report.reporter) is not None:
        return
    place = lock(report.discussion)
    if place.status == Discussion.Status.OPEN and not place.locked:
        write_comment(place, author=report.reporter, text=f"{words}\n\n{text}".strip(), at=clock.now())
