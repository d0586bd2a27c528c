"""Lists of models, datasets and spaces (A6)."""

from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict

from accounts.models import Namespace
from foundation import clock
from foundation.pages import page
from hub.errors import HubError
from hub.protocol import HubRequest, answer, endpoint
from hub.shapes import describe
from repositories.models import Gating, Kind, Repository, Restriction
from repositories.queries import listed_parts, search, tagged

MOST, USUAL = 500, 100
ORDERS = {
    "trendingScore": ("-trending", "-id"),
    "createdAt": ("-created_at", "-id"),
    "lastModified": ("-updated_at", "-id"),
    "likes": ("-likes", "-id"),
    "downloads": ("-downloads", "-id"),
}
# Prefixes that a filter may carry, as the tags of an info do.
LICENSE, LANGUAGE = "license:", "language:"


@endpoint("GET", "HEAD")
def repositories(request: HubRequest, kind: Kind) -> HttpResponseBase:
    """Repositories that lists show to whoever asks, best first; `Link` names the next page."""
    order = ORDERS.get(request.GET.get("sort", "trendingScore"))
    if order is None:
        raise HubError(400, f"Unknown sort; there are: {', '.join(ORDERS)}")
    first, *others = [_narrow(part.filter(kind=kind), request.GET) for part in listed_parts(request.user)]
    found = page(first, request.GET, order=order, size=_limit(request.GET), also=others)
    disabled = _disabled(found.rows)
    now, expand = clock.now(), request.GET.getlist("expand")
    rows = [describe(row, now=now, disabled=row.pk in disabled, expand=expand) for row in found.rows]
    following = request.build_absolute_uri(f"?{found.next}") if found.next else ""
    return answer(rows, headers={"Link": f'<{following}>; rel="next"'} if following else None)


def _narrow(rows: QuerySet[Repository], query: QueryDict) -> QuerySet[Repository]:
    for one in query.getlist("filter"):
        if one.startswith(LICENSE):
            rows = rows.filter(license=one.removeprefix(LICENSE))
        elif one.startswith(LANGUAGE):
            rows = tagged(rows, language=one.removeprefix(LANGUAGE))
        else:
            rows = tagged(rows, tag=one)
    if author := query.get("author"):
        rows = rows.filter(namespace__in=Namespace.objects.named(author))
    if gated := query.get("gated", "").lower():  # older clients write True and False
        rows = rows.exclude(gating=Gating.NONE) if gated == "true" else rows.filter(gating=Gating.NONE)
    return search(rows, query.get("search", ""))


def _limit(query: QueryDict) -> int:
    text = query.get("limit", str(USUAL))
    if not text.isdecimal() or not text.isascii() or len(text) > 9 or int(text) < 1:
        raise HubError(400, "limit is a number from 1")
    return min(int(text), MOST)


def _disabled(rows: list[Repository]) -> set[int]:
    standing = Restriction.objects.active().filter(kind=Restriction.Kind.DISABLED, repository__in=rows)
    return set(standing.values_list("repository_id", flat=True))
