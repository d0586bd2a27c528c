"""What open pages of the team ask for when they hear, or suppose, that something happened (D4)."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.http import private
from moderation.cases.models import Case
from moderation.cases.permissions import why_not_decide
from moderation.cases.queries import claimed, open_to
from moderation.cases.stakes import stakes_of
from moderation.cases.views.team import TeamRequest, find_case, team_page

MOST_ROWS = 100


@team_page
@require_safe
def holders(request: TeamRequest) -> HttpResponse:
    """Who has the cases of a list, of those `case` that the viewer may see; one query besides who asks."""
    asked = [found for text in request.GET.getlist("case")[:MOST_ROWS] if (found := _uuid(text))]
    rows = open_to(Case.objects.filter(public_id__in=asked), request.user)
    held = {case.pk: case.assignee for case in claimed(rows).select_related("assignee")}
    lines = [(public_id, held.get(pk)) for pk, public_id in rows.values_list("pk", "public_id")]
    return HttpResponse(render_to_string("cases/holders.html", {"lines": lines, "viewer": request.user}))


@team_page
@require_safe
def claim_state(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Who has the case, as its page shows it; a fragment."""
    case = find_case(case_id, request.user)
    barred = why_not_decide(case, request.user, stakes_of(request.user)) if case.kind == Case.Kind.REVIEW else ""
    return render(request, "cases/case.html#claim", {"case": case, "now": clock.now(), "barred": barred})


@private
@require_safe
def no_events(request: HttpRequest) -> HttpResponse:
    """Where no proxy sends /events to the events process: 204 tells a browser not to call again (docs/events.md)."""
    return HttpResponse(status=204)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
