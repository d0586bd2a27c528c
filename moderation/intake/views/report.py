"""Reporting something: the steps to the form, and sending it (C1, C2)."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.models import User
from foundation.errors import RateLimited, Refused
from foundation.http import private
from moderation.intake.choices import Offer
from moderation.intake.filing import file_all
from moderation.intake.forms import ReportForm
from moderation.intake.guests import keep_until_confirmed
from moderation.intake.others import MOST_OTHERS, offered, picked_comments, wanted_words
from moderation.intake.steps import Place, Step, place_of
from moderation.reports.addresses import digest
from moderation.reports.file_fields import LARGEST_FORM
from moderation.reports.queries import open_reports_about
from moderation.subjects.files import file_seen
from moderation.subjects.lookup import Target, find_target, home_of
from moderation.subjects.passages import shown_to
from repositories.models import Repository
from repositories.pages import see_other
from repositories.receiving import take_files


# Files are read only once we know who sends them; so the form's token is checked after that.
@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """The steps to the form about one thing; sends it, or says what to change (422) or when to come back (429)."""
    if not (request.user.is_authenticated or settings.GUEST_REPORTS):
        return redirect_to_login(request.get_full_path())
    target = find_target(kind, public_id, request.user)
    if request.method == "POST" and request.user.is_authenticated:
        take_files(request, most=LARGEST_FORM)
    return _report(request, kind, target)


@csrf_protect
def _report(request: HttpRequest, kind: str, target: Target) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    offer = Offer(kind, user)
    place = place_of(request, offer)
    if place.step != Step.SEND:
        return _show(request, offer, target, place, _empty_form(place, offer, target, user))
    picked = picked_comments(target, request.POST.getlist("others"), user)
    read = partial(_read, request, target, user)
    form = ReportForm(
        request.POST, request.FILES, offer=offer, chosen=place.choice, user=user, picked=picked, readable=read
    )
    if not form.is_valid():
        return _show(request, offer, target, place, form, status=422)
    try:
        return _send(request, kind, target, form, user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        if refusal.code == "key_reused":
            form.renew()
        response = _show(request, offer, target, place, form, status=refusal.status)
        if isinstance(refusal, RateLimited):
            response["Retry-After"] = refusal.seconds
        return response


def _read(request: HttpRequest, target: Target, user: User | None) -> str:
    """What the reporter may read of what they report."""
    seen, file = None, request.POST.get("file", "")
    if file and isinstance(target, Repository):
        try:
            seen = file_seen(target, file, request.POST.get("at", ""), request.user)
        except Refused:
            return ""  # said once it is sent
    return shown_to(target, user, seen)


def _send(request: HttpRequest, kind: str, target: Target, form: ReportForm, user: User | None) -> HttpResponse:
    values = form.cleaned_data
    details = form.details(address=digest(request))
    seen = None
    if values.get("file") and isinstance(target, Repository):
        seen = file_seen(target, values["file"], values["at"], request.user)
    if user is None:
        assert form.chosen is not None
        language = get_language() or settings.LANGUAGE_CODE
        keep_until_confirmed(
            target, kind=kind, values=values, sealed=form.chosen.sealed, details=details, seen=seen, language=language
        )
        return see_other("intake:check_mail")
    filed, _new = file_all(
        target,
        others=values["others"],
        clause=values["clause"],
        text=values["text"],
        ground=values["ground"],
        confidential=values.get("confidential", True),
        request_id=values["request_id"],
        details=details,
        files=values.get("attachments", ()),
        seen=seen,
        actor=user,
    )
    return see_other("intake:sent", filed.public_id)


def _empty_form(place: Place, offer: Offer, target: Target, user: User | None) -> ReportForm:
    """A form that says nothing is wrong yet, with what was written before or what the address brings along."""
    initial: dict[str, Any] = dict(place.kept)
    initial["others"] = [value for name, value in place.kept if name == "others"]
    if place.step != Step.FORM:
        return ReportForm(initial=initial, offer=offer, chosen=place.choice, user=user)
    picked = picked_comments(target, initial["others"], user)
    initial["others"] = [str(one.public_id) for one in picked]
    return ReportForm(initial=initial, offer=offer, chosen=place.choice, user=user, picked=picked)


def _show(
    request: HttpRequest, offer: Offer, target: Target, place: Place, form: ReportForm, status: int = 200
) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    # What is wrong comes first: without it there is no form.
    step = Step.ABOUT if place.choice is None and place.step == Step.SEND else place.step
    step = Step.FORM if step == Step.SEND else step
    # Whoever chose something wrong is shown all that they chose, and may do without any of it.
    words, after = wanted_words(request.POST.get("find", "")), request.POST.get("others_after", "")
    chosen = form.picked.values()
    context = {
        "form": form,
        "kind": offer.kind,
        "target": target,
        "home": home_of(target),
        "offer": offer,
        "place": place,
        "step": step,
        "others": offered(target, user, chosen=chosen, words=words, after=after) if step == Step.FORM else None,
        "most_others": MOST_OTHERS,
        "topic": place.topic,
        "choice": place.choice,
        "steps": _steps(place, offer, step),
        "earlier": open_reports_about(target, user)[:10] if user else [],
    }
    return render(request, "intake/report.html", context, status=status)


def _steps(place: Place, offer: Offer, step: Step) -> list[tuple[Any, str]]:
    """What can be chosen at this step, each with its address."""
    if step == Step.ABOUT:
        return [(topic, place.address(about=topic.code)) for topic in offer.topics]
    if step == Step.CLAUSE and place.topic:
        about = place.topic.code
        return [(choice, place.address(about=about, clause=choice.clause.code)) for choice in place.topic.choices]
    return []
