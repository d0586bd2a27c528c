"""What stands in the place of a repository that the team removed (E4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StatementOfReasons
from repositories.errors import Removed


def tombstone(request: HttpRequest, removed: Removed) -> HttpResponse:
    """The notice, 410: that it was removed, when, under which clause, in our words, and how its owner contests that.

    Of confidential clauses everybody reads “restricted” and no more (E3). Whom the decision affects is led to the own
    letter, which says all of it. Two queries, one for who is not signed in.
    """
    rows = Measure.objects.filter(restriction__in=removed.restrictions)
    measures = list(rows.select_related("clause", "restriction").order_by("pk"))
    context: dict[str, Any] = {
        "repository": removed.repository,
        "removed": removed,
        "measures": [one for one in measures if one.restriction and not one.restriction.confidential],
        # While something of it is erased it is gone too, and not all comes back.
        "kept": all(KINDS[one.kind].undoable for one in measures),
        "statement": _statement(request, removed),
    }
    response = render(request, "transparency/removed.html", context, status=removed.status)
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def _statement(request: HttpRequest, removed: Removed) -> StatementOfReasons | None:
    if not request.user.is_authenticated:
        return None
    rows = StatementOfReasons.objects.filter(recipient=request.user, measures__restriction__in=removed.restrictions)
    return rows.order_by("-created_at", "-pk").first()
