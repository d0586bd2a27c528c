"""Following, changing and withdrawing own reports (C4, C7)."""

from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from foundation.errors import Refused
from foundation.http import private
from foundation.pages import page
from moderation.appeals.queries import decision_about
from moderation.cases.actions.changed_reports import add_own_file, change_own_report, withdraw_own_report
from moderation.cases.actions.counter import tell_of_suit
from moderation.intake.claims_forms import SuitForm
from moderation.intake.forms import ChangeForm
from moderation.reports.file_fields import LARGEST_FORM, MOST_FILES
from moderation.reports.models import Report, RightsClaim
from moderation.reports.queries import own_report, reports_of, sent_with
from moderation.subjects.content import readable_of
from moderation.subjects.files import is_file
from repositories.pages import see_other
from repositories.pages import sent as posted
from repositories.receiving import take_files


@login_required
@private
@require_safe
def sent(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What happens next with a report that was just sent; only for its reporter."""
    assert request.user.is_authenticated
    found = own_report(public_id, request.user)
    return render(request, "intake/sent.html", {"report": found, "others": sent_with(found)})


@login_required
@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Own reports with their state, newest first; a page of 50. What was sent in one go stands together."""
    assert request.user.is_authenticated
    rows = page(reports_of(request.user), request.GET, order=("-created_at", "-id"))
    groups = [list(group) for _key, group in groupby(rows.rows, key=lambda one: one.batch or one.public_id)]
    return render(request, "intake/mine.html", {"page": rows, "groups": groups})


@login_required
@private
@require_safe
def own(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One own report: what was reported, how it stands, how to change it, and to contest the outcome (C7, G2)."""
    assert request.user.is_authenticated
    return show_own(request, own_report(public_id, request.user), request.user, request.path)


# Files are read only once we know who sends them; so the form's token is checked after that.
@csrf_exempt
@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Other words and more files for an open report of one's own; what it said before stays with the team."""
    assert request.user.is_authenticated
    return change_checked(request, own_report(public_id, request.user), request.user, _above(request))


@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks whether to take an open report of one's own back, and does."""
    assert request.user.is_authenticated
    return withdraw_own(request, own_report(public_id, request.user), request.user, _above(request))


def show_own(
    request: HttpRequest, report: Report, reporter: User, place: str, *, suit: SuitForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a report; `place` is its address, below which everything else about it lies."""
    withdrawn = report.state == Report.State.WITHDRAWN
    context = {
        "report": report,
        "place": place,
        "reported": readable_of(report.subject, report.snapshot),
        "decided": None if withdrawn else decision_about(report, reporter),
        "files": list(report.attachments.order_by("pk")) if getattr(report, "has_files", True) else [],
        "others": sent_with(report),
        "suit_form": suit or SuitForm(),
    }
    return render(request, "intake/own.html", context, status=status)


def change_checked(request: HttpRequest, report: Report, reporter: User, place: str) -> HttpResponse:
    """change_own for somebody who is signed in: the form's token is checked once its files were read."""
    if request.method == "POST":
        take_files(request, most=LARGEST_FORM)
    return _with_token(request, report, reporter, place)


def change_own(request: HttpRequest, report: Report, reporter: User, place: str) -> HttpResponse:
    """The form with what the report says now; sends the change, and files to add."""
    if report.state != Report.State.OPEN:
        return see_other(place)
    initial = {"text": report.text, "links": report.links, "passage": report.passage}
    form = ChangeForm(posted(request), request.FILES or None, initial=initial)
    if not is_file(report.snapshot):
        form.readable = partial(readable_of, report.subject, report.snapshot)
    if report.clause.lane is not None and report.clause.lane.sealed:
        form.leave_out(["passage", "attachments"])
    if form.is_valid():
        said: dict[str, Any] = {"passage": "", **form.cleaned_data}
        try:
            _change(report, said, reporter)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("We changed your report."))
            return see_other(place)
    context = {"report": report, "place": place, "form": form}
    return render(request, "intake/change.html", context, status=422 if form.errors else 200)


@csrf_protect
def _with_token(request: HttpRequest, report: Report, reporter: User, place: str) -> HttpResponse:
    return change_own(request, report, reporter, place)


@login_required
@private
@require_POST
def suit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whoever made a claim that was contradicted tells us of their suit."""
    assert request.user.is_authenticated
    return tell_own_suit(request, own_report(public_id, request.user), request.user, _above(request))


def tell_own_suit(request: HttpRequest, report: Report, claimant: User, place: str) -> HttpResponse:
    """Send what the form on the page of the report says of the suit."""
    known = get_object_or_404(RightsClaim, report=report)
    form = SuitForm(request.POST)
    if not form.is_valid():
        return show_own(request, report, claimant, place, suit=form, status=422)
    try:
        tell_of_suit(known, text=form.cleaned_data["suit"], actor=claimant)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return show_own(request, report, claimant, place, suit=form, status=refusal.status)
    messages.success(request, _("We noted your suit. What was closed stays closed."))
    return see_other(place)


@transaction.atomic
def _change(report: Report, said: dict[str, Any], reporter: User) -> None:
    """All of it, or nothing where one file is too many."""
    files = said.pop("attachments", ())
    change_own_report(report, **said, actor=reporter)
    for file in files:
        add_own_file(report, file, most=MOST_FILES, actor=reporter)


def withdraw_own(request: HttpRequest, report: Report, reporter: User, place: str) -> HttpResponse:
    """What withdrawing does, and the button that does it; twice is once."""
    if report.state != Report.State.OPEN:
        return see_other(place)
    if request.method == "POST":
        withdraw_own_report(report, actor=reporter)
        messages.success(request, _("You withdrew your report."))
        return see_other(place)
    return render(request, "intake/withdraw.html", {"report": report, "place": place})


def _above(request: HttpRequest) -> str:
    """The page below which this one lies."""
    return request.path.rpartition("/")[0]
