"""What people answer in the public discussion of a report or a measure reaches the case (G3)."""

from django.db.models import Q

from community.models import Comment
from foundation.models import Change
from foundation.work import work_off
from moderation.cases.events import record
from moderation.cases.models import Case


def read_changes() -> int:
    """Take in every comment that was added where the team or a report opened a discussion; returns how many."""
    return work_off(Change.objects.filter(kind="comment.added"), _take_in)


def _take_in(change: Change) -> None:
    comment = Comment.objects.select_related("author").get(pk=change.object_id)
    here = Q(case_reports__report__discussion=comment.discussion_id) | Q(
        decisions__measures__discussion=comment.discussion_id
    )
    keys = Case.objects.filter(here).values("pk")
    for case in Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"):
        # Only words of people are news; the team's own lines under its measures are not.
        if not comment.author.is_system:
            record(case, "feedback.given", actor=comment.author, data={"comment": comment.public_id.hex})
