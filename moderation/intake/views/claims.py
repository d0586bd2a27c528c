"""Claims of rights: making one, completing it, and the owner's counter-statement (C5)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.pages import SignedInRequest, TeamRequest, own_page, team_page
from foundation.errors import RateLimited, Refused
from moderation.cases.actions.counter import counter, may_counter, note_suit
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.intake.claims import complete_claim, file_claim
from moderation.intake.claims_forms import ClaimForm, CounterForm
from moderation.reports.addresses import digest
from moderation.reports.models import CounterStatement, Report, RightsClaim
from moderation.reports.queries import own_report
from moderation.subjects.lookup import find_target, home_of
from repositories.pages import see_other


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedInRequest, kind: str, public_id: UUID) -> HttpResponse:
    """The form for a claim about one thing; an incomplete one is sent only when that is asked for."""
    target = find_target(kind, public_id, request.user)
    about: dict[str, Any] = {"kind": kind, "target": target, "home": home_of(target)}
    if request.method != "POST":
        initial = {"name": request.user.fullname, "email": request.user.email}
        return _show(request, ClaimForm(initial=initial), **about)
    form = ClaimForm(request.POST, incomplete="incomplete" in request.POST)
    if not form.is_valid():
        return _show(request, form, status=422, missing=form.missing, **about)
    try:
        filed = file_claim(
            target,
            form.particulars(),
            request_id=form.cleaned_data["request_id"],
            address=digest(request),
            actor=request.user,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
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
    known = get_object_or_404(RightsClaim, report=report)
    subject = report.subject
    about: dict[str, Any] = {"report": report, "claim": known, "target": subject.target, "kind": subject.kind}
    if request.method != "POST":
        initial = {name: getattr(known, name) for name in ClaimForm.base_fields if hasattr(known, name)}
        return _show(request, ClaimForm(initial=initial), missing=known.missing, **about)
    form = ClaimForm(request.POST, incomplete="incomplete" in request.POST)
    if not form.is_valid():
        return _show(request, form, status=422, missing=form.missing, **about)
    try:
        complete_claim(report, form.particulars(), actor=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _show(request, form, status=refusal.status, **about)
    messages.success(request, _("We have your claim as it is now."))
    return see_other("intake:own_report", report.public_id)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The claim as the owner of what was closed for it sees it, and the counter-statement to it."""
    found = _claim_for(public_id, request.user)
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
    rows = CounterStatement.objects.select_related("claim__report__case_report__case", "author")
    statement = get_object_or_404(rows, public_id=public_id)
    case = statement.claim.report.case_report.case
    if not open_to(Case.objects.filter(pk=case.pk), request.user).exists():
        raise Http404
    note_suit(statement, actor=request.user)
    messages.success(request, _("Noted. What was closed stays closed."))
    return see_other("cases:case", case.public_id)


def _claim_for(public_id: UUID, person: User) -> RightsClaim:
    """A claim that `person` may answer or answered. Raises the 404 of an unknown address for every other one."""
    rows = RightsClaim.objects.select_related("report__case_report__case", "report__subject", "report__reporter")
    found = rows.filter(report__public_id=public_id).exclude(report__state=Report.State.WITHDRAWN).first()
    if found is None:
        raise Http404
    answered = CounterStatement.objects.filter(claim=found, author=person).exists()
    if not (answered or may_counter(found, person)):
        raise Http404
    return found


def _show(request: SignedInRequest, form: ClaimForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "intake/claim.html", {"form": form, **more}, status=status)
