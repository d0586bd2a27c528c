"""The front page, the lists and search (A6)."""

from collections.abc import Container

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from foundation.pages import Page, page
from repositories import queries
from repositories.access import Viewer
from repositories.models import Kind, Repository

ORDERS = {"trending": _("Trending"), "newest": _("Newest"), "likes": _("Most liked")}
KINDS = {"model": _("Models"), "dataset": _("Datasets"), "space": _("Spaces")}
LONGEST_QUERY = 200


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What is trending and what is new, of each kind."""
    trending = [(kind, KINDS[kind], _first(request.user, kind, "trending")) for kind in Kind]
    newest = [one for kind in Kind for one in _first(request.user, kind, "newest")]
    newest.sort(key=lambda one: (one.created_at, one.pk), reverse=True)
    return render(request, "repositories/front.html", {"trending": trending, "newest": newest[:6]})


@require_safe
def of_kind(request: HttpRequest, kind: Kind) -> HttpResponse:
    """All repositories of a kind, in the order and with the tag and the language of the address."""
    order = _one_of(ORDERS, request.GET.get("order", "trending"), "trending")
    tag, language = request.GET.get("tag", "").strip()[:80], request.GET.get("language", "").strip()[:20]
    parts = [queries.tagged(part.filter(kind=kind), tag=tag, language=language) for part in _parts(request.user)]
    context = {
        "kind": kind,
        "heading": KINDS[kind],
        "page": _page(parts, request.GET, order),
        "order": order,
        "orders": ORDERS.items(),
        "tag": tag,
        "language": language,
    }
    return render(request, "repositories/list.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Repositories that contain all the words, in any script; of one kind when the address names it."""
    words = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    kind = _one_of(KINDS, request.GET.get("kind", ""), "")
    # Each kind on its own, because the indexes that hold the order begin with the kind.
    found = [queries.search(part, words) for part in _parts(request.user)]
    parts = [part.filter(kind=one) for one in Kind if kind in ("", one) for part in found]
    context = {
        "words": words,
        "kind": kind,
        "kinds": [("", _("Everything")), *KINDS.items()],
        "page": _page(parts, request.GET, "trending") if words else None,
    }
    return render(request, "repositories/search.html", context)


def _one_of(known: Container[str], value: str, otherwise: str) -> str:
    """An address with an unknown filter shows the list as if it had none."""
    return value if value in known else otherwise


def _parts(viewer: Viewer) -> list[QuerySet[Repository]]:
    return [queries.with_states(part) for part in queries.listed_parts(viewer)]


def _page(parts: list[QuerySet[Repository]], query: QueryDict, order: str, size: int = 30) -> Page[Repository]:
    return page(parts[0], query, order=queries.ORDERS[order], size=size, also=parts[1:])


def _first(viewer: Viewer, kind: Kind, order: str) -> list[Repository]:
    return _page([part.filter(kind=kind) for part in _parts(viewer)], QueryDict(), order, size=6).rows
