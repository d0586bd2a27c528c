"""A case as its parties see it: own matters, the thread, answering, leaving, agreeing to be named (D1, D2)."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.pages import SignedInRequest, own_page
from accounts.zones import zone_of
from foundation import clock
from foundation.errors import Refused
from foundation.http import private
from foundation.pages import page
from moderation.cases.actions import consent_to_be_named, leave
from moderation.cases.answer_limit import answer_within_limit
from moderation.cases.case_forms import AnswerForm
from moderation.cases.matter_links import find_by_link
from moderation.cases.matters import matter_of, what_for
from moderation.cases.models import Party
from moderation.cases.related import clock_of, find_matter, matters_of


@require_safe
@own_page
def matters(request: SignedInRequest) -> HttpResponse:
    """What concerns the viewer, newest first, with what waits for an answer."""
    own, of_organizations = matters_of(request.user)
    found = page(own, request.GET, order=("-joined_at", "-id"), size=30, also=[of_organizations])
    now = clock.now()
    rows = [(party, what_for(party), clock_of(party).state(now)) for party in found.rows]
    return render(request, "cases/matters.html", {"page": found, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def matter(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One own matter: the thread, the clock, what happens next."""
    return _page(request, find_matter(request.user, public_id), request.user)


# The link is the permission, and a page without referrer makes browsers send no origin, which the check refuses.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def matter_by_mail(request: HttpRequest, public_id: uuid.UUID, token: str) -> HttpResponse:
    """The same for somebody without an account, by the link in a mail: GET shows, POST acts (C6)."""
    party = find_by_link(public_id, token)
    assert party.user is not None
    known = party.user.language in dict(settings.LANGUAGES)
    with (
        translation.override(party.user.language if known else translation.get_language()),
        timezone.override(zone_of(party.user)),
    ):
        response = _page(request, party, party.user, by_mail=True)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, party: Party, person: User, *, by_mail: bool = False) -> HttpResponse:
    form, status = AnswerForm(), 200
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do == "leave":
        leave(party, actor=person)
        messages.success(request, _("You take part in this matter no more."))
        return _see_other("/" if by_mail else "/matters")
    if do in ("name", "unname"):
        consent_to_be_named(party, named=do == "name", actor=person)
        return _see_other(request.path)
    if request.method == "POST":
        form, status = AnswerForm(request.POST), 422
        if form.is_valid():
            try:
                values = form.cleaned_data
                answer_within_limit(party, text=values["text"], actor=person, request_id=values["request_id"])
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("We have your answer. You hear from us here, and by e-mail."))
                return _see_other(request.path)
        party.refresh_from_db()
    matter = matter_of(party, person, clock.now(), request.GET)
    context = {"matter": matter, "before": "after" in request.GET, "form": form, "by_mail": by_mail}
    return render(request, "cases/matter.html", context, status=status)


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
