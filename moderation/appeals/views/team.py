"""Answering appeals: the team's page of an appeal case (G2)."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.errors import Refused
from foundation.pages import page
from moderation.appeals import queries
from moderation.appeals.actions import ask_appellant, decide_appeal
from moderation.appeals.dossier import dossiers, note_conversation, note_names
from moderation.appeals.forms import AnswerForm, AskForm
from moderation.appeals.models import Appeal
from moderation.appeals.talk import earlier_talk
from moderation.cases.audit import APPEAL_FILE
from moderation.cases.downloads import hand_out
from moderation.cases.models import Case
from moderation.cases.naming import can_be_confirmed
from moderation.cases.overview import entries
from moderation.cases.permissions import parts_in
from moderation.cases.views.team import TeamRequest, find_case, team_page
from moderation.subjects.names import name_of
from repositories.pages import see_other

# Appeals on one page: each with its decision, its measures and its conversation.
MOST_SHOWN = 20


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def case_page(request: TeamRequest, public_id: UUID) -> HttpResponse:
    """The first decision with its words, the measures, the appeals, and the forms to write about each and answer it."""
    case = _find(request, public_id)
    if request.method != "POST":
        return _show(request, case)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    values = form.cleaned_data
    appeal = queries.appeal_in(case, values["appeal"])
    try:
        decide_appeal(
            appeal,
            state=values["state"],
            answer=values["answer"],
            lift=values["lift"] if values["state"] == Appeal.State.PARTLY else (),
            bad_faith=values["bad_faith"],
            naming=values["naming"],
            actor=request.user,
        )
    except Refused as refusal:
        appeal.refresh_from_db()
        if appeal.decided_by == request.user:
            return see_other(request.path)  # a second click on what was answered a moment ago
        form.add_error(None, refusal.message)
        return _show(request, case, form, status=refusal.status, names=can_be_confirmed(refusal))
    messages.success(request, _("Your answer is on its way to the person."))
    return see_other(request.path)


@team_page
@require_POST
def ask(request: TeamRequest, public_id: UUID) -> HttpResponse:
    """Write to whoever contests; with `do=tell` nothing is waited for (G2)."""
    case = _find(request, public_id)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    values = form.cleaned_data
    appeal = queries.appeal_in(case, values["appeal"])
    try:
        ask_appellant(
            appeal,
            text=values["text"],
            waits=request.POST.get("do") != "tell",
            naming=values["naming"],
            request_id=values["request_id"],
            actor=request.user,
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, case, form, status=refusal.status, names=can_be_confirmed(refusal))
    messages.success(request, _("Your words are on their way to the person."))
    return see_other("appeals:case", case.public_id)


@team_page
@require_safe
def earlier(request: TeamRequest, public_id: UUID, appeal_id: UUID) -> HttpResponse:
    """What both sides wrote before the newest messages that the page of the case shows (G2)."""
    case = _find(request, public_id)
    appeal = queries.appeal_in(case, appeal_id)
    note_conversation(case, appeal, actor=request.user)
    context = {"case": case, "appeal": appeal, "talk": earlier_talk(appeal, request.GET)}
    return render(request, "appeals/earlier.html", context)


@team_page
@require_safe
def file(request: TeamRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A file that came with an appeal, decrypted; each reading is an event (J6)."""
    case = _find(request, public_id)
    return hand_out(case, queries.file_in(case, file_id), APPEAL_FILE, actor=request.user)


def _find(request: TeamRequest, public_id: UUID) -> Case:
    case = find_case(public_id, request.user)
    if case.kind != Case.Kind.APPEAL:
        raise Http404
    return case


def _show(
    request: TeamRequest,
    case: Case,
    form: AnswerForm | AskForm | None = None,
    *,
    status: int = 200,
    names: bool = False,
) -> HttpResponse:
    now = clock.now()
    shown = page(queries.appeals_in(case), request.GET, order=queries.NEWEST, size=MOST_SHOWN)
    # Whoever has another part in it sees no page of it.
    barred = parts_in([case], request.user)[case.pk].bars if case.state == Case.State.OPEN else ""
    found = dossiers(shown.rows, viewer=request.user, now=now, barred=bool(barred), sent=form)
    note_names(case, found, actor=request.user)
    held = case.lease_until is not None and case.lease_until > now
    context = {
        "case": case,
        "now": now,
        "held_by_other": held and case.assignee_id != request.user.pk,
        "dossiers": found,
        "page": shown,
        "answerable": any(one.form for one in found),
        "barred": barred,
        "entries": entries(case),
        "name": name_of(case.subject),
        "answer_hours": settings.ANSWER_WITHIN // timedelta(hours=1),
        "names": names,
    }
    return render(request, "appeals/case.html", context, status=status)
