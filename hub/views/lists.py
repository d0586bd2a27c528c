"""Lists of models, datasets and spaces (A6)."""

from django.db.models import Q
from django.http import HttpResponseBase, QueryDict

from accounts.models import Namespace
from foundation import clock
from hub.errors import HubError
from hub.protocol import HubRequest, answer, endpoint, is_true, link
from hub.shapes import describe
from repositories.card import NFAA_TAG
from repositories.feeds import Feed
from repositories.filters import Wanted, wanted
from repositories.marks import Marked, of_column
from repositories.models import Kind
from repositories.searching import Words

MOST, USUAL = 500, 100
ORDERS = {
    "trendingScore": "trending",
    "createdAt": "newest",
    "lastModified": "updated",
    "likes": "likes",
    "downloads": "downloads",
}
# What a filter says before a colon, as the tags of an info do, and the facet or the column it is about.
FACETS = {"license": "license", "language": "language", "library": "library", "pipeline_tag": "task"}
COLUMNS = {"dataset": "datasets", "base_model": "base_models"}


@endpoint("GET", "HEAD")
def repositories(request: HubRequest, kind: Kind) -> HttpResponseBase:
    """Repositories that lists show to whoever asks, best first; `Link` names the next page."""
    order = ORDERS.get(request.GET.get("sort", "trendingScore"))
    if order is None:
        raise HubError(400, f"Unknown sort; there are: {', '.join(ORDERS)}")
    feed = Feed(request.user, Wanted((kind,)) & _asked(request.GET), order)
    found = feed.page(request.GET, size=_limit(request.GET))
    now, expand = clock.now(), request.GET.getlist("expand")
    # Whether it is disabled is annotated, see repositories.queries.with_states.
    rows = [describe(row, now=now, disabled=getattr(row, "is_disabled"), expand=expand) for row in found.rows]  # noqa: B009
    return answer(rows, headers=link(request, f"?{found.next}" if found.next else ""))


def _asked(query: QueryDict) -> Wanted:
    words = " ".join(query.getlist("search"))
    asked = Words.of(words).wanted if words else Wanted()
    for one in query.getlist("filter"):
        asked &= _filter(one)
    for parameter, facet in (("pipeline_tag", "task"), ("task", "task"), ("library", "library")):
        if values := [value for value in query.getlist(parameter) if value]:
            asked &= wanted({facet: values})
    if author := query.get("author"):
        asked &= Wanted(where=Q(namespace__in=Namespace.objects.named(author)))
    if gated := query.get("gated"):
        asked &= wanted({"gated": ["yes" if is_true(gated) else "no"]})
    return asked


def _filter(text: str) -> Wanted:
    """One `filter`: a prefix and its value, or a word that may be a tag, a library, a task or a language."""
    prefix, _colon, value = text.partition(":")
    if text == NFAA_TAG:  # the team's tag stands in no card
        return wanted({"nfaa": ["yes"]})
    if prefix in FACETS and value:
        return wanted({FACETS[prefix]: [value]})
    if prefix in COLUMNS and value:  # "base_model:finetune:owner/name" too
        return Wanted(where=Q(**{f"{COLUMNS[prefix]}__contains": [value.rpartition(":")[2]]}))
    listed = Q(tags__contains=[text]) | Q(languages__contains=[text])
    single = Q(Marked([[of_column("library", text), of_column("pipeline_tag", text)]]))
    return Wanted(where=listed | Q(library=text) | Q(pipeline_tag=text), hint=listed | single)


def _limit(query: QueryDict) -> int:
    text = query.get("limit", str(USUAL))
    if not text.isdecimal() or not text.isascii() or len(text) > 9 or int(text) < 1:
        raise HubError(400, "limit is a number from 1")
    return min(int(text), MOST)
