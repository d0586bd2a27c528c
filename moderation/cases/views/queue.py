"""The queue: every filter is in the address, and no row moves by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.cases.choices import UNATTENDED
from moderation.cases.lanes import UNCOUNTED, count_lanes
from moderation.cases.models import BestScore, Case
from moderation.cases.priority import present_points
from moderation.cases.queue_forms import QueueFilters
from moderation.cases.related import came_back
from moderation.cases.views.team import TeamRequest, team_page
from moderation.subjects.names import Name, name_of

SIZE = 50


@dataclass(frozen=True)
class Row:
    """A case as the queue shows it; `held` says whether the assignee's claim holds now.

    `back` says why it lies there again: see related.came_back.
    """

    case: Case
    name: Name
    points: float
    score: BestScore | None
    held: bool
    overdue: bool
    back: str = ""


@dataclass(frozen=True)
class Tab:
    """A lane as a tab: `count` up to a hundred, None where nobody counts."""

    code: str
    label: Any
    query: str
    count: int | None


@team_page
@require_safe
def queue_page(request: TeamRequest) -> HttpResponse:
    """The cases of a lane, filtered, in their order (D4); its part #list for htmx."""
    filters = QueueFilters(request.GET, viewer=request.user)
    filters.is_valid()
    # The newest event was asked for before the rows, so that what comes in between is counted as new.
    found = filters.listing().page(request.GET, size=SIZE)
    context = {
        "filters": filters,
        "lane": filters.lane_name,
        "lane_words": next((one for one in filters.named if one.code == filters.lane_name), None),
        "decided": filters.lane_name in ("decided", "answered"),
        "page": found,
        "rows": _rows(found.rows),
        "news": address(request.GET, since=filters.newest),
        "filtered": filters.chosen,
    }
    if request.htmx:
        return render(request, "cases/queue.html#list", context)
    # What stands around the list: htmx does not ask for it.
    context |= {
        "tabs": _tabs(request, filters),
        "unattended": filters.choices[UNATTENDED],
        "here": address(request.GET),
        "left_out": len(filters.stakes.opted_out) if filters.leaves_out else 0,
        "all": address(request.GET, everything="yes"),
    }
    return render(request, "cases/queue.html", context)


@team_page
@require_safe
def news(request: TeamRequest) -> HttpResponse:
    """How many cases of this list are new or changed since the event `since`; a fragment."""
    filters = QueueFilters(request.GET, viewer=request.user)
    filters.is_valid()
    since = request.GET.get("since", "")
    count = 0
    if since.isascii() and since.isdecimal() and len(since) < 19:
        count = filters.changed_since(int(since))[:100].count()
    return render(request, "cases/queue.html#news", {"count": count, "again": address(request.GET, since=None)})


def address(query: QueryDict, **changes: Any) -> str:
    """The query string of a first page with `changes`; None takes a parameter out."""
    changed = query.copy()
    for name, value in {"after": None, **changes}.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return changed.urlencode()


def _tabs(request: TeamRequest, filters: QueueFilters) -> list[Tab]:
    """Every lane, with how many cases wait there whatever the filters."""
    found = count_lanes([code for code in filters.lanes if code not in UNCOUNTED], request.user, filters.stakes)
    return [Tab(code, label, address(request.GET, lane=code), found.get(code)) for code, label in filters.lanes.items()]


def _rows(found: list[Case]) -> list[Row]:
    if not found:
        return []
    now: datetime = found[0].now  # type: ignore[attr-defined]  # of the query that brought them
    back = came_back([case for case in found if case.state == Case.State.OPEN], now)
    return [
        Row(
            case=case,
            name=name_of(case.subject),
            points=present_points(case, now),
            score=case.best,
            held=bool(case.assignee_id and case.lease_until and case.lease_until > now),
            overdue=bool(case.due_at and case.due_at <= now),
            back=back.get(case.pk, ""),
        )
        for case in found
    ]
