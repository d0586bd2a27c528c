"""The page of a repository: its card, its states, its numbers."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from repositories import queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.asked import asked_lines
from repositories.card import body_of
from repositories.holding import shown_card
from repositories.lineage import lineage_of
from repositories.pages import render_page
from repositories.safety import safety_of
from repositories.views.card import what_it_says


@require_safe
def show(request: HttpRequest, address: Address) -> HttpResponse:
    """The card, as everybody who sees the repository may read it: also while its files are gated or disabled (A2)."""
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    context = {
        "tab": "card",
        "body": body_of(shown_card(repository, found)),
        "asked": asked_lines(repository, found),
        "liked": queries.likes(request.user, repository),
        "safety": safety_of(repository, request.user, found),
        "lineage": lineage_of(repository, request.user),
        **what_it_says(repository, found),
    }
    return render_page(request, "repositories/show.html", repository, found, context)
