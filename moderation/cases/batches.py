"""Cases whose reports were sent in one go are linked by a worker, which may lock them in order (C1, D4)."""

from accounts.queries import system_actor
from foundation.models import Change
from foundation.work import work_off
from moderation.cases.actions.links import join
from moderation.cases.models import Case, CaseLink
from moderation.reports.models import Report


def link_batches() -> int:
    """Link every case that a report of a batch came into with the first case of it; returns how many reports."""
    return work_off(Change.objects.filter(kind="report.batched"), _link)


def _link(change: Change) -> None:
    report = Report.objects.select_related("case_report").get(pk=change.object_id)
    cases = Case.objects.filter(case_reports__report__batch=report.batch).order_by("pk")
    first, mine = cases.first(), report.case_report.case_id
    if first is not None and first.pk != mine:
        # In our own name: who reported is nobody's business who reads what happened to a case.
        join(first.pk, mine, CaseLink.Reason.BATCH, system_actor())
