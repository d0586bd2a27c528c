"""What measures hid, closed or locked until a moment: it ends when it is read after it, whatever is down (E5, F5).

`Discussion.unsettled_at` says when the next of these ends in it, so that nothing is asked where nothing is timed. Who
reads or locks a discussion after that lifts it first, dated when it ended: in the timeline it stands as if somebody had
been there at that moment. The sweep does the same for what nobody reads.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Min

from accounts.models import User
from accounts.queries import system_actor
from community import projections
from community.entries import write_event
from community.models import Comment, Discussion, DiscussionEvent, Hiding, Limit
from foundation import clock
from foundation.clock import Now
from repositories.models import Repository

# Discussions whose ends one sweep, or one reader of what is not a single discussion, settles.
MOST = 500
Kind = DiscussionEvent.Kind
Status = Discussion.Status


def lock(discussion: Discussion) -> Discussion:
    """The row of `discussion`, locked until the end of the transaction, with what holds in it now."""
    row = projections.lock(discussion)
    if row.unsettled_at is None or row.unsettled_at > clock.now():
        return row
    _end_in(row)
    return projections.lock(row)


def is_due(discussion: Discussion) -> bool:
    """Whether something ended in it since this row was stored; no query where nothing in it has an end."""
    return discussion.unsettled_at is not None and discussion.unsettled_at <= clock.now()


def settle(discussion: Discussion) -> None:
    """Lift what ended in `discussion`; whoever holds its row, or comments of it, reads them again."""
    with transaction.atomic():
        lock(discussion)


def settle_in(repository: Repository) -> None:
    """Lift what ended in the discussions of `repository`, before a list of them is read; one query."""
    settle_each(Discussion.objects.filter(repository=repository, unsettled_at__lte=Now()).values_list("pk", flat=True))


def settle_all() -> None:
    """Lift what ended anywhere, before what lies in many repositories is read; one query."""
    settle_each(Discussion.objects.filter(unsettled_at__lte=Now()).values_list("pk", flat=True)[:MOST])


def settle_each(keys: Iterable[int]) -> int:
    """Lift what ended in these discussions; returns how many hidings and limits that were. Twice changes nothing."""
    count = 0
    for key in sorted(set(keys)):
        with transaction.atomic():
            row = projections.lock(Discussion(pk=key))
            count += _end_in(row)
    return count


def note_ends(row: Discussion) -> None:
    """Store on the locked `row` when the next of its timed hidings and limits ends."""
    hidings = Hiding.objects.filter(comment__discussion=row, lifted_at=None).aggregate(end=Min("ends_at"))["end"]
    limits = Limit.objects.filter(discussion=row, lifted_at=None).aggregate(end=Min("ends_at"))["end"]
    row.unsettled_at = min((end for end in (hidings, limits) if end is not None), default=None)
    row.save(update_fields=["unsettled_at"])


def lift_hiding(row: Discussion, hiding: Hiding, *, actor: User, at: datetime) -> bool:
    """Lift a hiding of a measure in the locked `row`, dated `at`; False where it was lifted before.

    Of a verdict the timeline says that it was lifted, where nothing else hides the comment; a hold leaves no trace.
    """
    kept = Comment.objects.select_for_update().get(pk=hiding.comment_id)
    if not Hiding.objects.filter(pk=hiding.pk, lifted_at=None).update(lifted_at=at, lifted_by=actor):
        return False
    projections.project(kept)
    if hiding.side == Hiding.Side.VERDICT and not kept.hidden:
        data = {"side": hiding.side}
        write_event(row, Kind.UNHIDDEN, actor=system_actor(), comment=kept, data=data, at=at)
    return True


def lift_limit(row: Discussion, standing: Limit, *, actor: User, at: datetime) -> bool:
    """Lift a limit in the locked `row`, dated `at`; False where it was lifted before."""
    if not Limit.objects.filter(pk=standing.pk, lifted_at=None).update(lifted_at=at, lifted_by=actor):
        return False
    project_limits(row, at=at)
    return True


# What of a discussion its limits change.
LIMITED = ["status", "status_beneath", "locked", "locked_by_measure"]


def project_limits(row: Discussion, *, at: datetime | None = None) -> None:
    """Compute what the locked `row` is, and say in its timeline what changed for whoever reads it."""
    standing = set(Limit.objects.filter(discussion=row, lifted_at=None).values_list("kind", flat=True))
    said = project_in_memory(row, standing)
    row.save(update_fields=LIMITED)
    for kind, data in said:
        write_event(row, kind, actor=system_actor(), data=data, at=at)


def project_in_memory(row: Discussion, standing: set[str]) -> list[tuple[DiscussionEvent.Kind, dict[str, Any]]]:
    """Set what `row` is under limits of these kinds; returns the events that say what changed."""
    before, was_locked = row.status, row.locked
    if Limit.Kind.CLOSED in standing and not row.status_beneath:
        row.status_beneath, row.status = row.status, Status.CLOSED
    elif Limit.Kind.CLOSED not in standing and row.status_beneath:
        row.status, row.status_beneath = row.status_beneath, ""
    row.locked_by_measure = Limit.Kind.LOCKED in standing
    row.locked = row.locked_by_team or row.locked_by_owner or row.locked_by_measure
    said: list[tuple[DiscussionEvent.Kind, dict[str, Any]]] = []
    if before != row.status and row.status == Status.CLOSED:
        # Who opens it later finds a draft again, where it was one.
        said.append((Kind.CLOSED, {"from": before} if before == Status.DRAFT else {}))
    elif before != row.status:
        said.append((Kind.REOPENED, {}))
    if was_locked != row.locked:
        said.append((Kind.LOCKED if row.locked else Kind.UNLOCKED, {}))
    return said


def _end_in(row: Discussion) -> int:
    """Lift what ended in the locked `row`, in the order in which it ended."""
    over: list[tuple[datetime, int, Callable[[datetime], object]]] = []
    for hiding in Hiding.objects.filter(comment__discussion=row, lifted_at=None, ends_at__lte=Now()):
        assert hiding.ends_at is not None
        over.append((hiding.ends_at, hiding.pk, partial(_end_hiding, row, hiding)))
    for standing in Limit.objects.filter(discussion=row, lifted_at=None, ends_at__lte=Now()):
        assert standing.ends_at is not None
        over.append((standing.ends_at, standing.pk, partial(_end_limit, row, standing)))
    for ended, _key, end in sorted(over, key=itemgetter(0, 1)):
        end(ended)
    note_ends(row)
    return len(over)


def _end_hiding(row: Discussion, hiding: Hiding, at: datetime) -> None:
    lift_hiding(row, hiding, actor=system_actor(), at=at)


def _end_limit(row: Discussion, standing: Limit, at: datetime) -> None:
    lift_limit(row, standing, actor=system_actor(), at=at)
