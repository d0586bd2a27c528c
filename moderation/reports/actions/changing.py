"""A reporter changes or withdraws an own report while we have not decided (C4, C7).

The cases these belong to hear of it through moderation.cases.actions.changed_reports, which is what pages call.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.reports.actions.evidence import EvidenceFile, attach
from moderation.reports.models import Attachment, Report, ReportVersion

MOST_VERSIONS = 20


def change_report(
    report: Report, *, text: str, links: Sequence[str] = (), passage: str = "", actor: User
) -> ReportVersion | None:
    """Give an open report of `actor` other words; returns the version that keeps those before, None for the same.

    Raises Forbidden for somebody else's, Refused (409) once it is decided or withdrawn, or after many changes.
    """
    row = _locked(report, actor)
    after = {"text": text, "links": list(links), "passage": passage}
    before = {name: getattr(row, name) for name in after}
    if after == before:
        return None
    number = ReportVersion.objects.filter(report=row).count() + 1
    if number > MOST_VERSIONS:
        raise Refused(_("You changed this report many times. We read it as it stands now."), code="too_many")
    now = clock.now()
    version = ReportVersion.objects.create(report=row, number=number, replaced_at=now, **before)
    for name, value in after.items():
        setattr(row, name, value)
    row.changed_at = now
    row.save(update_fields=[*after, "changed_at"])
    return version


def add_file(report: Report, file: EvidenceFile, *, most: int, actor: User) -> tuple[Attachment, bool]:
    """Keep `file` with an open report of `actor`, which has at most `most`; returns it and whether it is new.

    Raises Forbidden for somebody else's; Refused (409) once it is decided or withdrawn, for one file too many, and
    under a clause whose content nobody is asked to copy (C9).
    """
    row = _locked(report, actor)
    known = Attachment.objects.filter(report=row, sha256=hashlib.sha256(file.content).hexdigest()).first()
    if known is not None:
        return known, False
    if row.clause.lane is not None and row.clause.lane.sealed:
        raise Refused(_("Do not send a copy of this to anybody: your words are enough."), code="sealed")
    if Attachment.objects.filter(report=row).count() >= most:
        raise Refused(_("This report has as many files as we take."), code="too_many")
    (kept,) = attach(row, [file], actor=actor)
    return kept, True


def withdraw_report(report: Report, *, actor: User) -> datetime:
    """Take an open report of `actor` back: it counts for nothing any more, and the team still reads it; returns when.

    Raises Forbidden for somebody else's, Refused (409) once it is decided or withdrawn.
    """
    row = _locked(report, actor)
    row.state, row.closed_at = Report.State.WITHDRAWN, clock.now()
    row.save(update_fields=["state", "closed_at"])
    return row.closed_at


def _locked(report: Report, actor: User) -> Report:
    assert connection.in_atomic_block, "a report changes in the transaction that tells its case"
    row = Report.objects.select_for_update().get(pk=report.pk)
    if row.reporter_id != actor.pk:
        raise Forbidden(_("Only whoever reported it can change or withdraw a report."))
    if row.state != Report.State.OPEN:
        raise Refused(_("This report is not open any more, so nothing was changed."), code="not_open")
    return row
