"""What people see of decisions about them or their reports, and how they contest them (G1, G2)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from foundation.http import private
from foundation.pages import page
from moderation.appeals import queries
from moderation.appeals.actions import file_appeal
from moderation.appeals.forms import AppealForm
from moderation.appeals.wording import line
from moderation.cases.models import Decision
from moderation.sanctions.actions.statements import compose
from repositories.pages import see_other


@login_required
@private
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """What holds now for the viewer, and every decision that affected them, newest first."""
    assert request.user.is_authenticated
    now = clock.now()
    rows = page(queries.statements_of(request.user), request.GET, order=("-created_at", "-id"), size=20)
    appeals = queries.appeals_against([row.decision_id for row in rows.rows], request.user)
    context = {
        "holding": [line(measure, now) for measure in queries.standing_on(request.user)],
        "decisions": [
            (row, [line(measure, now) for measure in row.measures.all()], appeals.get(row.decision_id))
            for row in rows.rows
        ],
        "now": now,
        "page": rows,
    }
    return render(request, "appeals/standing.html", context)


@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A statement of reasons in full, and the form to contest the decision; only for its recipient."""
    assert request.user.is_authenticated
    statement = queries.own_statement(public_id, request.user)
    decision = Decision.objects.select_related("case").get(public_id=statement.decision_id)
    measures = list(statement.measures.all())
    context = {
        "statement": statement,
        "words": compose(statement, measures, reported=decision.case.report_count > 0),
        "measures": [line(measure, clock.now()) for measure in measures],
    }
    return _contest(request, request.user, decision, "appeals/contest.html", context)


@login_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def contest_decision(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The outcome of an own report, and the form to contest it; only for those who reported."""
    assert request.user.is_authenticated
    decision, report = queries.reported_decision(public_id, request.user)
    return _contest(request, request.user, decision, "appeals/contest_decision.html", {"report": report})


def _contest(
    request: HttpRequest, user: User, decision: Decision, template: str, context: dict[str, object]
) -> HttpResponse:
    """Show the form, or file the appeal; what was contested before leads to that appeal (a double click is one)."""
    form = AppealForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                appeal = file_appeal(decision, text=form.cleaned_data["text"], actor=user)
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("We have your appeal. Somebody who did not decide before looks at it."))
                return see_other("appeals:own", appeal.public_id)
    found = queries.contestable(decision, user)
    if found.appeal and status == 409:
        return see_other("appeals:own", found.appeal.public_id)
    return render(request, template, {**context, "form": form, "contestable": found}, status=status)


@login_required
@private
@require_safe
def own(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An own appeal: how it stands, what was asked, what we answered."""
    assert request.user.is_authenticated
    appeal = queries.own_appeal(public_id, request.user)
    origin = queries.origin_of(appeal)
    return render(request, "appeals/own.html", {"appeal": appeal, **origin})
