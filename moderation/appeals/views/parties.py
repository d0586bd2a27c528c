"""How somebody whom a case concerns contests what we decided: depicted people, rights holders, parents (D1, G2)."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages import SignedInRequest, own_page
from accounts.zones import zone_of
from foundation.http import private
from moderation.appeals.forms import AppealForm
from moderation.appeals.queries import contestable, decision_in, part_in
from moderation.appeals.views.conversation import Back, contest_again, contest_form, converse
from moderation.cases.matter_links import find_by_link
from moderation.cases.matters import what_for
from moderation.cases.models import Party
from moderation.cases.related import find_matter
from moderation.reports.file_fields import LARGEST_FORM
from repositories.pages import see_other
from repositories.receiving import take_files


# Files are read only once we know who sends them; so the form's token is checked after that.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def contest(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The outcome of an own matter, and the form to contest it; once. Then the conversation about it."""
    party = find_matter(request.user, public_id)
    _receive(request)
    return _with_token(request, party)


@csrf_protect
def _with_token(request: HttpRequest, party: Party) -> HttpResponse:
    assert request.user.is_authenticated
    return _page(request, party, request.user)


# The link is the permission, and a page without referrer makes browsers send no origin, which the check refuses.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def contest_by_mail(request: HttpRequest, public_id: UUID, token: str) -> HttpResponse:
    """The same for somebody without an account, by the link in a mail."""
    party = find_by_link(public_id, token)
    assert party.user is not None
    _receive(request)
    known = party.user.language in dict(settings.LANGUAGES)
    with (
        translation.override(party.user.language if known else translation.get_language()),
        timezone.override(zone_of(party.user)),
    ):
        response = _page(request, party, party.user)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _receive(request: HttpRequest) -> None:
    if request.method == "POST":
        take_files(request, most=LARGEST_FORM)


def _page(request: HttpRequest, party: Party, person: User) -> HttpResponse:
    place = request.path.rpartition("/")[0]
    decision = decision_in(party)
    if decision is None or part_in(decision, person) is None:
        return see_other(place)  # nothing is decided, or it is for others to contest
    found = contestable(decision, person)
    if found.appeal is not None:
        back, guest = Back(place, _("Your matter")), person.is_guest
        if request.method == "POST" and "request_id" not in request.POST:  # the form that begins it
            form = AppealForm(request.POST, request.FILES)
            values = form.cleaned_data if form.is_valid() else {}
            return contest_again(request, found.appeal, values, person, back, place=request.path, by_mail=guest)
        return converse(request, found.appeal, person, back, by_mail=guest)
    tried = contest_form(request, decision, person)
    if tried.appeal is not None:
        return see_other(request.path)
    context = {
        "place": place,
        "what": what_for(party),
        "contestable": found,
        "form": tried.form,
        "by_mail": person.is_guest,
    }
    return tried.with_headers(render(request, "appeals/contest_matter.html", context, status=tried.status))
