"""What people see of decisions about them or their reports, and how they contest them (G1, G2)."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from foundation import clock
from foundation.http import private
from foundation.pages import page
from moderation.appeals import queries
from moderation.appeals.fewer import fewer_for
from moderation.appeals.models import Appeal
from moderation.appeals.standing import all_holding, standing_of
from moderation.appeals.views.conversation import Back, contest_again, contest_form, converse
from moderation.appeals.wording import line
from moderation.cases.models import Decision
from moderation.reports.file_fields import LARGEST_FORM
from moderation.sanctions.actions.statements import compose
from repositories.pages import see_other
from repositories.receiving import take_files

# Rows on a page of all that holds, or is contested.
PAGE = 50


@login_required
@private
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """How the viewer stands, what we wait for from them, and every decision that affected them, newest first."""
    assert request.user.is_authenticated
    now = clock.now()
    rows = page(queries.statements_of(request.user), request.GET, order=("-created_at", "-id"), size=20)
    keys = [row.decision_id for row in rows.rows]
    appeals, closed = queries.appeals_against(keys, request.user), queries.closed_among(keys, request.user)
    context = {
        "standing": standing_of(request.user, now),
        "decisions": [
            (
                row,
                [line(measure, now) for measure in row.measures.all()],
                appeals.get(row.decision_id),
                closed.get(row.decision_id),
            )
            for row in rows.rows
        ],
        "now": now,
        "page": rows,
    }
    return render(request, "appeals/standing.html", context)


@login_required
@private
@require_safe
def holding(request: HttpRequest) -> HttpResponse:
    """All that holds for the viewer or what they manage, the newest first; before it limits on what they send us."""
    assert request.user.is_authenticated
    now = clock.now()
    found, lines = all_holding(request.user, request.GET, now, size=PAGE)
    fewer = [one for one in fewer_for(request.user, now) if one.limit]
    return render(request, "appeals/holding.html", {"lines": lines, "now": now, "page": found, "fewer": fewer})


@login_required
@private
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """All that the viewer contests, themselves or as an admin of an organization, the newest first."""
    assert request.user.is_authenticated
    found = page(queries.own_appeals(request.user), request.GET, order=("-id",), size=PAGE)
    return render(request, "appeals/appeals.html", {"appeals": found.rows, "page": found})


# Files are read only once we know who sends them; so the form's token is checked after that.
@csrf_exempt
@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A statement of reasons in full, and the form to contest the decision; only for its recipient."""
    assert request.user.is_authenticated
    statement = queries.own_statement(public_id, request.user)
    decision = Decision.objects.select_related("case", "policy_version").get(public_id=statement.decision_id)
    measures = list(statement.measures.all())
    context = {
        "statement": statement,
        "words": compose(statement, measures, reported=decision.case.report_count > 0),
        "measures": [line(measure, clock.now()) for measure in measures],
    }
    _receive(request)
    return _contest(request, decision, "appeals/contest.html", context)


@csrf_exempt
@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def contest_decision(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The outcome of an own report, and the form to contest it; only for those who reported."""
    assert request.user.is_authenticated
    decision, report = queries.reported_decision(public_id, request.user)
    _receive(request)
    return _contest(request, decision, "appeals/contest_decision.html", {"report": report})


@csrf_protect
def _contest(request: HttpRequest, decision: Decision, template: str, context: dict[str, object]) -> HttpResponse:
    """Show the form, or file the appeal; what was contested before leads to that appeal."""
    assert request.user.is_authenticated
    sent = contest_form(request, decision, request.user)
    if sent.appeal is not None:
        return see_other("appeals:own", sent.appeal.public_id)
    found = queries.contestable(decision, request.user)
    if found.appeal and sent.status == HTTPStatus.CONFLICT:
        back, place = _back(queries.origin_of(found.appeal, request.user)), _place(found.appeal)
        return contest_again(request, found.appeal, sent.form.cleaned_data, request.user, back, place=place)
    response = render(request, template, {**context, "form": sent.form, "contestable": found}, status=sent.status)
    return sent.with_headers(response)


@csrf_exempt
@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An own appeal, or one of the own organization: how it stands, the conversation, what we answered."""
    assert request.user.is_authenticated
    appeal = queries.own_appeal(public_id, request.user)
    _receive(request)
    return _converse(request, appeal)


@csrf_protect
def _converse(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    assert request.user.is_authenticated
    return converse(request, appeal, request.user, _back(queries.origin_of(appeal, request.user)))


def _place(appeal: Appeal) -> str:
    return reverse("appeals:own", args=[appeal.public_id])


def _back(origin: queries.Origin) -> Back:
    if origin.statement is not None:
        return Back(reverse("appeals:contest", args=[origin.statement.public_id]), _("The decision"))
    if origin.report is not None:
        return Back(reverse("intake:own_report", args=[origin.report.public_id]), _("Your report"))
    if origin.party is not None:
        return Back(reverse("cases:matter", args=[origin.party.public_id]), _("Your matter"))
    return Back(reverse("appeals:standing"), _("Your standing"))


def _receive(request: HttpRequest) -> None:
    if request.method == "POST":
        take_files(request, most=LARGEST_FORM)
