"""What community.ending lifts one by one, for many measures at once: the same rows, in a few statements (D4, E5).

However many there are; one more for each discussion in which one of these comments is quoted, or something ended.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from accounts.models import User
from accounts.queries import system_actor
from community import projections
from community.ending import LIMITED, lock, project_in_memory
from community.entries import write_all
from community.models import Comment, Discussion, DiscussionEvent, Hiding, Limit
from foundation import clock


def lift_hidings(hidings: Collection[Hiding], *, actor: User) -> None:
    """Lift what hide_by_decision did; the timeline says so of each comment that nothing else hides.

    Of a hold, which leaves no trace, it says nothing.
    """
    rows = _locked({one.comment.discussion_id for one in hidings})
    at = clock.now()
    comments = list(
        Comment.objects.select_for_update().filter(pk__in={one.comment_id for one in hidings}).order_by("pk")
    )
    held = Hiding.objects.select_for_update().filter(pk__in=[one.pk for one in hidings], lifted_at=None)
    lifted = list(held.order_by("pk"))
    Hiding.objects.filter(pk__in=[one.pk for one in lifted]).update(lifted_at=at, lifted_by=actor)
    shown = {one.pk: one for one in projections.show_again(comments)}
    # One comment may have been hidden twice: the last that is lifted shows it.
    last = {one.comment_id: one for one in lifted if one.side == Hiding.Side.VERDICT}
    told = sorted((one for key, one in last.items() if key in shown), key=lambda one: one.pk)
    write_all(
        [
            (rows[shown[one.comment_id].discussion_id], DiscussionEvent.Kind.UNHIDDEN, shown[one.comment_id],
             {"side": one.side})
            for one in told
        ],
        actor=system_actor(),
        at=at,
    )  # fmt: skip


def lift_limits(limits: Sequence[Limit], *, actor: User) -> None:
    """Lift what limits.limit did; each timeline says what changed for whoever reads it."""
    rows = _locked({one.discussion_id for one in limits})
    at = clock.now()
    Limit.objects.filter(pk__in=[one.pk for one in limits], lifted_at=None).update(lifted_at=at, lifted_by=actor)
    project_all_limits(rows, at=at)


def limit_all(discussions: Collection[Discussion], kind: str, *, actor: User, ends_at: datetime | None) -> list[Limit]:
    """Close or lock each by a measure, as limits.limit does; in the order of their ids."""
    rows = _locked({one.pk for one in discussions})
    at = clock.now()
    made = Limit.objects.bulk_create(
        Limit(discussion=row, kind=Limit.Kind(kind), actor=actor, created_at=at, ends_at=ends_at)
        for row in rows.values()
    )
    project_all_limits(rows, at=at)
    return made


def project_all_limits(rows: dict[int, Discussion], *, at: datetime) -> None:
    """Compute what these locked rows are, and say in each timeline what changed."""
    standing: dict[int, set[str]] = defaultdict(set)
    found = Limit.objects.filter(discussion__in=rows, lifted_at=None).values_list("discussion", "kind")
    for discussion, kind in found:
        standing[discussion].add(kind)
    said = [(row, kind, None, data) for row in rows.values() for kind, data in project_in_memory(row, standing[row.pk])]
    Discussion.objects.bulk_update(rows.values(), LIMITED)
    write_all(said, actor=system_actor(), at=at)


def _locked(keys: Collection[int]) -> dict[int, Discussion]:
    """The rows with these ids by their ids, locked in that order, with what holds in them now."""
    found = {
        row.pk: row for row in Discussion.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    }
    now = clock.now()
    for row in found.values():
        if row.unsettled_at is not None and row.unsettled_at <= now:
            found[row.pk] = lock(row)
    return found
