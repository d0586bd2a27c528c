"""Suggesting a change to a card, and merging what was suggested (B1, A4)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.posting import explain, standing_restriction
from community.forms import SuggestionForm
from community.pull_requests import merge_pull_request, open_draft, open_pull_request
from community.queries import find_discussion
from repositories import git, queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.labels import add_tag
from repositories.models import Repository
from repositories.pages import render_page, see_other, sent, verb
from repositories.projections import CARD


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, address: Address) -> HttpResponse:
    """Propose another card to the owner; with `nfaa` in the address the form holds the card with that tag."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    form = SuggestionForm(sent(request), initial=_initial(request, repository))
    if form.is_valid():
        values = form.cleaned_data
        card = git.store_bytes(repository, values["card"].encode())
        opened = open_pull_request(
            repository,
            [git.Put(CARD, card.oid)],
            title=values["title"],
            text=values["text"],
            actor=request.user,
            parent=values["parent"],
            request_id=values["request_id"],
        )
        messages.success(request, _("We opened your pull request. The owner decides whether to merge it."))
        return see_other(opened)
    restriction = standing_restriction(request.user)
    context = {"tab": "community", "form": form, "refusal": explain(restriction) if restriction else ""}
    status = 422 if form.errors else 200
    return render_page(request, "community/suggest.html", repository, found, context, status=status)


@verb
def merge(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Merge a pull request into main."""
    assert request.user.is_authenticated
    discussion = find_discussion(queries.find(*address, request.user), number)
    merge_pull_request(discussion, actor=request.user)
    messages.success(request, _("We merged this pull request. What it changes holds from now on."))
    return see_other(discussion)


@verb
def open_up(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Let a draft be ready for its review."""
    assert request.user.is_authenticated
    discussion = find_discussion(queries.find(*address, request.user), number)
    open_draft(discussion, actor=request.user)
    messages.success(request, _("This pull request is open: the owner can merge it now."))
    return see_other(discussion)


def _initial(request: HttpRequest, repository: Repository) -> dict[str, Any]:
    card = (git.read_file(repository, CARD) or b"").decode(errors="replace")
    initial = {"card": card, "parent": repository.head}
    if "nfaa" in request.GET and not repository.card_nfaa:
        title = _("Tag this repository “Not For All Audiences”")
        return {**initial, "card": add_tag(card), "title": title}
    return initial
