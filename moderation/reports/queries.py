"""Reports as their reporter sees them, and how reliable reporters are (C4, C7)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.reports.models import Report

# Before anything is known of a reporter, half of the reports are expected to be upheld, as firmly as four decided ones.
PRIOR_UPHELD, PRIOR_DECIDED = 2, 4


def reports_of(reporter: User) -> QuerySet[Report]:
    """Own reports, newest first, with what their list shows."""
    rows = Report.objects.filter(reporter=reporter).select_related(
        "clause",
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
    """One of the reporter's own reports. Raises the same Refused (404) for somebody else's and for none."""
    report = reports_of(reporter).filter(public_id=public_id).first()
    if report is None:
        raise Refused(_("You have no report at this address."), code="not_found", status=404)
    return report


def open_reports_about(target: Any, reporter: User) -> QuerySet[Report]:
    """The reporter's own reports of a repository, discussion, comment, user or organization that are still open."""
    about = {f"subject__{type(target).__name__.lower()}": target}
    return reports_of(reporter).filter(state=Report.State.OPEN, **about)


def track_records(reporter_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many reports of each reporter were upheld, and how many decided, where any was; one query."""
    decided = Q(state__in=[Report.State.UPHELD, Report.State.REJECTED])
    counts = (
        Report.objects.filter(decided, reporter__in=set(reporter_ids))
        .values("reporter")
        .annotate(decided=Count("pk"), upheld=Count("pk", filter=Q(state=Report.State.UPHELD)))
        .values_list("reporter", "upheld", "decided")
    )
    return {who: (upheld, all_) for who, upheld, all_ in counts}


def reliability(reporter_ids: Iterable[int]) -> dict[int, float]:
    """Share of upheld reports per reporter, 0 to 1, pulled towards one half while few are decided (C4); one query."""
    wanted = set(reporter_ids)
    known = track_records(wanted)
    return {who: reliability_of(*known.get(who, (0, 0))) for who in wanted}


def reliability_of(upheld: int, decided: int) -> float:
    """The reliability of a reporter with this record, 0 to 1."""
    return (upheld + PRIOR_UPHELD) / (decided + PRIOR_DECIDED)
