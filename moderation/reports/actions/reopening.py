from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from moderation.reports.actions.limits import reconsider
from moderation.reports.actions.records import tell_judged, uncount
from moderation.reports.models import Report

DECIDED = (Report.State.UPHELD, Report.State.REJECTED)


@transaction.atomic
def reopen_reports(reports: Iterable[Report], *, actor: User) -> None:
    """Take the outcome of decided reports back, with marks of bad faith and what was counted (C4); withdrawn ones stay.

    Raises IntegrityError when a reporter has another open report of the same by now.
    """
    rows = Report.objects.filter(pk__in=[report.pk for report in reports], state__in=DECIDED)
    found = list(rows.select_for_update(no_key=True).order_by("pk").only("pk", "reporter", "channel", "bad_faith"))
    decided = Report.objects.filter(pk__in=[report.pk for report in found])
    uncount(decided)
    decided.update(state=Report.State.OPEN, closed_at=None, bad_faith=False)
    tell_judged(found, actor=actor)
    reconsider({report.reporter_id for report in found if report.bad_faith})
