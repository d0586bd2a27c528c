"""The page on which the team enters what arrived elsewhere (C3)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages import TeamRequest, team_page
from foundation import clock
from foundation.errors import Refused
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.intake.claims import clause_of_claims
from moderation.intake.claims_forms import EnteredClaimForm
from moderation.intake.team_entry import CLAIM_IT, enter_report
from moderation.intake.team_entry_forms import ArrivedForm, EntryForm
from moderation.policy.models import Clause
from moderation.reports.actions.claims import CLAUSE
from moderation.reports.models import Report
from moderation.subjects.lookup import find_target


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: TeamRequest) -> HttpResponse:
    """The form, prefilled from ?like=<report> (the same sender again) or ?about=<kind>:<id>; enters the report.

    A claim of rights needs more: what was filled in goes along to the form for that (C5).
    """
    if request.method != "POST":
        return _show(request, EntryForm(actor=request.user, initial=_initial(request)))
    if request.POST.get("clause") == CLAUSE:
        form = ArrivedForm(request.POST, actor=request.user)
        form.add_error(None, CLAIM_IT)
        return _show(request, form, EnteredClaimForm(initial={"work": request.POST.get("text", "")}), status=422)
    form = EntryForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _show(request, form, status=422)
    values = form.cleaned_data
    try:
        report = _enter(form, values["clause"], text=values["text"], ground=values["ground"])
    except Refused as refusal:
        return _refused(request, refusal, form)
    return _after(request, report, "intake:enter")


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def enter_claim(request: TeamRequest) -> HttpResponse:
    """The same for a claim of rights, with its particulars; an incomplete one only when that is asked for (C5)."""
    if request.method != "POST":
        return _show(request, ArrivedForm(actor=request.user, initial=_initial(request)), EnteredClaimForm())
    form = ArrivedForm(request.POST, actor=request.user)
    claim = EnteredClaimForm(request.POST, incomplete="incomplete" in request.POST)
    if not (form.is_valid() & claim.is_valid()):
        return _show(request, form, claim, status=422)
    try:
        report = _enter(form, clause_of_claims(), claim=claim.particulars())
    except Refused as refusal:
        return _refused(request, refusal, form, claim)
    return _after(request, report, "intake:enter_claim")


def _enter(form: ArrivedForm, clause: Clause, *, text: str = "", **said: Any) -> Report:
    values = form.cleaned_data
    return enter_report(
        values["address"],
        clause=clause,
        text=text,
        channel=values["channel"],
        sender=form.sender(),
        language=values["language"],
        links=values["links"],
        request_id=values["request_id"],
        actor=form.actor,
        **said,
    )


def _refused(
    request: TeamRequest, refusal: Refused, form: ArrivedForm, claim: EnteredClaimForm | None = None
) -> HttpResponse:
    form.add_error(None, str(refusal.message))
    if refusal.code == "key_reused":
        form.renew()
    return _show(request, form, claim, status=refusal.status)


def _after(request: TeamRequest, report: Report, again: str) -> HttpResponse:
    """To the case, or to the next one of the same sender; what is about oneself is for others to see (C1)."""
    messages.success(request, _("Entered. It is in the queue now."))
    case = Case.objects.filter(case_reports__report=report)
    found = open_to(case, request.user).first()
    if found is None or "another" in request.POST:
        where = f"{reverse(again)}?like={report.public_id}"
    else:
        where = found.get_absolute_url()
    response = HttpResponseRedirect(where)
    response.status_code = 303
    return response


def _initial(request: TeamRequest) -> dict[str, Any]:
    """What is known before: the sender of what one entered just now, or what the page was opened for."""
    filled: dict[str, Any] = {
        "received_at": timezone.localtime(clock.now()),
        "language": request.user.language,
        "address": _address(request.GET.get("about", ""), request.user),
    }
    if like := _entered(request.GET.get("like", ""), request.user):
        sender = like.sender
        filled |= {
            "channel": like.channel,
            "sender_name": sender.name,
            "contact": sender.contact,
            "reference": sender.reference,
            "received_at": timezone.localtime(sender.received_at),
            "language": like.reporter.language,
        }
    return filled


def _address(about: str, viewer: User) -> str:
    """The address of what `kind:id` names; "" when there is no such thing for `viewer`."""
    kind, _colon, key = about.partition(":")
    try:
        return str(find_target(kind, uuid.UUID(key), viewer).get_absolute_url())
    except (Refused, ValueError):
        return ""


def _entered(key: str, actor: User) -> Report | None:
    try:
        rows = Report.objects.filter(public_id=uuid.UUID(key), entered_by=actor, sender__isnull=False)
    except ValueError:
        return None
    return rows.select_related("sender", "reporter").first()


def _show(
    request: TeamRequest, form: ArrivedForm, claim: EnteredClaimForm | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "intake/entry.html", {"form": form, "claim": claim}, status=status)
