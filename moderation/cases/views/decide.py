"""Deciding a case, and lifting what was decided."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.errors import Refused
from moderation.cases import overview
from moderation.cases.actions import OwnerNotHeard, StaleDecision, decide, lift_measure
from moderation.cases.actions.windows import WhyNotAsked
from moderation.cases.confirming import waiting_for
from moderation.cases.forms import DecideForm, LiftForm
from moderation.cases.models import Case, Decision
from moderation.cases.naming import can_be_confirmed
from moderation.cases.precedents import Departure, departs, similar_decided
from moderation.cases.strikes import off_ladder
from moderation.cases.views.case import find_measure, show_case
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page


@team_page
@require_POST
def decide_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Decide; whatever is refused comes back with the words that were written."""
    case = find_case(case_id, request.user)
    if case.kind == Case.Kind.APPEAL:
        return redirect("appeals:case", case.public_id)
    form = DecideForm(request.POST, case=case)
    if not form.is_valid():
        return show_case(request, case, status=422, form=form)
    values = form.cleaned_data
    departure = _departure(request, case, values)
    if departure and not values["departing"]:
        return show_case(request, case, status=422, form=form, departure=departure)
    try:
        decision = decide(
            case,
            actor=request.user,
            version=values["decided_on"],
            outcome=values["outcome"],
            explanation=values["explanation"],
            clause=values["clause"],
            measures=values["measures"],
            request_id=values["request_id"],
            bad_faith=values["bad_faith"],
            departs=departure is not None,
            off_ladder=off_ladder(case, values["measures"], values["clause"], actor=request.user),
            override=values["override"],
            insufficient=values["insufficient"],
            conditions=values["conditions"],
            naming=values["naming"],
        )
    except StaleDecision as stale:
        return _show_what_changed(request, form, stale)
    except Refused as refusal:
        case.refresh_from_db()
        form.add_error(None, refusal.message)
        status, early = 409 if refusal.status == 409 else 422, isinstance(refusal, OwnerNotHeard)
        more = {"needs_override": early, "needs_why": isinstance(refusal, WhyNotAsked)}
        return show_case(request, case, status=status, form=form, naming=can_be_confirmed(refusal), **more)
    messages.success(request, _result(decision))
    return SeeOther(case.get_absolute_url())


@team_page
@require_POST
def lift_on_case(request: TeamRequest, case_id: uuid.UUID, measure_id: uuid.UUID) -> HttpResponse:
    """Undo a measure that the case's page shows, with a reason that people will read (E5)."""
    case = find_case(case_id, request.user)
    measure = find_measure(case, measure_id)
    form, naming = LiftForm(request.POST), False
    if form.is_valid():
        try:
            lift_measure(measure, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            naming = can_be_confirmed(refusal)
        else:
            messages.success(request, _("Lifted: %(measure)s") % {"measure": measure.get_kind_display()})
            return SeeOther(case.get_absolute_url())
    return show_case(request, case, status=422, lift_form=form, lifting=measure.pk, naming_lift=naming)


def _departure(request: TeamRequest, case: Case, values: dict[str, Any]) -> Departure | None:
    """The precedents that the verdict of the form differs from; never for a case that waits for nobody's decision."""
    if case.state != Case.State.OPEN:
        return None
    kinds = [one.kind for one in values["measures"]]
    return departs(values["outcome"], kinds, similar_decided(case, request.user))


def _show_what_changed(request: TeamRequest, form: DecideForm, stale: StaleDecision) -> HttpResponse:
    """409: what happened since, and the form with its words; it counts for the new version once that is confirmed."""
    case = find_case(stale.case.public_id, request.user)
    form.ask_to_confirm(case.version)
    form.add_error(None, stale.message)
    return show_case(request, case, status=409, form=form, changed=overview.describe(stale.events))


def _result(decision: Decision) -> str:
    waiting = waiting_for(decision.case)
    if waiting:
        return _(
            "Decided: %(clause)s. A second moderator confirms it by %(until)s; the case waits until then, and nobody "
            "hears of it before."
        ) % {"clause": decision.clause, "until": date_format(timezone.localtime(waiting.due_at), "DATETIME_FORMAT")}
    if decision.outcome == Decision.Outcome.NO_VIOLATION:
        return _("Decided: no violation. Those who reported it will hear from us.")
    measures = ", ".join(measure.get_kind_display() for measure in decision.measures.all())
    return _("Decided: %(clause)s. In force now: %(measures)s. Everybody affected will hear why.") % {
        "clause": decision.clause,
        "measures": measures,
    }
