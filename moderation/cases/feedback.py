"""What people answer in the public discussion of a report or a measure reaches the case (G3).

An answer to an open case makes decisions on it stale; one to a decided case puts it into the lane of answers, and so
does a measure of it that ended by itself.
"""

from django.db.models import Q

from community.models import Comment, Discussion
from community.queries import sides
from foundation.models import Change
from foundation.work import work_off
from moderation.cases.events import record
from moderation.cases.models import Case, Event
from moderation.cases.parking import unpark

GIVEN = "feedback.given"
# We described the matter in public in our own words (C2).
PUBLISHED = "summary.published"
# We asked the owner for something in public (E1).
REQUESTED = "request.made"
# What we decided ended by itself (E5).
ENDED = "measure.ended"
# What of a decided case waits for a reader.
NEWS = (GIVEN, ENDED)
OWNER, OTHERS = "owner", "others"


def read_changes() -> int:
    """Take in every comment that was added where the team or a report opened a discussion; returns how many."""
    return work_off(Change.objects.filter(kind="comment.added"), _take_in)


def _take_in(change: Change) -> None:
    comment = Comment.objects.select_related("author", "discussion__repository__namespace").get(pk=change.object_id)
    found = sides(comment.discussion.repository, {comment.author_id})
    by_owner = comment.author_id in found.owner
    # Only words of people are news; the team's own lines under its measures are not.
    if comment.author.is_system or (comment.author_id in found.team and not by_owner):
        return
    data = {"comment": comment.public_id.hex, "side": OWNER if by_owner else OTHERS}
    here = Q(case_reports__report__discussion=comment.discussion_id) | Q(
        decisions__measures__discussion=comment.discussion_id
    )
    if comment.discussion.origin == Discussion.Origin.TEAM:
        told = Event.objects.filter(
            kind__in=(PUBLISHED, REQUESTED), case__subject__repository=comment.discussion.repository_id
        )
        here |= Q(pk__in=told.filter(data__discussion=comment.discussion.public_id.hex).values("case"))
    keys = Case.objects.filter(here).values("pk")
    for case in Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"):
        event = record(case, GIVEN, actor=comment.author, data=data)
        if by_owner and case.parked == Case.Parked.OWNER:
            unpark(case)  # whom we waited for spoke, in another place
        if case.state == Case.State.DECIDED and case.answered_at is None:
            wait_for_reader(case, event)


def wait_for_reader(case: Case, event: Event | None) -> None:
    """`event` is the first answer that nobody read of a case whose row the caller holds locked; None: all are read."""
    case.answered_at = event.at if event else None
    case.save(update_fields=["answered_at"])
