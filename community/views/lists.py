"""The list of a repository's discussions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from community import listing
from community.models import Discussion
from community.queries import discussions_of, reads_all, tab_is_on
from community.searching import SHORTEST, Match, matches
from community.subscribing import repository_subscription_of
from foundation.pages import Page
from repositories import queries
from repositories.access import require_see
from repositories.addresses import Address
from repositories.models import Repository
from repositories.pages import render_page


@require_safe
def discussions(request: HttpRequest, address: Address) -> HttpResponse:
    """The discussions of a repository: the open ones, newest first, or what the address asks for."""
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    wanted = listing.Wanted.of(request.GET)
    context: dict[str, Any] = {
        "tab": "community",
        "wanted": wanted,
        "tab_is_on": tab_is_on(repository),
        "reads_all": reads_all(request.user, found),
        "kinds": listing.KINDS.items(),
        "origins": listing.ORIGINS.items(),
        "orders": listing.ORDERS.items(),
        "shortest": SHORTEST,
    }
    if not wanted.is_too_short:
        rows = discussions_of(repository, request.user, found)
        shown = listing.listed(rows, repository, wanted, request.GET)
        context |= {"page": shown, "rows": _rows(shown, repository, wanted)}
        if not wanted.text:
            context["counts"] = listing.counts(rows, wanted)
        if not wanted.is_narrowed and not request.GET.get("after"):
            context["pinned"] = listing.pinned(rows)
    if request.user.is_authenticated:
        context["repository_subscription"] = repository_subscription_of(request.user, repository)
    return render_page(request, "community/list.html", repository, found, context)


def _rows(
    shown: Page[Discussion], repository: Repository, wanted: listing.Wanted
) -> list[tuple[Discussion, Match | None]]:
    """Each discussion of the page, with where it says what was searched for."""
    found = matches(shown.rows, repository, wanted.text) if wanted.text else {}
    return [(row, found.get(row.pk)) for row in shown.rows]
