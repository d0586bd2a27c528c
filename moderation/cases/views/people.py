"""A person's history for the team: measures, cases, reports."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.posting import standing_restriction
from foundation import clock
from foundation.errors import Refused
from foundation.pages import page
from moderation.cases.actions import lift_measure, limits
from moderation.cases.forms import LiftForm
from moderation.cases.naming import can_be_confirmed
from moderation.cases.overview.history import lines_for
from moderation.cases.queries import cases_about, measures_told_to, open_to
from moderation.cases.views.team import SeeOther, TeamRequest, team_page
from moderation.reports.actions.limits import standing_limit
from moderation.reports.models import ReportingLimit
from moderation.reports.reliability import record_of
from moderation.sanctions.models import Measure
from moderation.subjects.names import name_of


@team_page
@require_safe
def person_page(request: TeamRequest, person_id: uuid.UUID) -> HttpResponse:
    """Everything we decided about a person."""
    return _show(request, _find_person(request, person_id))


@team_page
@require_POST
def lift_on_person(request: TeamRequest, person_id: uuid.UUID, measure_id: uuid.UUID) -> HttpResponse:
    """Undo a measure on the person, with a reason that people will read (E5)."""
    person = _find_person(request, person_id)
    measure = get_object_or_404(Measure.objects.filter(person=person), public_id=measure_id)
    form, naming = LiftForm(request.POST), False
    if form.is_valid():
        try:
            lift_measure(measure, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            naming = can_be_confirmed(refusal)
        else:
            messages.success(request, _("Lifted: %(measure)s") % {"measure": measure.get_kind_display()})
            return SeeOther(reverse("cases:person", args=[person.public_id]))
    return _show(request, person, status=422, lift_form=form, lifting=measure.pk, naming=naming)


@team_page
@require_POST
def lift_reporting_limit(request: TeamRequest, person_id: uuid.UUID) -> HttpResponse:
    """Let a person report as before (C4)."""
    person = _find_person(request, person_id)
    if limit := standing_limit(person):
        limits.lift_reporting_limit(limit, actor=request.user)
        messages.success(request, _("Lifted. %(person)s hears of it.") % {"person": person.username})
    else:
        messages.info(request, _("This limit holds no more."))
    return SeeOther(reverse("cases:person", args=[person.public_id]))


def _find_person(request: TeamRequest, person_id: uuid.UUID) -> User:
    """Somebody else: what is held about members of the team bypasses them (C1)."""
    if person_id == request.user.public_id:
        raise Http404
    return get_object_or_404(User, public_id=person_id)


def _show(
    request: TeamRequest,
    person: User,
    *,
    status: int = 200,
    lift_form: LiftForm | None = None,
    lifting: int | None = None,
    naming: bool = False,
) -> HttpResponse:
    now = clock.now()
    measures = Measure.objects.filter(measures_told_to(request.user), person=person).select_related(
        "clause", "actor", "lifted_by", "subject"
    )
    found = page(open_to(cases_about(person), request.user), request.GET, order=("-opened_at", "-id"), size=30)
    record, by_clause = record_of(person.pk)
    context = {
        "person": person,
        "restriction": standing_restriction(person),
        "measures": lines_for(measures.order_by("-starts_at", "-id")[:50], request.user, now),
        "page": found,
        "cases": [(case, name_of(case.subject)) for case in found.rows],
        "record": record,
        "by_clause": by_clause,
        "limit": standing_limit(person),
        "limits": ReportingLimit.objects.filter(person=person).select_related("lifted_by").order_by("-pk")[:10],
        "lift_form": lift_form or LiftForm(),
        "lifting": lifting,
        "naming_lift": naming,
    }
    return render(request, "cases/person.html", context, status=status)
