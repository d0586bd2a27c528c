"""A statement of reasons for somebody who cannot sign in, by the signed link in its mail: to read and contest (G1, G2).

Whoever has the link may do with this one decision what its recipient may, and nothing else of the account; every page
shows with GET, acts with POST and sends no referrer (architecture, "Signed links").
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.mail_links import require_signed, speaking_to
from foundation import clock
from foundation.http import private
from moderation.appeals import queries
from moderation.appeals.views.conversation import Back, contest_again, contest_form, converse
from moderation.appeals.wording import line
from moderation.cases.models import Decision
from moderation.reports.file_fields import LARGEST_FORM
from moderation.sanctions.actions.statements import compose
from moderation.sanctions.models import StatementOfReasons
from repositories.pages import see_other
from repositories.receiving import take_files

View = Callable[[HttpRequest, StatementOfReasons, str], HttpResponse]


def _by_link(view: View) -> Callable[..., HttpResponse]:
    """A page behind the signed link of a statement, in its recipient's language; `token` is what signs it.

    The link is the permission, and a page without referrer makes browsers send no origin, which the check of the form's
    token refuses: so there is none.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, public_id: UUID, token: str) -> HttpResponse:
        rows = StatementOfReasons.objects.filter(public_id=public_id).select_related("recipient__guest")
        found = rows.first()
        place = reverse("appeals:contest", args=[public_id])
        person = require_signed(place, found.recipient if found else None, token)
        if request.method == "POST":
            take_files(request, most=LARGEST_FORM)
        with speaking_to(person):
            response = view(request, queries.own_statement(public_id, person), token)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(private(require_http_methods(["GET", "HEAD", "POST"])(wrapped)))


@_by_link
def statement(request: HttpRequest, statement: StatementOfReasons, token: str) -> HttpResponse:
    """The statement of reasons in full, and the form to contest the decision; once."""
    person, decision = statement.recipient, _decision(statement)
    tried = contest_form(request, decision, person)
    place = _place_of_appeal(statement, token)
    if tried.appeal is not None:
        return see_other(place)
    found = queries.contestable(decision, person)
    if found.appeal and tried.status == HTTPStatus.CONFLICT:
        back = _back(statement, token)
        return contest_again(request, found.appeal, tried.form.cleaned_data, person, back, place=place, by_mail=True)
    measures = list(statement.measures.all())
    context = {
        "statement": statement,
        "words": compose(statement, measures, reported=decision.case.report_count > 0),
        "measures": [line(measure, clock.now()) for measure in measures],
        "form": tried.form,
        "contestable": found,
        "place_of_appeal": place,
        "by_mail": True,
    }
    return tried.with_headers(render(request, "appeals/contest.html", context, status=tried.status))


@_by_link
def appeal(request: HttpRequest, statement: StatementOfReasons, token: str) -> HttpResponse:
    """How the appeal stands, the conversation, and the form to write to us."""
    person = statement.recipient
    found = queries.contestable(_decision(statement), person).appeal
    if found is None:
        return see_other("appeals:contest_by_link", statement.public_id, token)
    own = queries.own_appeal(found.public_id, person)
    return converse(request, own, person, _back(statement, token), by_mail=True)


def _decision(statement: StatementOfReasons) -> Decision:
    return Decision.objects.select_related("case", "policy_version").get(public_id=statement.decision_id)


def _place_of_appeal(statement: StatementOfReasons, token: str) -> str:
    return reverse("appeals:appeal_by_link", args=[statement.public_id, token])


def _back(statement: StatementOfReasons, token: str) -> Back:
    return Back(reverse("appeals:contest_by_link", args=[statement.public_id, token]), _("The decision"))
