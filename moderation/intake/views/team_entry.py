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
from moderation.intake.team_entry import enter_report
from moderation.intake.team_entry_forms import EntryForm
from moderation.reports.models import Report
from moderation.subjects.lookup import find_target


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: TeamRequest) -> HttpResponse:
    """The form, prefilled from ?like=<report> (the same sender again) or ?about=<kind>:<id>; enters the report."""
    if request.method != "POST":
        return _show(request, EntryForm(actor=request.user, initial=_initial(request)))
    form = EntryForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _show(request, form, status=422)
    values = form.cleaned_data
    try:
        report = enter_report(
            values["address"],
            clause=values["clause"],
            text=values["text"],
            channel=values["channel"],
            sender=form.sender(),
            language=values["language"],
            ground=values["ground"],
            links=values["links"],
            request_id=values["request_id"],
            actor=request.user,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _show(request, form, status=refusal.status)
    return _after(request, report)


def _after(request: TeamRequest, report: Report) -> HttpResponse:
    """To the case, or to the next one of the same sender; what is about oneself is for others to see (C1)."""
    messages.success(request, _("Entered. It is in the queue now."))
    case = Case.objects.filter(case_reports__report=report)
    found = open_to(case, request.user).first()
    if found is None or "another" in request.POST:
        where = f"{reverse('intake:enter')}?like={report.public_id}"
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


def _show(request: TeamRequest, form: EntryForm, *, status: int = 200) -> HttpResponse:
    return render(request, "intake/entry.html", {"form": form}, status=status)
