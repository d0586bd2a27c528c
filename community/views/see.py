"""Reading a discussion."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from community.forms import CommentForm
from community.inbox import mark_discussion_read
from community.models import Discussion
from community.page import context_of
from community.queries import find_discussion
from community.quoting import quote_by_id
from community.views.proposal import proposal_context
from repositories import queries
from repositories.access import Access, require_see
from repositories.addresses import Address
from repositories.pages import render_page


@require_safe
def discussion(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """One discussion with its comments and events, oldest first, and the way to answer.

    `quote` in the address is the id of a comment that the answer begins with.
    """
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    row = find_discussion(repository, number, request.user)
    quoted = quote_by_id(row, request.GET["quote"]) if "quote" in request.GET else ""
    if request.user.is_authenticated:
        mark_discussion_read(request.user, row)
    return show(request, row, found, CommentForm(initial={"text": quoted}))


def show(
    request: HttpRequest,
    discussion: Discussion,
    found: Access,
    form: CommentForm,
    *,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a discussion, also around a form that could not be taken; `more` is context for its template."""
    context = context_of(discussion, request.user, found, request.GET) | {"form": form}
    if discussion.is_pull_request:
        context |= proposal_context(request, discussion, found, context["refusal"])
    context |= more or {}
    return render_page(request, "community/discussion.html", discussion.repository, found, context, status=status)
