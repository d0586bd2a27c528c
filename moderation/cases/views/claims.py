"""Taking a case, keeping it, giving it back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions import claim, claim_next, release, renew
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page


@team_page
@require_POST
def next_case(request: TeamRequest) -> HttpResponse:
    """Claim the first free case of the queue and open it (D4)."""
    case = claim_next(actor=request.user)
    if case is None:
        messages.info(request, _("Nothing waits for you: every open case is with somebody or not for you to decide."))
        return SeeOther(reverse("cases:queue"))
    return SeeOther(case.get_absolute_url())


@team_page
@require_POST
def claim_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Claim one case; says who has it when somebody was faster."""
    case = find_case(case_id, request.user)
    try:
        claim(case, actor=request.user)
    except Refused as refusal:
        messages.warning(request, refusal.message)
    return SeeOther(case.get_absolute_url())


@team_page
@require_POST
def renew_claim(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """What an open page asks for every few minutes; answers with the fragment that says who has the case."""
    case = find_case(case_id, request.user)
    renew(case, actor=request.user)
    case.refresh_from_db()
    return render(request, "cases/case.html#claim", {"case": case, "now": clock.now(), "barred": ""})


@team_page
@require_POST
def release_claim(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Give the case back to the queue; `leaving` is what a page sends by itself when it is left (leaving.js)."""
    case = find_case(case_id, request.user)
    leaving = bool(request.POST.get("leaving"))
    release(case, actor=request.user, leaving=leaving)
    if leaving:
        return HttpResponse(status=204)
    messages.success(request, _("The case is free for somebody else."))
    return SeeOther(reverse("cases:queue"))
