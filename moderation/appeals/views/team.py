"""Answering appeals: the team's page of an appeal case (G2)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.errors import Refused
from moderation.appeals import queries
from moderation.appeals.actions import decide_appeal
from moderation.appeals.dossier import dossiers
from moderation.appeals.forms import AnswerForm
from moderation.appeals.models import Appeal
from moderation.cases.audit import REPORTS, note_reading
from moderation.cases.models import Case
from moderation.cases.queries import events_of
from moderation.cases.views.team import TeamRequest, find_case, team_page
from moderation.subjects.names import name_of
from repositories.pages import see_other


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def case_page(request: TeamRequest, public_id: UUID) -> HttpResponse:
    """The first decision with its words, the measures, the appeals, and a form to answer each that is open."""
    case = find_case(public_id, request.user)
    if case.kind != Case.Kind.APPEAL:
        raise Http404
    if request.method != "POST":
        return _show(request, case)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    appeal = queries.appeal_in(case, form.cleaned_data["appeal"])
    try:
        decide_appeal(
            appeal,
            upheld=form.cleaned_data["state"] == Appeal.State.UPHELD,
            answer=form.cleaned_data["answer"],
            actor=request.user,
        )
    except Refused as refusal:
        appeal.refresh_from_db()
        if appeal.decided_by == request.user:
            return see_other(request.path)  # a second click on what was answered a moment ago
        form.add_error(None, refusal.message)
        return _show(request, case, form, status=refusal.status)
    messages.success(request, _("Your answer is on its way to the person."))
    return see_other(request.path)


def _show(request: TeamRequest, case: Case, form: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    now = clock.now()
    found = dossiers(case, viewer=request.user, now=now, sent=form)
    if any(not one.affected and not one.role for one in found):
        note_reading(case, REPORTS, actor=request.user)  # who appeals as a reporter is named here (J6)
    held = case.lease_until is not None and case.lease_until > now
    context = {
        "case": case,
        "now": now,
        "held_by_other": held and case.assignee_id != request.user.pk,
        "dossiers": found,
        "answerable": any(one.form for one in found),
        "events": events_of(case),
        "name": name_of(case.subject),
    }
    return render(request, "appeals/case.html", context, status=status)
