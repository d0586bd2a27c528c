"""The front page, the lists and search (A6)."""

from collections.abc import Container
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from repositories import facets, orders
from repositories.feeds import PAGE, Feed, Matches
from repositories.filters import Wanted, chosen, wanted
from repositories.models import Kind, Repository
from repositories.queries import listed_parts
from repositories.searching import ENOUGH, LONGEST, Words, best_page

KINDS = {"model": _("Models"), "dataset": _("Datasets"), "space": _("Spaces")}


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What is trending and what is new, of each kind."""
    listed = listed_parts(request.user)

    def first(kind: Kind, order: str) -> list[Repository]:
        return Feed(request.user, Wanted((kind,)), order, listed=listed).page(QueryDict(), size=6).rows

    trending = [(kind, KINDS[kind], first(kind, "trending")) for kind in Kind]
    newest = [one for kind in Kind for one in first(kind, "newest")]
    newest.sort(key=lambda one: (one.created_at, one.pk), reverse=True)
    return render(request, "repositories/front.html", {"trending": trending, "newest": newest[:6]})


@require_safe
def of_kind(request: HttpRequest, kind: Kind) -> HttpResponse:
    """All repositories of a kind, in the order and narrowed to the facets of the address."""
    order = _one_of(orders.NAMES, request.GET.get("order", ""), "trending")
    values = {name: some for name, some in chosen(request.GET).items() if name != "kind"}
    feed = Feed(request.user, wanted(values | {"kind": [kind]}), order)
    first = feed.first(columns=facets.COLUMNS)
    context = {
        "kind": kind,
        "heading": KINDS[kind],
        "page": feed.page(request.GET, size=PAGE, first=first),
        "orders": orders.NAMES.items(),
        **_facets(request.GET, values, first, order, without=["kind"]),
    }
    return render(request, "repositories/list.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Repositories in which all the words are found, best match first or in the order of the address."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    words = Words.of(text)
    order = _one_of(orders.NAMES_IN_SEARCH, request.GET.get("order", ""), orders.BEST)
    values = chosen(request.GET)
    context: dict[str, Any] = {"text": text, "page": None, "kept": facets.kept(request.GET)}
    if words:
        user, narrowed = request.user, wanted(values)
        asked = narrowed & words.wanted
        if order == orders.BEST:
            first = Feed(user, asked, "trending").first(columns=facets.COLUMNS, enough=ENOUGH)
            found = best_page(user, words, narrowed, request.GET, size=PAGE, first=first)
        else:
            feed = Feed(user, asked, order)
            first = feed.first(columns=facets.COLUMNS)
            found = feed.page(request.GET, size=PAGE, first=first)
        context |= {
            "page": found,
            "orders": orders.NAMES_IN_SEARCH.items(),
            **_facets(request.GET, values, first, order),
        }
    return render(request, "repositories/search.html", context)


def _facets(
    query: QueryDict, values: dict[str, list[str]], first: Matches, order: str, without: list[str] | None = None
) -> dict[str, Any]:
    return {
        "order": order,
        "explained": orders.EXPLAINED[order],
        "chosen": facets.taken(values, query),
        "kept": facets.kept(query),
        "groups": facets.offered(first, values, query, without=without or []),
        "first": first,
    }


def _one_of(known: Container[str], value: str, otherwise: str) -> str:
    """An address with an unknown filter shows the list as if it had none."""
    return value if value in known else otherwise
