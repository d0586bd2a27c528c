"""What the palette of the team's pages asks for while somebody types."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from moderation.cases import palette
from moderation.cases.views.team import TeamRequest, team_page

LONGEST = 200


@team_page
@require_safe
def palette_results(request: TeamRequest) -> HttpResponse:
    """Up to twenty results for the words `q`, as options of a listbox (D4)."""
    groups = palette.find(request.GET.get("q", "")[:LONGEST], request.user)
    # Without the request: the fragment needs nothing of what every page asks for.
    return HttpResponse(render_to_string("components/palette.html#results", {"groups": groups}))
