"""Cases that belong to this one: linked, and those that might be (D4)."""

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Comment, Discussion
from moderation.cases.models import Case, CaseLink
from moderation.cases.queries import MOST_SUBJECTS, cases, open_to
from moderation.cases.related import linked_to
from moderation.reports.models import Report
from moderation.scoring.models import Embedding
from moderation.subjects.models import Snapshot, Subject
from moderation.subjects.names import Name, name_of

NEAR = 0.95
MOST_COMPARED = 500
MOST = 10
Reason = CaseLink.Reason
WHY = {
    Reason.AUTHOR: _("by the same author"),
    Reason.REPOSITORY: _("in the same repository"),
    Reason.CONTENT: _("nearly the same content"),
    Reason.BATCH: _("reported in one go"),
    Reason.HAND: _("linked by us"),
}


@dataclass(frozen=True)
class Related:
    """Another case, what it is called, and in what ways it belongs to the one that is shown."""

    case: Case
    name: Name
    why: list[Any]
    linked: bool


def linked_cases(case: Case, viewer: User) -> list[Related]:
    """The cases that somebody, or a batch of reports, linked to `case`; two queries."""
    return [
        Related(other, name_of(other.subject), [WHY[Reason(link.reason)]], linked=True)
        for link, other in linked_to(case, viewer)
    ]


def suggestions(case: Case, viewer: User) -> list[Related]:
    """Open cases that look as if they belonged to `case` and are not linked to it, at most ten of each kind.

    Only those that `viewer` may see; at most ten queries, each over a bounded number of rows.
    """
    found: dict[int, list[str]] = {}
    for reason, keys in (
        (Reason.BATCH, _of_batch(case)),
        (Reason.CONTENT, _alike(case)),
        (Reason.AUTHOR, _of_author(case)),
        (Reason.REPOSITORY, _in_repository(case)),
    ):
        for key in keys:
            found.setdefault(key, []).append(reason)
    rows = open_to(cases().filter(state=Case.State.OPEN, kind=Case.Kind.REVIEW), viewer)
    linked = CaseLink.objects.filter(Q(first=case) | Q(second=case))
    rows = rows.filter(pk__in=found).exclude(pk=case.pk)
    rows = rows.exclude(pk__in=linked.values("first")).exclude(pk__in=linked.values("second"))
    by_key = {one.pk: one for one in rows}
    return [
        Related(by_key[key], name_of(by_key[key].subject), [WHY[Reason(one)] for one in reasons], linked=False)
        for key, reasons in found.items()
        if key in by_key
    ]


def _newest(rows: QuerySet[Case], case: Case) -> list[int]:
    """Ids of the newest of `rows` that are open reviews and not `case`."""
    rows = rows.filter(state=Case.State.OPEN, kind=Case.Kind.REVIEW).exclude(pk=case.pk)
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])


def _of_author(case: Case) -> list[int]:
    author = case.subject.author
    return _newest(Case.objects.filter(author=author), case) if author else []


def _in_repository(case: Case) -> list[int]:
    home = case.subject.home
    if home is None:
        return []
    parts = [
        Subject.objects.filter(repository=home),
        Subject.objects.filter(discussion__in=Discussion.objects.filter(repository=home)),
        Subject.objects.filter(comment__in=Comment.objects.filter(discussion__repository=home)),
    ]
    first, *others = (rows.order_by().values("pk") for rows in parts)
    # In two steps, because PostgreSQL would rather read every open case than begin with the few of a repository.
    inside = Subject.objects.filter(pk__in=first.union(*others, all=True)).order_by("-pk").values_list("pk", flat=True)
    return _newest(Case.objects.filter(subject__in=list(inside[:MOST_SUBJECTS])), case)


def _of_batch(case: Case) -> list[int]:
    batches = Report.objects.filter(case_report__case=case, batch__isnull=False).order_by("-pk")
    keys = list(batches.values_list("batch", flat=True)[:MOST])
    return _newest(Case.objects.filter(case_reports__report__batch__in=keys).distinct(), case) if keys else []


def _alike(case: Case) -> list[int]:
    """Open cases of the same kind with the same words, or words that mean nearly the same."""
    mine = Snapshot.objects.filter(reports__case_report__case=case, sealed=False).order_by("-pk")
    shown = mine.values_list("pk", "part", "revision").first()
    if shown is None:
        return []
    pk, part, revision = shown
    near = Case.objects.filter(state=Case.State.OPEN, kind=Case.Kind.REVIEW, subject_kind=case.subject_kind)
    compared = list(near.exclude(pk=case.pk).order_by("-pk").values_list("pk", flat=True)[:MOST_COMPARED])
    theirs = Snapshot.objects.filter(reports__case_report__case__in=compared, sealed=False)
    same = theirs.filter(part=part, revision=revision).values_list("reports__case_report__case", flat=True)
    found = list(dict.fromkeys(same.order_by("-pk")[:MOST]))
    return [*found, *(key for key in _close(pk, compared) if key not in found)][:MOST]


def _close(snapshot: int, compared: Iterable[int]) -> list[int]:
    """Of the cases `compared`, those whose reported words lie next to those of `snapshot`, nearest first."""
    own = Embedding.objects.filter(snapshot=snapshot).first()
    if own is None:
        return []
    vector, path = _vector(own.vector), "snapshot__reports__case_report__case"
    others = Embedding.objects.filter(model=own.model, **{f"{path}__in": list(compared)}).order_by("-pk")
    near: dict[int, float] = {}
    for key, stored in others.values_list(path, "vector")[:MOST_COMPARED]:
        likeness = sum(map(float.__mul__, vector, _vector(stored)))
        if likeness >= NEAR and not math.isnan(likeness):
            near[key] = max(likeness, near.get(key, 0.0))
    return sorted(near, key=lambda key: -near[key])


def _vector(stored: bytes | memoryview) -> tuple[float, ...]:
    """A stored unit vector: 16-bit floats in little-endian order."""
    content = bytes(stored)
    return struct.unpack(f"<{len(content) // 2}e", content)
