"""Reports as their reporter sees them, and who is trusted (C7)."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.clock import Now
from foundation.errors import Refused
from moderation.reports.models import Attachment, Report, TrustedFlagger


def reports_of(reporter: User) -> QuerySet[Report]:
    """Own reports, newest first, with what their list shows."""
    rows = Report.objects.filter(reporter=reporter).select_related(
        "clause__lane",
        "reporter",
        "snapshot",
        "subject__repository__namespace",
        "subject__comment__discussion__repository__namespace",
        "subject__discussion__repository__namespace",
        "subject__user",
        "subject__organization",
        "discussion__repository__namespace",
    )
    return rows.order_by("-created_at", "-id")


def own_report(public_id: UUID, reporter: User) -> Report:
    """One of the reporter's own reports, with its claim and the answer to that.

    `has_files` says whether files came with it. Raises the same Refused (404) for somebody else's and for none.
    """
    files = Exists(Attachment.objects.filter(report=OuterRef("pk")))
    rows = reports_of(reporter).select_related("claim__counter_statement").annotate(has_files=files)
    report = rows.filter(public_id=public_id).first()
    if report is None:
        raise Refused(_("You have no report at this address."), code="not_found", status=404)
    return report


def sent_with(report: Report) -> list[Report]:
    """The other reports that were sent in one go with an own `report`; no query where it was sent alone."""
    if report.batch is None:
        return []
    rows = reports_of(report.reporter).filter(batch=report.batch).exclude(pk=report.pk)
    return list(rows[:50])


def open_reports_about(target: Any, reporter: User) -> QuerySet[Report]:
    """The reporter's own reports of a repository, discussion, comment, user or organization that are still open."""
    about = {f"subject__{type(target).__name__.lower()}": target}
    return reports_of(reporter).filter(state=Report.State.OPEN, **about)


def trusted_for(clause: int) -> QuerySet[TrustedFlagger]:
    """Who is a trusted flagger now for the clause of this id."""
    holds = TrustedFlagger.objects.filter(Q(until=None) | Q(until__gt=Now()), since__lte=Now())
    return holds.filter(Q(clauses=None) | Q(clauses=clause))
