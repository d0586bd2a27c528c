"""What was decided in cases like this one (D6): brought after the page, because nobody waits for it."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.cases.precedents import similar_decided
from moderation.cases.views.team import TeamRequest, find_case, team_page
from moderation.subjects.names import name_of


@team_page
@require_safe
def case_precedents(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """The five most similar decided cases that the person may see; a fragment."""
    case = find_case(case_id, request.user)
    precedents = [(one, name_of(one.case.subject)) for one in similar_decided(case, request.user)]
    return render(request, "cases/case/precedents.html", {"case": case, "precedents": precedents})
