"""What one does in a discussion: comment, edit, hide, rename, close, merge; the actions say who may (B1, B2, F5).

The client's own words for each answer: it makes an event out of it.
"""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponseBase

from accounts.models import User
from community.actions import LONGEST_COMMENT, LONGEST_TITLE, add_comment, edit_comment, rename, set_status
from community.actions import hide as hide_comment
from community.models import Comment, Discussion, DiscussionEvent, Hiding
from community.pull_requests import merge_pull_request, open_draft
from community.queries import find_discussion
from hub.errors import HubError
from hub.events import STATUS, describe_comment, earlier_versions, latest_change
from hub.find import find
from hub.protocol import HubRequest, answer, endpoint, person, sent, sent_text
from repositories.addresses import Address

Status = Discussion.Status
# The client gives no reason. Every other category would accuse somebody of something, or say that a matter is settled:
# this one says only that the words do not belong here.
USUAL_CATEGORY = Hiding.Category.OFF_TOPIC


@endpoint("POST")
def add(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Comment in a discussion."""
    row, actor = _find(request, address, number)
    text = sent_text(sent(request), "comment", longest=LONGEST_COMMENT)
    return answer({"newMessage": describe_comment(add_comment(row, text=text, actor=actor))})


@endpoint("POST")
def edit(request: HubRequest, address: Address, number: int, comment: str) -> HttpResponseBase:
    """Give an own comment other words; the words before are for the team only (B5)."""
    row, actor = _find(request, address, number)
    text = sent_text(sent(request), "content", longest=LONGEST_COMMENT)
    return _updated(edit_comment(_comment(row, comment), text=text, actor=actor))


@endpoint("POST")
def hide(request: HubRequest, address: Address, number: int, comment: str) -> HttpResponseBase:
    """Hide a comment, for ever as far as this protocol goes; whoever wrote it withdraws it. Takes a `category`."""
    row, actor = _find(request, address, number)
    found = _comment(row, comment)
    hide_comment(found, category=sent(request).get("category", USUAL_CATEGORY), actor=actor)
    return _updated(found)


@endpoint("POST")
def title(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Rename a discussion; the same title again changes nothing."""
    row, actor = _find(request, address, number)
    wanted = " ".join(sent_text(sent(request), "title", longest=LONGEST_TITLE).split())
    with transaction.atomic():
        rename(row, wanted, actor=actor)
        event = latest_change(row, [DiscussionEvent.Kind.RENAMED], {"from": wanted, "to": wanted})
    return answer({"newTitle": event})


@endpoint("POST")
def status(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Open a draft, close, or reopen, with a `comment` where one comes with it; again changes nothing."""
    row, actor = _find(request, address, number)
    body = sent(request)
    wanted = body.get("status")
    if wanted not in (Status.OPEN, Status.CLOSED):
        raise HubError(400, "status is open or closed")
    words = sent_text(body, "comment", longest=LONGEST_COMMENT) if body.get("comment") else ""
    with transaction.atomic():
        if words and wanted == Status.CLOSED:  # nobody comments in what is closed
            add_comment(row, text=words, actor=actor)
        if row.status == Status.DRAFT and wanted == Status.OPEN:
            open_draft(row, actor=actor)
        else:
            set_status(row, wanted, actor=actor)
        if words and wanted == Status.OPEN:
            add_comment(row, text=words, actor=actor)
        event = latest_change(row, list(STATUS), {"status": wanted})
    return answer({"newStatus": event})


@endpoint("POST")
def merge(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Merge a pull request into main, with a `comment` where one comes with it."""
    row, actor = _find(request, address, number)
    body = sent(request)
    words = sent_text(body, "comment", longest=LONGEST_COMMENT) if body.get("comment") else ""
    with transaction.atomic():
        commit = merge_pull_request(row, actor=actor)
        if words:
            add_comment(row, text=words, actor=actor)
    return answer({"mergeCommitId": commit})


def _find(request: HubRequest, address: Address, number: int) -> tuple[Discussion, User]:
    """The discussion, also of a disabled repository, and who posts. Raises HubError, Refused."""
    repository, _found = find(request, address, even_disabled=True)
    actor = person(request)
    return find_discussion(repository, number, actor), actor


def _comment(row: Discussion, key: str) -> Comment:
    """The comment of `row` with this id. Raises HubError (404)."""
    try:
        found = row.comments.select_related("author").get(public_id=UUID(key))
    except (ValueError, Comment.DoesNotExist):
        raise HubError(404, "There is no such comment in this discussion") from None
    return found


def _updated(row: Comment) -> HttpResponseBase:
    earlier = earlier_versions(Comment.objects.filter(pk=row.pk)).get(row.pk, ())
    return answer({"updatedComment": describe_comment(row, earlier)})
