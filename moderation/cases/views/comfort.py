"""One's own way of meeting harmful content (D5): private, whoever else asks gets their own."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from moderation.cases.comfort import choose_comfort, comfort_of, is_harmful, note_exposure, seen_today, wants_pause
from moderation.cases.comfort_forms import ComfortForm
from moderation.cases.overview import evidence_of
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def comfort_page(request: TeamRequest) -> HttpResponse:
    """Blur, grey, fold, what one opts out of, and a budget a day."""
    comfort = comfort_of(request.user)
    form = ComfortForm(request.POST or None, comfort=comfort)
    if request.method == "POST":
        form = ComfortForm(request.POST, comfort=comfort)
        if form.is_valid():
            choose_comfort(**form.cleaned_data, actor=request.user)
            messages.success(request, _("Saved. It holds from the next case on."))
            return SeeOther(reverse("cases:comfort"))
    status = 422 if form.errors else 200
    context = {"form": form, "seen": seen_today(request.user)}
    return render(request, "cases/comfort.html", context, status=status)


@team_page
@require_POST
def reveal(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Somebody unfolded what a classifier flagged: it counts from now; answers with the suggestion of a pause."""
    case = find_case(case_id, request.user)
    evidence = evidence_of(case, request.user)
    if evidence and is_harmful(case, evidence.harmful):
        note_exposure(case, actor=request.user)
    return render(request, "cases/case.html#pause", {"pause": wants_pause(comfort_of(request.user))})
