"""One comment: editing, hiding, reacting, quoting, and its versions (B1, B2, B5). The actions decide who may."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import actions
from community.forms import TextForm, refuse
from community.mentions import addresses, people_called
from community.models import Comment, Hiding
from community.page import Reader, entries_of
from community.posting import Way, refusal
from community.queries import find_comment_in, find_discussion
from community.quoting import quote as quote_of
from community.reactions import picker
from community.versions import versions_page
from foundation.errors import Forbidden, Refused
from foundation.http import private
from repositories import queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.pages import protect, render_page, see_other, sent, verb


@require_safe
def one(request: HttpRequest, address: Address, number: int, public_id: UUID) -> HttpResponse:
    """The short address of a comment leads to where it stands in its discussion."""
    return HttpResponseRedirect(_find(request, address, number, public_id).get_absolute_url())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, address: Address, number: int, public_id: UUID) -> HttpResponse:
    """The form with the words of an own comment; for somebody who cannot post now, why and until when."""
    assert request.user.is_authenticated
    comment = _find(request, address, number, public_id)
    if comment.author_id != request.user.pk:
        raise Forbidden(_("Only who wrote a comment can edit it."))
    discussion, status = comment.discussion, 200
    found = require_see(discussion.repository, request.user)
    form = TextForm(sent(request), initial={"text": comment.text})
    context: dict[str, Any] = {"tab": "community", "comment": comment, "discussion": discussion, "form": form}
    if form.is_valid() and "preview" in request.POST:
        context |= preview_of(form)
    elif form.is_valid():
        try:
            actions.edit_comment(comment, text=form.cleaned_data["text"], actor=request.user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            return see_other(comment)
    elif form.errors:
        status = 422
    context["refusal"] = refusal(request.user, discussion.repository, Way.EDIT, discussion=discussion, found=found)
    return render_page(request, "community/edit.html", discussion.repository, found, context, status=status)


@verb
def hide(request: HttpRequest, address: Address, number: int, public_id: UUID) -> HttpResponse:
    """Hide a comment for the reason in `category`; whoever wrote it withdraws it."""
    assert request.user.is_authenticated
    comment = _find(request, address, number, public_id)
    actions.hide(comment, category=request.POST.get("category", ""), actor=request.user)
    messages.success(request, _("You hid this comment everywhere. You can show it again."))
    return see_other(comment)


@verb
def unhide(request: HttpRequest, address: Address, number: int, public_id: UUID) -> HttpResponse:
    """Show a comment again."""
    assert request.user.is_authenticated
    comment = _find(request, address, number, public_id)
    actions.unhide(comment, actor=request.user)
    still = _("You no longer hide this comment, but somebody else does.")
    messages.success(request, still if comment.hidden else _("Everybody can read this comment again."))
    return see_other(comment)


@verb
def react(request: HttpRequest, address: Address, number: int, public_id: UUID) -> HttpResponse:
    """Add the reaction `react`, or take back the one in `take_back`; htmx gets the row of reactions."""
    assert request.user.is_authenticated
    comment = _find(request, address, number, public_id)
    added, gone = request.POST.get("react", ""), request.POST.get("take_back", "")
    if gone:
        actions.take_back(comment, gone, actor=request.user)
    else:
        actions.react(comment, added, actor=request.user)
    if "HX-Request" not in request.headers:
        return see_other(comment)
    found = require_see(comment.discussion.repository, request.user)
    reader = Reader(request.user, comment.discussion, found, posts=True)
    (shown,) = entries_of([comment], reader, touched=gone or added)
    return render(request, "community/reactions.html", {"shown": shown, "may_post": True, "picker": picker()})


@require_safe
def quote(request: HttpRequest, address: Address, number: int, public_id: UUID) -> HttpResponse:
    """The comment as Markdown to answer it; of what is in `words`, which somebody selected, only those lines."""
    comment = _find(request, address, number, public_id)
    words = quote_of(comment, request.GET.get("words", ""))
    repository = comment.discussion.repository
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    return protect(response, repository, require_see(repository, request.user))


@login_required
@require_POST
def preview(request: HttpRequest, address: Address) -> HttpResponse:
    """What a text would look like, as htmx shows it in the form."""
    repository = queries.find(*address, request.user)
    require_see(repository, request.user)
    form = TextForm(request.POST)
    context = {"form": form, **(preview_of(form) if form.is_valid() else {})}
    return render(request, "community/preview.html", context, status=422 if form.errors else 200)


@private
@login_required
@require_safe
def versions(request: HttpRequest, address: Address, number: int, public_id: UUID) -> HttpResponse:
    """What a comment ever said, hidden or not, in pages: the team's evidence (B5). Raises Forbidden for others."""
    assert request.user.is_authenticated
    comment = _find(request, address, number, public_id)
    if not request.user.is_team:
        raise Forbidden(_("Only the team reads the versions of a comment."))
    if comment.hidings.filter(side=Hiding.Side.HOLD, lifted_at=None).exists():
        raise Forbidden(
            _("This comment is held until somebody has looked: its words are on the page of its case alone.")
        )
    shown_page, versions = versions_page(comment, request.GET)
    discussion = comment.discussion
    found = require_see(discussion.repository, request.user)
    context = {
        "tab": "community",
        "comment": comment,
        "discussion": discussion,
        "page": shown_page,
        "versions": versions,
        "hidings": comment.hidings.select_related("actor", "lifted_by").order_by("created_at", "pk"),
    }
    return render_page(request, "community/versions.html", discussion.repository, found, context)


def preview_of(form: TextForm) -> dict[str, object]:
    """The text of a valid form as its preview shows it."""
    text = form.cleaned_data["text"]
    return {"preview": text, "names": addresses(people_called(text))}


def _find(request: HttpRequest, address: Address, number: int, public_id: UUID) -> Comment:
    discussion = find_discussion(queries.find(*address, request.user), number, request.user)
    return find_comment_in(discussion, public_id)
