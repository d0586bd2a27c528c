"""What people do with a pull request: merging it, opening a draft, bringing it up to main (B1, A4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from community.models import Discussion
from community.proposal_forms import MergeForm
from community.pull_requests import merge_pull_request, open_draft, update_from_main
from community.queries import find_discussion
from repositories import queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.pages import render_page, see_other, verb


@verb
def merge(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Merge a pull request into main; the form's words become those of the commit."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    form = MergeForm(request.POST)
    if not form.is_valid():
        found = require_see(discussion.repository, request.user)
        context = {"tab": "community", "discussion": discussion, "merge_form": form}
        return render_page(request, "community/merge.html", discussion.repository, found, context, status=422)
    merge_pull_request(discussion, actor=request.user, message=form.words)
    messages.success(request, _("You merged this pull request. What it changes holds from now on."))
    return see_other(discussion)


@verb
def open_up(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Let a draft be ready for its review."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    open_draft(discussion, actor=request.user)
    messages.success(request, _("This pull request is open: the owner can merge it now."))
    return see_other(discussion)


@verb
def update(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Bring main, as it is now, into the pull request."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    update_from_main(discussion, actor=request.user)
    messages.success(
        request, _("You brought main into this pull request. What it proposes stands on main as it is now.")
    )
    return see_other(discussion)


def _find(request: HttpRequest, address: Address, number: int) -> Discussion:
    return find_discussion(queries.find(*address, request.user), number, request.user)
