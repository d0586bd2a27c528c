"""Computing the priority of many open cases again when what they share has changed (D4).

Nobody waits for it: the cause writes a row of work in its own transaction, and a worker goes through the cases by
ascending id, a batch in a transaction. What is computed twice comes out the same. What concerns one case only (a
report, a score, a deadline) is computed by its own action.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.queries import system_actor
from foundation import bells, clock
from foundation.models import Change
from foundation.work import work_off
from moderation.cases.actions.parties import follow_owner
from moderation.cases.facts import Facts, activity_of
from moderation.cases.models import Case, CaseReport, Reranking
from moderation.cases.priority import reach_of, update_priorities
from moderation.cases.weights import KEPT, forget, weights
from moderation.policy.models import Lane
from moderation.reports.models import Report

BATCH = 100
# So many are looked at in one batch, and those computed again whose reach and trend moved by this many points.
LOOKED_AT, MOVED = 1_000, 0.5
# What rooms below tell, and which cases it concerns.
TOLD = ("clause.changed", "lane.changed", "reports.judged", "repository.moved")


def rerank(cause: str, object_id: int = 0, *, wait: timedelta = timedelta()) -> None:
    """Have the open cases that `cause` concerns computed again; in the transaction of the cause."""
    Reranking.objects.create(cause=Reranking.Cause(cause), object_id=object_id, due_at=clock.now() + wait)
    bells.ring("rerank")


def rerank_for_formula(version: int) -> None:
    """The weights changed. Once more after every process has read them, for cases that got the old ones until then."""
    rerank(Reranking.Cause.FORMULA, version)
    rerank(Reranking.Cause.FORMULA, version, wait=timedelta(seconds=2 * KEPT))


def watch_reach() -> None:
    """Have likes, downloads and trend compared with what the cases say, unless that is going on already."""
    if not Reranking.objects.filter(cause=Reranking.Cause.REACH, done_at=None).exists():
        rerank(Reranking.Cause.REACH)


def work_through() -> int:
    """Take in what rooms below told, then compute until nothing waits; returns how many batches."""
    work_off(Change.objects.filter(kind__in=TOLD), _take_in)
    return work_off(Reranking.objects.all(), _batch)


def _take_in(change: Change) -> None:
    if change.kind == "repository.moved":
        _follow(change)
    elif change.kind == "reports.judged":
        rerank(
            Reranking.Cause.REPORTERS, CaseReport.objects.values_list("case", flat=True).get(report=change.object_id)
        )
    else:
        if change.kind == "lane.changed":
            _open_or_close(change.object_id)
        rerank(change.kind.removesuffix(".changed"), change.object_id)


def _open_or_close(lane_id: int) -> None:
    """Decided cases of a lane that is for a named role now, or no longer: open ones follow with their priority (C9)."""
    reserved = Lane.objects.filter(pk=lane_id, group__isnull=False).exists()
    rows = Case.objects.filter(lane=lane_id, state=Case.State.DECIDED).exclude(reserved=reserved).order_by("pk")
    keys = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    Case.objects.filter(pk__in=keys).update(reserved=reserved)


def _follow(change: Change) -> None:
    """Cases of a repository that has another owner now are no longer for the new owner to decide (C1).

    And the part of the earlier owner ends, with its thread (D2).
    """
    mover = User.objects.get(pk=change.actor_id) if change.actor_id else system_actor()
    keys = Case.objects.filter(subject__repository=change.object_id).values("pk")
    rows = Case.objects.select_for_update(of=("self",), no_key=True).select_related("subject__repository__namespace")
    for case in rows.filter(pk__in=keys).order_by("pk"):
        case.author_id, case.organization_id = case.subject.holder_ids()
        case.save(update_fields=["author", "organization"])
        follow_owner(case, actor=mover)


def _batch(row: Reranking) -> None:
    """Do the next cases of `row`, and write the row of those after them."""
    forget()  # weights that were written a moment ago
    ahead = Case.objects.filter(state=Case.State.OPEN, pk__gt=row.after).order_by("pk")
    if row.cause == Reranking.Cause.REACH:
        last, keys = _moved(ahead)
    else:
        keys = list(ahead.filter(_concerned(row)).values_list("pk", flat=True)[:BATCH])
        last = keys[-1] if len(keys) == BATCH else None
    for start in range(0, len(keys), BATCH):
        rows = Case.objects.select_for_update(of=("self",), no_key=True)
        some = rows.filter(pk__in=keys[start : start + BATCH], state=Case.State.OPEN).order_by("pk")
        update_priorities(list(some), clock.now())
    if last is not None:
        Reranking.objects.create(cause=row.cause, object_id=row.object_id, after=last, due_at=clock.now())


def _concerned(row: Reranking) -> Q:
    """Which open cases the cause of `row` concerns."""
    if row.cause == Reranking.Cause.FORMULA:
        return Q(formula__lt=row.object_id)
    if row.cause == Reranking.Cause.REPORTERS:
        # Of open reports only: an index finds those of a person.
        people = Report.objects.filter(case_report__case=row.object_id, channel__in=Report.BY_PEOPLE)
        theirs = Report.objects.filter(reporter__in=people.values("reporter"), state=Report.State.OPEN)
        return Q(pk__in=CaseReport.objects.filter(report__in=theirs).values("case"))
    if row.cause == Reranking.Cause.LANE:
        return Q(lane__isnull=False)  # what a lane gives depends on those after it
    return Q(**{row.cause: row.object_id})


def _moved(ahead: QuerySet[Case]) -> tuple[int | None, list[int]]:
    """The id up to which the next cases were looked at (None: all were), and those whose reach has moved."""
    paths = ("subject__repository", "subject__discussion__repository", "subject__comment__discussion__repository")
    columns = {name: Coalesce(*(f"{path}__{name}" for path in paths)) for name in ("likes", "downloads", "trending")}
    found = list(ahead.annotate(**columns).values_list("pk", "reach", *columns)[:LOOKED_AT])
    now, of = clock.now(), weights().of
    moved = []
    for key, before, likes, downloads, trend in found:
        facts = Facts(likes=likes, downloads=downloads, activity=activity_of(trend, now))
        if abs(sum(point.points for point in reach_of(facts, of)) - before) >= MOVED:
            moved.append(key)
    return (found[-1][0] if len(found) == LOOKED_AT else None), moved
