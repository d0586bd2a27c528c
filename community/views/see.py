"""Reading the community tab."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.posting import explain, standing_restriction
from community.actions import may_set_status
from community.forms import CommentForm
from community.models import Discussion
from community.queries import comments_from, comments_of, discussions_of, find_discussion, proposal_of, sides
from foundation.pages import page
from repositories import queries
from repositories.access import Access, require_see
from repositories.addresses import Address
from repositories.pages import render_page

COMMENTS = 100
STANDING = (Discussion.Status.OPEN, Discussion.Status.DRAFT)
OVER = (Discussion.Status.CLOSED, Discussion.Status.MERGED)


@require_safe
def discussions(request: HttpRequest, address: Address) -> HttpResponse:
    """The discussions of a repository, newest first: the open ones, the closed ones or all."""
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    status = request.GET.get("status", "")
    status = status if status in ("closed", "all") else "open"
    rows = discussions_of(repository)
    if status != "all":
        rows = rows.filter(status__in=STANDING if status == "open" else OVER)
    listed = page(rows, request.GET, order=("-number",), size=30)
    context = {"tab": "community", "page": listed, "status": status}
    return render_page(request, "community/list.html", repository, found, context)


@require_safe
def discussion(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """One discussion with its comments, oldest first, and the way to answer."""
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    return show(request, find_discussion(repository, number), found, CommentForm())


def show(
    request: HttpRequest, discussion: Discussion, found: Access, form: CommentForm, status: int = 200
) -> HttpResponse:
    """The page of a discussion, also around a form that could not be taken."""
    start = _uuid(request.GET.get("comment", ""))
    rows = comments_from(discussion, start, COMMENTS) if start else comments_of(discussion)
    comments = page(rows, request.GET, order=("created_at", "id"), size=COMMENTS)
    context: dict[str, Any] = {
        "tab": "community",
        "discussion": discussion,
        "page": comments,
        "sides": sides(discussion.repository, {comment.author_id for comment in comments.rows}),
        "form": form,
    }
    if discussion.is_pull_request:
        context["proposal"] = proposal_of(discussion, found)
    if request.user.is_authenticated:
        restriction = standing_restriction(request.user)
        context["refusal"] = explain(restriction) if restriction else ""
        context["may_merge"] = not restriction and found.edit
        context["may_set_status"] = not restriction and may_set_status(discussion, request.user, found)
    return render_page(request, "community/discussion.html", discussion.repository, found, context, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
