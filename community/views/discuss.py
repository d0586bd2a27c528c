"""Posting in the community tab; the actions decide who may (B1, B3, F5)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.posting import explain, standing_restriction
from community import actions
from community.forms import CommentForm, DiscussionForm
from community.models import Discussion
from community.queries import find_discussion
from community.views.see import show
from foundation.errors import Forbidden, Refused
from repositories import queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.pages import render_page, see_other, sent, verb


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, address: Address) -> HttpResponse:
    """The form for a new discussion; for somebody who cannot post now, why and until when.

    `title` and `text` in the address are what the form begins with.
    """
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    form = DiscussionForm(sent(request), initial={name: request.GET.get(name, "") for name in ("title", "text")})
    if form.is_valid():
        discussion = actions.open_discussion(repository, actor=request.user, **form.cleaned_data)
        return see_other("community:discussion", repository, discussion.number)
    restriction = standing_restriction(request.user)
    context = {"tab": "community", "form": form, "refusal": explain(restriction) if restriction else ""}
    return render_page(request, "community/new.html", repository, found, context, status=422 if form.errors else 200)


@verb
def comment(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Add a comment; what was written stays in the form when it cannot be taken."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_comment(discussion, actor=request.user, **form.cleaned_data)
        except Forbidden:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return see_other(made)
    found = require_see(discussion.repository, request.user)
    return show(request, discussion, found, form, status=422)


@verb
def status(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Close with `status=closed`, reopen with `status=open`."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    wanted = request.POST.get("status", "")
    actions.set_status(discussion, wanted, actor=request.user)
    closed = wanted == Discussion.Status.CLOSED
    messages.success(request, _("You closed this discussion.") if closed else _("You reopened this discussion."))
    return see_other(discussion)


@verb
def lock(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Lock with `locked=1`, unlock with `locked=0`; the team only."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    locked = request.POST.get("locked") != "0"
    actions.set_locked(discussion, locked, actor=request.user)
    locked_words = _("You locked this discussion: only the team can write in it now.")
    messages.success(request, locked_words if locked else _("You unlocked this discussion."))
    return see_other(discussion)


def _find(request: HttpRequest, address: Address, number: int) -> Discussion:
    return find_discussion(queries.find(*address, request.user), number)
