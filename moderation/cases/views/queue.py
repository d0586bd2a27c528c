"""The queue: every filter is in the address, and no row moves by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.pages import page
from moderation.cases import queries
from moderation.cases.forms import QueueFilters
from moderation.cases.models import Case
from moderation.cases.priority import present_points
from moderation.cases.views.team import TeamRequest, team_page
from moderation.scoring.models import Score
from moderation.subjects.names import Name, name_of

SIZE = 50
# Of the lanes of what is decided; the others have the order of the queue.
ORDERS = {"decided": ("-decided_at", "-id"), "answered": ("answered_at", "id")}


@dataclass(frozen=True)
class Row:
    """A case as the queue shows it; `held` says whether the assignee's claim holds now."""

    case: Case
    name: Name
    points: float
    score: Score | None
    held: bool
    overdue: bool


@team_page
@require_safe
def queue_page(request: TeamRequest) -> HttpResponse:
    """The cases of a lane, filtered, in their order (D4); its part #list for htmx."""
    filters = QueueFilters(request.GET)
    filters.is_valid()
    lane = filters.lane_name
    # Asked before the rows, so that what comes in between is counted as new.
    latest = queries.latest_event()
    rows = filters.narrow(queries.in_lane(lane, request.user))
    found = page(rows, request.GET, order=ORDERS.get(lane, ("rank", "id")), size=SIZE)
    context = {
        "filters": filters,
        "lane": lane,
        "decided": lane in ORDERS,
        "lanes": [(code, label, _address(request.GET, lane=code)) for code, label in QueueFilters.LANES.items()],
        # The lanes stand outside of what htmx asks for.
        "answers": 0 if request.htmx else queries.count_answered(request.user),
        "page": found,
        "rows": _rows(found.rows, clock.now()),
        "news": _address(request.GET, since=latest),
        "filtered": any(value for name, value in filters.cleaned_data.items() if name != "lane"),
    }
    part = "#list" if request.htmx else ""
    return render(request, f"cases/queue.html{part}", context)


@team_page
@require_safe
def news(request: TeamRequest) -> HttpResponse:
    """How many cases of this list are new or changed since the event `since`; a fragment."""
    filters = QueueFilters(request.GET)
    filters.is_valid()
    since = request.GET.get("since", "")
    count = 0
    if since.isascii() and since.isdecimal() and len(since) < 19:
        count = filters.narrow(queries.changed_since(int(since), filters.lane_name, request.user))[:100].count()
    return render(request, "cases/queue.html#news", {"count": count, "again": _address(request.GET, since=None)})


def _rows(found: list[Case], now: datetime) -> list[Row]:
    scores = queries.best_scores(found)
    return [
        Row(
            case=case,
            name=name_of(case.subject),
            points=present_points(case, now),
            score=scores.get(case.pk),
            held=bool(case.lease_until and case.lease_until > now),
            overdue=bool(case.due_at and case.due_at <= now),
        )
        for case in found
    ]


def _address(query: QueryDict, **changes: Any) -> str:
    """The query string of a first page with `changes`; None takes a parameter out."""
    changed = query.copy()
    for name, value in {"after": None, **changes}.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return changed.urlencode()
