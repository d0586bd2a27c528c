"""Reports of people without an account: confirming them, and following them through the links in our mails (C1, C7).

Whoever has a link of a guest's report may do with it what its reporter may; every page shows with GET, acts with POST
and sends no referrer (architecture, "Signed links").
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import Refused
from foundation.http import private
from moderation.appeals.queries import decision_about
from moderation.appeals.views.conversation import Back, contest_form, converse
from moderation.intake import guests
from moderation.intake.views.claims import complete_own
from moderation.intake.views.own import change_own, show_own, tell_own_suit, withdraw_own
from moderation.policy.models import Clause
from moderation.reports.file_fields import LARGEST_FORM
from moderation.reports.links import address_of, place_since_taken_over, report_by_token
from moderation.reports.models import Report
from moderation.subjects.lookup import home_of
from repositories.pages import see_other
from repositories.receiving import take_files

TokenView = Callable[[HttpRequest, str], HttpResponse]


def _by_link(view: TokenView) -> TokenView:
    """A private page behind a signed link, whose address goes nowhere.

    The link is the permission, and nobody else's browser knows it: its forms need no token. They could have none, since
    a page that sends no referrer sends no origin either, which the check of the token asks for.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except Refused as refusal:
            place = place_since_taken_over(token) if refusal.status == HTTPStatus.NOT_FOUND else ""
            if not place:
                raise
            response = see_other(place)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(private(require_http_methods(["GET", "HEAD", "POST"])(wrapped)))


@private
@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """After a guest's form: what to do now. Says nothing of what was sent, since anybody may open it."""
    return render(request, "intake/check_mail.html")


@_by_link
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in the mail leads: what would be reported, and the button that reports it, or throws it away."""
    pending = guests.pending_by_token(token)
    if request.method == "POST":
        if request.POST.get("discard"):
            if guests.discard(pending):
                return render(request, "intake/discarded.html")
            # It was confirmed before: the page says so, and where it is withdrawn.
            return see_other(request.path)
        guests.confirm(pending)
        return see_other(request.path)
    report = pending.report
    target = None if report else guests.still_there(pending)
    context = {
        "pending": pending,
        "kind": pending.target_kind,
        "target": target,
        "home": home_of(target) if target else None,
        "report": report,
        "clause": None if report else Clause.objects.filter(code=pending.values["clause"]).first(),
        "address": f"/report/{pending.target_kind}/{pending.target_id}",
        "place": address_of(report) if report else "",
    }
    return render(request, "intake/confirm.html", context)


@_by_link
def own(request: HttpRequest, token: str) -> HttpResponse:
    """A guest's report: how it stands, and what can be done about it."""
    report = report_by_token(token)
    return show_own(request, report, report.reporter, request.path)


@_by_link
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Other words and more files for an open report of a guest, whose address is confirmed."""
    report = report_by_token(token)
    if request.method == "POST":
        take_files(request, most=LARGEST_FORM)
    return change_own(request, report, report.reporter, _above(request))


@_by_link
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether to take an open report of a guest back, and does."""
    report = report_by_token(token)
    return withdraw_own(request, report, report.reporter, _above(request))


@_by_link
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """A guest's own claim of rights, to be completed while it is open (C5)."""
    report = report_by_token(token)
    return complete_own(request, report, report.reporter, _above(request))


@_by_link
def suit(request: HttpRequest, token: str) -> HttpResponse:
    """A guest whose claim was contradicted tells us of their suit."""
    report, place = report_by_token(token), _above(request)
    if request.method != "POST":
        return see_other(place)
    return tell_own_suit(request, report, report.reporter, place)


@_by_link
def contest(request: HttpRequest, token: str) -> HttpResponse:
    """The outcome of a guest's report, and the form to contest it; once. Then the conversation about it."""
    report, place = report_by_token(token), _above(request)
    if request.method == "POST":
        take_files(request, most=LARGEST_FORM)
    found = decision_about(report, report.reporter)
    if found is None or report.state == Report.State.WITHDRAWN:
        return see_other(place)
    if found.appeal is not None:
        if request.method == "POST" and "request_id" not in request.POST:
            return see_other(request.path)  # a second click on the form that began it: it is the one appeal
        return converse(request, found.appeal, report.reporter, Back(place, _("Your report")), by_mail=True)
    if not found.open:
        return see_other(place)
    tried = contest_form(request, found.decision, report.reporter)
    if tried.appeal is not None:
        return see_other(place)
    context = {"report": report, "contestable": found, "form": tried.form, "place": place}
    return tried.with_headers(render(request, "appeals/contest_decision.html", context, status=tried.status))


def _above(request: HttpRequest) -> str:
    return request.path.rpartition("/")[0]
