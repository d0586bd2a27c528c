"""How somebody whom a case concerns contests what we decided: depicted people, rights holders, parents (D1, G2)."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages import SignedInRequest, own_page
from accounts.zones import zone_of
from foundation.errors import Refused
from foundation.http import private
from moderation.appeals.actions import file_appeal
from moderation.appeals.forms import AppealForm
from moderation.appeals.queries import contestable, decision_in, part_in
from moderation.cases.matter_links import find_by_link
from moderation.cases.matters import what_for
from moderation.cases.models import Party
from moderation.cases.related import find_matter
from repositories.pages import see_other, sent


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def contest(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The outcome of an own matter, and the form to contest it; once."""
    return _page(request, find_matter(request.user, public_id), request.user)


# The link is the permission, and a page without referrer makes browsers send no origin, which the check refuses.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def contest_by_mail(request: HttpRequest, public_id: UUID, token: str) -> HttpResponse:
    """The same for somebody without an account, by the link in a mail."""
    party = find_by_link(public_id, token)
    assert party.user is not None
    known = party.user.language in dict(settings.LANGUAGES)
    with (
        translation.override(party.user.language if known else translation.get_language()),
        timezone.override(zone_of(party.user)),
    ):
        response = _page(request, party, party.user)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, party: Party, person: User) -> HttpResponse:
    place = request.path.rpartition("/")[0]
    decision = decision_in(party)
    if decision is None or part_in(decision, person) is None:
        return see_other(place)  # nothing is decided, or it is for others to contest
    form, status = AppealForm(sent(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                file_appeal(decision, text=form.cleaned_data["text"], actor=person)
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("We have your appeal. Somebody who did not decide before looks at it."))
                return see_other(request.path)
    found = contestable(decision, person)
    if found.appeal is not None and request.method == "POST":
        return see_other(request.path)  # a second click: it is the one appeal
    context = {
        "place": place,
        "what": what_for(party),
        "contestable": found,
        "form": form,
        "by_mail": person.is_guest,
    }
    return render(request, "appeals/contest_matter.html", context, status=status)
