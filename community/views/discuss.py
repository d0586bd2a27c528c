"""Posting in the community tab; the actions decide who may (B1, B2, B3, F5)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from community import actions
from community.forms import CommentForm, DiscussionForm, TitleForm, refuse
from community.models import Comment, Discussion
from community.posting import Way, refusal
from community.queries import find_discussion
from community.views.comments import preview_of
from community.views.see import show
from foundation.errors import Refused
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
    context, status = {"tab": "community", "form": form}, 422 if form.errors else 200
    if form.is_valid() and "preview" in request.POST:
        context |= preview_of(form)
    elif form.is_valid():
        try:
            return see_other(actions.open_discussion(repository, actor=request.user, **form.cleaned_data))
        except Refused as refused:
            status = refuse(form, refused)
    context["refusal"] = refusal(request.user, repository, Way.DISCUSSION, found=found)
    return render_page(request, "community/new.html", repository, found, context, status=status)


@verb
def comment(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Add a comment, and with `close` close the discussion; what was written stays in the form when it is not taken."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    found = require_see(discussion.repository, request.user)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show(request, discussion, found, form, status=422)
    if "preview" in request.POST:
        return show(request, discussion, found, form, more=preview_of(form))
    try:
        return see_other(_add(discussion, form, closes="close" in request.POST, actor=request.user))
    except Refused as refused:
        return show(request, discussion, found, form, status=refuse(form, refused))


@verb
def rename(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Give the discussion the title in `title`; with `conceal` the ones before are left out of the timeline."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    form = TitleForm(request.POST)
    if form.is_valid():
        conceal = "conceal" in request.POST
        actions.rename(discussion, form.cleaned_data["title"], actor=request.user, conceal=conceal)
        return see_other(discussion)
    found = require_see(discussion.repository, request.user)
    return show(request, discussion, found, CommentForm(), more={"title_form": form}, status=422)


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
    """Lock with `locked=1` and a `reason`, unlock with `locked=0`."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    locked = request.POST.get("locked") != "0"
    actions.set_locked(discussion, locked, reason=request.POST.get("reason", ""), actor=request.user)
    by_team = _("You locked this discussion: only the team can write in it now.")
    by_owner = _("You locked this discussion: only the owner side and the team can write in it now.")
    locked_words = by_team if request.user.is_team else by_owner
    messages.success(request, locked_words if locked else _("You unlocked this discussion."))
    return see_other(discussion)


@verb
def pin(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Pin with `pinned=1`, unpin with `pinned=0`."""
    assert request.user.is_authenticated
    discussion = _find(request, address, number)
    pinned = request.POST.get("pinned") != "0"
    actions.set_pinned(discussion, pinned, actor=request.user)
    pinned_words = _("You pinned this discussion: it stands at the top of the list.")
    messages.success(request, pinned_words if pinned else _("You unpinned this discussion."))
    return see_other(discussion)


@transaction.atomic
def _add(discussion: Discussion, form: CommentForm, *, closes: bool, actor: User) -> Comment:
    made = actions.add_comment(discussion, actor=actor, **form.cleaned_data)
    if closes:
        actions.set_status(discussion, Discussion.Status.CLOSED, actor=actor)
    return made


def _find(request: HttpRequest, address: Address, number: int) -> Discussion:
    return find_discussion(queries.find(*address, request.user), number, request.user)
