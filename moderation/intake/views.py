"""Reporting something, and following what became of it (C1, C2, C7)."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from foundation.errors import RateLimited, Refused
from foundation.http import private
from foundation.pages import page
from moderation.appeals.queries import decision_about
from moderation.cases.actions import receive_report
from moderation.intake.choices import choices_for
from moderation.intake.forms import ReportForm
from moderation.intake.limits import require_below_limit
from moderation.reports.models import Report
from moderation.reports.queries import open_reports_about, own_report, reports_of
from moderation.subjects.content import readable_of
from moderation.subjects.lookup import Target, find_target, home_of
from repositories.pages import see_other


@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """The form to report one thing; sends it, or says what to change (422) or when to come back (429)."""
    assert request.user.is_authenticated
    target = find_target(kind, public_id, request.user)
    if request.method != "POST":
        return _show_form(request, request.user, kind, target, ReportForm(kind=kind))
    form = ReportForm(request.POST, kind=kind)
    if not form.is_valid():
        return _show_form(request, request.user, kind, target, form, status=422)
    try:
        filed = _file(target, form.cleaned_data, request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        if refusal.code == "key_reused":
            form.renew()
        response = _show_form(request, request.user, kind, target, form, status=refusal.status)
        if isinstance(refusal, RateLimited):
            response["Retry-After"] = refusal.seconds
        return response
    return see_other("intake:sent", filed.public_id)


def _file(target: Target, values: dict[str, Any], user: User) -> Report:
    with transaction.atomic():
        require_below_limit(user, request_id=values["request_id"])
        return receive_report(
            target,
            clause=values["clause"],
            text=values["text"],
            ground=values["ground"],
            confidential=values.get("confidential", True),
            request_id=values["request_id"],
            actor=user,
        )


def _show_form(
    request: HttpRequest, user: User, kind: str, target: Target, form: ReportForm, status: int = 200
) -> HttpResponse:
    groups = choices_for(kind, reporter=user, chosen=form["clause"].value() or "")
    context = {
        "form": form,
        "kind": kind,
        "target": target,
        "home": home_of(target),
        "groups": groups,
        "public": any(choice.public for group in groups for choice in group.choices),
        "earlier": open_reports_about(target, user)[:10],
    }
    return render(request, "intake/report.html", context, status=status)


@login_required
@private
@require_safe
def sent(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What happens next with a report that was just sent; only for its reporter."""
    assert request.user.is_authenticated
    return render(request, "intake/sent.html", {"report": own_report(public_id, request.user)})


@login_required
@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Own reports with their state, newest first; a page of 50."""
    assert request.user.is_authenticated
    rows = page(reports_of(request.user), request.GET, order=("-created_at", "-id"))
    return render(request, "intake/mine.html", {"page": rows})


@login_required
@private
@require_safe
def own(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One own report: what was reported, how it stands, and how to contest the outcome (C7, G2)."""
    assert request.user.is_authenticated
    found = own_report(public_id, request.user)
    context = {
        "report": found,
        "reported": readable_of(found.subject, found.snapshot),
        "decided": decision_about(found, request.user),
    }
    return render(request, "intake/own.html", context)
