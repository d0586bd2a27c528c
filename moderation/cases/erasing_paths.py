"""Which files of a repository a decision erases: what was reported of it when it was decided (C6)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.compiled import Compiled
from foundation.errors import Refused
from moderation.cases.models import Case, Decision
from moderation.reports.models import Report
from moderation.sanctions.measures import KINDS
from moderation.subjects import quarantine
from moderation.subjects.content import CARD as CARD_PART
from moderation.subjects.files import is_file, part_of, path_of
from moderation.subjects.models import Snapshot
from repositories.holding import CARD

# Files that are named before an erasure is chosen, and the rows that are read to find them: one a file and clause.
MOST_NAMED, MOST_READ = 20, 100
# Files on one page, for whoever confirms an erasure and reads all of them.
MOST_SHOWN = 50
UNCOUNTED = (Report.State.WITHDRAWN, Report.State.REJECTED)


@dataclass(frozen=True)
class FileAtStake:
    """A file that would be destroyed, and the titles of the clauses under which it was reported, translated."""

    path: str
    clauses: list[str]


@dataclass(frozen=True)
class AtStake:
    """What erasing would destroy of a repository: at most MOST_NAMED files, by path; `more`: there are others."""

    files: list[FileAtStake]
    more: bool


@dataclass(frozen=True)
class Erased:
    """Some of the files that a decision erases, by path; `count` says how many there are, `after` where these end.

    `after` is the last of them where others follow, else "".
    """

    files: list[str]
    count: int
    after: str


def at_stake(row: Case) -> AtStake | None:
    """What a decision that erases would destroy if it were made now, for whoever may choose that; two queries at most.

    Which of the files, the clause of the decision says: those that were reported under it, or all where none was. None
    for what is no repository, and where their names are locked away.
    """
    if row.subject_kind != "repository":
        return None
    found = _standing(row.pk) or _all(row.pk)
    if any(sealed for sealed, *_file in found):
        return None
    files = list(_named(found)) or [FileAtStake(CARD, [])]
    return AtStake(files[:MOST_NAMED], len(files) > MOST_NAMED or len(found) > MOST_READ)


def _named(found: Iterable[tuple[bool, str, str, str]]) -> Iterator[FileAtStake]:
    """By path as it was reported: where its beginning was cut off, so it is here. Two files may end alike."""
    for (title, part), rows in groupby(found, key=itemgetter(1, 2)):
        path = CARD if part == CARD_PART else title
        if path:
            yield FileAtStake(path, [gettext(clause) for *_file, clause in rows])


def _files_in(reports: QuerySet[Report]) -> QuerySet[Report, tuple[bool, str, str, str]]:
    columns = ("snapshot__sealed", "snapshot__title", "snapshot__part", "clause__title")
    rows = reports.values_list(*columns).order_by("-snapshot__sealed", *columns[1:])
    return rows.distinct()[: MOST_READ + 1]


@Compiled
def _standing(case: int) -> QuerySet[Report, tuple[bool, str, str, str]]:
    return _files_in(Report.objects.filter(case_report__case=case).exclude(state__in=UNCOUNTED))


@Compiled
def _all(case: int) -> QuerySet[Report, tuple[bool, str, str, str]]:
    return _files_in(Report.objects.filter(case_report__case=case))


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


def paths_shown(row: Case, decision: Decision, *, after: str = "") -> Erased:
    """The files that `decision` about a repository erases, for whoever confirms it; none whose names are locked away.

    At most MOST_SHOWN of them, those that follow the path `after`. Two queries or more; none where it erases no files.
    Raises Refused where one of them can be found no more.
    """
    orders = decision.event.data["measures"]
    if row.subject_kind != "repository" or all(KINDS[one].undoable for one in orders):
        return Erased([], 0, "")
    snapshots = _reported(row, decision)
    paths = [] if any(one.sealed for one in snapshots) else sorted(_where(row, snapshots))
    following = paths[bisect_right(paths, after) :] if after else paths
    shown = following[:MOST_SHOWN]
    return Erased(shown, len(paths), shown[-1] if len(following) > MOST_SHOWN else "")


def _reported(row: Case, decision: Decision) -> list[Snapshot]:
    """What whoever decided had before them: what was reported until then, and neither withdrawn nor rejected.

    Of that what was reported under the clause of the decision, or, where nothing was, all of it. Reports that came
    while it waited for a second moderator add nothing: nobody decided about them.
    """
    at, number = decision.event.at, decision.event.number
    known = row.events.filter(kind="report.received", number__lt=number).values_list("data__report", flat=True)
    reports = Report.objects.filter(case_report__case=row, public_id__in=list(known))
    standing = reports.exclude(state__in=UNCOUNTED, closed_at__lt=at)
    for chosen in (standing.filter(clause=decision.clause), standing, reports):
        if found := list(Snapshot.objects.filter(reports__in=chosen).defer("text").distinct()):
            return found
    return []


def _where(row: Case, snapshots: Iterable[Snapshot]) -> set[str]:
    repository = row.subject.repository
    assert repository is not None
    return {path_of(repository, one) if is_file(one) else CARD for one in snapshots} or {CARD}
