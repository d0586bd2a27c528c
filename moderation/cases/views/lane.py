"""The lane of a case, a person at risk, and what is locked away (C6, C9, C10)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import Refused
from moderation.cases.actions.at_risk import mark_at_risk, send_support
from moderation.cases.actions.escalate import escalate
from moderation.cases.actions.evidence import keep_evidence, open_evidence
from moderation.cases.downloads import download, uncached
from moderation.cases.lane_forms import EscalateForm, KeepForm, OpenForm
from moderation.cases.models import Case
from moderation.cases.overview import find_locked
from moderation.cases.queries import open_to
from moderation.cases.views.case import show_case
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page
from moderation.policy.models import Lane
from moderation.subjects.names import name_of


@team_page
@require_POST
def escalate_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Bring the case into another lane, or back to the ordinary queue (D4)."""
    case = find_case(case_id, request.user)
    form = EscalateForm(request.POST, case=case, lanes=Lane.objects.order_by("order"))
    if form.is_valid():
        try:
            escalate(case, form.cleaned_data["lane"], reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _moved(case))
            here = open_to(Case.objects.filter(pk=case.pk), request.user).exists()
            return SeeOther(case.get_absolute_url() if here else reverse("cases:queue"))
    return show_case(request, case, status=422, escalate_form=form)


@team_page
@require_POST
def open_locked(request: TeamRequest, case_id: uuid.UUID, snapshot_id: int) -> HttpResponse:
    """What is locked away, once, as plain text, for somebody of the lane who says why; kept by no cache (C9)."""
    case = find_case(case_id, request.user)
    snapshot = find_locked(case, snapshot_id)
    if snapshot is None:
        raise Http404
    form = OpenForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            words = open_evidence(
                case, snapshot, reason=values["reason"], request_id=values["request_id"], actor=request.user
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            context = {"case": case, "name": name_of(case.subject), "snapshot": snapshot, "words": words}
            return uncached(render(request, "cases/opened.html", context))
    return show_case(request, case, status=422, open_form=form.renewed(), opening=snapshot.pk)


@team_page
@require_POST
def keep_locked(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Keep what is locked away although its time comes, since the law asks for it, or let its time count again (C9)."""
    case = find_case(case_id, request.user)
    form = KeepForm(request.POST)
    if form.is_valid():
        keep_evidence(case, form.cleaned_data["keep"], reason=form.cleaned_data["reason"], actor=request.user)
        messages.success(
            request,
            _("We keep it until you say otherwise.") if form.cleaned_data["keep"] else _("Its time counts again."),
        )
        return SeeOther(case.get_absolute_url())
    return show_case(request, case, status=422, keep_form=form)


@team_page
@require_POST
def mark_case_at_risk(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """The case is about a person at risk, or it is not (C10)."""
    case = find_case(case_id, request.user)
    value = request.POST.get("at_risk") == "1"
    mark_at_risk(case, value, actor=request.user)
    messages.success(
        request,
        _("Marked: measures against this person are closed now.")
        if value
        else _("The mark is gone: measures against this person are possible again."),
    )
    return SeeOther(case.get_absolute_url())


@team_page
@require_POST
def write_support(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Send our letter of support (C10)."""
    case = find_case(case_id, request.user)
    try:
        send_support(case, actor=request.user)
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Our letter is on its way."))
    return SeeOther(case.get_absolute_url())


@team_page
@require_safe
def attachment(request: TeamRequest, case_id: uuid.UUID, public_id: uuid.UUID) -> HttpResponse:
    """A file that a reporter sent, as a download that nothing runs or renders; reading it is an event (C1, J6)."""
    case = find_case(case_id, request.user)
    return download(case, public_id, actor=request.user)


def _moved(case: Case) -> str:
    if case.lane is None:
        return _("The case is back in the ordinary queue.")
    return _("The case lies in the lane “%(lane)s” now.") % {"lane": case.lane}
