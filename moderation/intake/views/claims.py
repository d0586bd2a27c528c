"""Claims of rights: making one, completing it, and the owner's counter-statement (C5)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.pages import SignedInRequest, TeamRequest, own_page, team_page
from foundation.errors import RateLimited, Refused
from foundation.http import private
from moderation.cases.actions.counter import counter, note_suit
from moderation.intake.claims import claim_to_answer, complete_claim, file_claim, statement_to_judge
from moderation.intake.claims_forms import ClaimForm, CounterForm
from moderation.intake.guests import keep_claim_until_confirmed
from moderation.reports.addresses import digest
from moderation.reports.models import CounterStatement, Report, RightsClaim
from moderation.reports.queries import own_report
from moderation.subjects.lookup import find_target, home_of
from repositories.pages import see_other


@private
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """The form for a claim about one thing; an incomplete one is sent only when that is asked for.

    Without an account, where the operator allows it, the address is confirmed by mail first (C1).
    """
    user = request.user if request.user.is_authenticated else None
    if user is None and not settings.GUEST_REPORTS:
        return redirect_to_login(request.get_full_path())
    target = find_target(kind, public_id, request.user)
    about: dict[str, Any] = {"kind": kind, "target": target, "home": home_of(target), "guest": user is None}
    if request.method != "POST":
        initial = {"name": user.fullname, "email": user.email} if user else {}
        return _show(request, ClaimForm(initial=initial, guest=user is None), **about)
    form = ClaimForm(request.POST, incomplete="incomplete" in request.POST, guest=user is None)
    if not form.is_valid():
        return _show(request, form, status=422, missing=form.missing, **about)
    request_id, address = form.cleaned_data["request_id"], digest(request)
    try:
        if user is None:
            language = get_language() or settings.LANGUAGE_CODE
            keep_claim_until_confirmed(
                target, form.particulars(), kind=kind, request_id=request_id, address=address, language=language
            )
            return see_other("intake:check_mail")
        filed = file_claim(target, form.particulars(), request_id=request_id, address=address, actor=user)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        if refusal.code == "key_reused":
            form.renew()
        response = _show(request, form, status=refusal.status, **about)
        if isinstance(refusal, RateLimited):
            response["Retry-After"] = refusal.seconds
        return response
    return see_other("intake:sent", filed.public_id)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The claimant's own claim, to be completed while it is open."""
    report = own_report(public_id, request.user)
    return complete_own(request, report, request.user, request.path.rpartition("/")[0])


def complete_own(request: HttpRequest, report: Report, claimant: User, place: str) -> HttpResponse:
    """The form with what the claim says now; `place` is the address of the report's page."""
    known = get_object_or_404(RightsClaim, report=report)
    about: dict[str, Any] = {"report": report, "claim": known, "target": report.subject.target, "place": place}
    about["kind"] = report.subject.kind
    if request.method != "POST":
        initial = {name: getattr(known, name) for name in ClaimForm.base_fields if hasattr(known, name)}
        return _show(request, ClaimForm(initial=initial), missing=known.missing, **about)
    form = ClaimForm(request.POST, incomplete="incomplete" in request.POST)
    if not form.is_valid():
        return _show(request, form, status=422, missing=form.missing, **about)
    try:
        complete_claim(report, form.particulars(), actor=claimant)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _show(request, form, status=refusal.status, **about)
    messages.success(request, _("We have your claim as it is now."))
    return see_other(place)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The claim as the owner of what was closed for it sees it, and the counter-statement to it."""
    found = claim_to_answer(public_id, request.user)
    sent = CounterStatement.objects.filter(claim=found).first()
    form = CounterForm(request.POST or None, initial={"name": request.user.fullname})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                counter(found, form.answer(), actor=request.user)
            except Refused as refusal:
                form.add_error(None, str(refusal.message))
                status = refusal.status
            else:
                messages.success(request, _("We have your counter-statement. Whoever made the claim gets a copy."))
                return see_other("intake:answer_claim", found.report.public_id)
        else:
            status = 422
    context = {"claim": found, "sent": sent, "form": form, "subject": found.report.subject}
    return render(request, "intake/counter.html", context, status=status)


@team_page
@require_POST
def suit(request: TeamRequest, public_id: UUID) -> HttpResponse:
    """The team notes that the claimant filed a suit: nothing is restored by itself."""
    statement = statement_to_judge(public_id, request.user)
    note_suit(statement, actor=request.user)
    messages.success(request, _("Noted. What was closed stays closed."))
    return see_other("cases:case", statement.claim.report.case_report.case.public_id)


def _show(request: HttpRequest, form: ClaimForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "intake/claim.html", {"form": form, **more}, status=status)
