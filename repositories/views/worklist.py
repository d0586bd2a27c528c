"""The team's worklist of high-reach repositories without documentation (A10)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.pages import TeamRequest, team_page
from foundation.pages import page
from repositories import undocumented
from repositories.models import Repository
from repositories.views.lists import KINDS


@team_page
@require_safe
def worklist(request: TeamRequest) -> HttpResponse:
    """By downloads, most first; of one kind and lacking one topic when the address says so."""
    kind, topic = request.GET.get("kind", ""), request.GET.get("missing", "")
    kind, topic = kind if kind in KINDS else "", topic if topic in undocumented.TOPICS else ""
    first, *others = undocumented.undocumented(kind, topic)
    found = page(first, request.GET, order=undocumented.ORDER, also=others)
    context = {
        "page": found,
        "rows": [_shown(row) for row in found.rows],
        "kind": kind,
        "kinds": [("", _("Everything")), *KINDS.items()],
        "topic": topic,
        "topics": undocumented.TOPICS.items(),
    }
    return render(request, "repositories/worklist.html", context)


def _shown(row: Repository) -> tuple[Repository, list[Any], str]:
    """A repository, what its card lacks, and where to ask its owner."""
    lacks = [undocumented.TOPICS[topic] for topic in row.missing_documentation if topic in undocumented.TOPICS]
    return row, lacks, undocumented.question(row)
