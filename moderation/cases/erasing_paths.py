"""Which files of a repository a decision erases: what was reported of it when it was decided (C6)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from moderation.cases.models import Case, Decision
from moderation.reports.models import Report
from moderation.sanctions.measures import KINDS
from moderation.subjects import quarantine
from moderation.subjects.content import CARD as CARD_PART
from moderation.subjects.files import is_file, part_of, path_of
from moderation.subjects.models import Snapshot
from repositories.holding import CARD


def paths_of(row: Case, decision: Decision) -> set[str]:
    """The files that `decision` erases. Raises Refused where one can be found no more."""
    snapshots = _reported(row, decision)
    for one in snapshots:
        if one.sealed:  # in memory only: where it lies is locked away too (C9)
            one.title = quarantine.open_words(one).title
    paths = _where(row, snapshots)
    parts = {CARD_PART, *map(part_of, paths)}
    if any(one.part not in parts for one in snapshots):
        raise Refused(_("We cannot tell any more where the reported file lies. Report it again, then decide."))
    return paths


def paths_shown(row: Case, decision: Decision) -> list[str]:
    """The files that `decision` about a repository erases, for whoever confirms it; none whose names are locked away.

    Two queries or more; none where it erases no files.
    """
    orders = decision.event.data["measures"]
    if row.subject_kind != "repository" or all(KINDS[one].undoable for one in orders):
        return []
    snapshots = _reported(row, decision)
    return [] if any(one.sealed for one in snapshots) else sorted(_where(row, snapshots))


def _reported(row: Case, decision: Decision) -> list[Snapshot]:
    """What whoever decided had before them: what was reported until then, and neither withdrawn nor rejected.

    Of that what was reported under the clause of the decision, or, where nothing was, all of it. Reports that came
    while it waited for a second moderator add nothing: nobody decided about them.
    """
    at, number = decision.event.at, decision.event.number
    known = row.events.filter(kind="report.received", number__lt=number).values_list("data__report", flat=True)
    reports = Report.objects.filter(case_report__case=row, public_id__in=list(known))
    standing = reports.exclude(state__in=(Report.State.WITHDRAWN, Report.State.REJECTED), closed_at__lt=at)
    for chosen in (standing.filter(clause=decision.clause), standing, reports):
        if found := list(Snapshot.objects.filter(reports__in=chosen).distinct()):
            return found
    return []


def _where(row: Case, snapshots: Iterable[Snapshot]) -> set[str]:
    repository = row.subject.repository
    assert repository is not None
    return {path_of(repository, one) if is_file(one) else CARD for one in snapshots} or {CARD}
