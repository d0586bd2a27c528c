"""Asking the owner to do something, and withdrawing a condition, on the page of a case (E1, E5)."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.errors import Refused
from moderation.cases.actions import request_of_owner, withdraw_condition
from moderation.cases.case_forms import RequestForm, WithdrawForm
from moderation.cases.naming import GivesAway, NamesSomebody, can_be_confirmed
from moderation.cases.queries import conditions_told_to
from moderation.cases.views.team import TeamRequest, team_page
from moderation.cases.views.verbs import carry_out, find_review
from moderation.sanctions.models import StandingCondition


@team_page
@require_POST
def request_of_the_owner(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask the owner to document, gate or make private; the case waits outside of the queue for it (E1)."""
    case = find_review(case_id, request)
    form = RequestForm(request.POST)
    found: list[str] = []

    def do(values: dict[str, Any]) -> str:
        try:
            request_of_owner(
                case,
                orders=form.orders,
                text=values["text"],
                within=timedelta(hours=values["hours"]),
                naming=values["naming"],
                request_id=values["request_id"],
                actor=request.user,
            )
        except (NamesSomebody, GivesAway) as refusal:
            found.extend(refusal.names)
            raise
        return _("Asked. The case waits for the owner; it comes back when they did it, answer, or the time is over.")

    return carry_out(request, case, form, do, request_form=form, request_names=found)


@team_page
@require_POST
def withdraw_on_case(request: TeamRequest, case_id: uuid.UUID, condition_id: uuid.UUID) -> HttpResponse:
    """A condition under which the repository stays holds no more (E5)."""
    case = find_review(case_id, request)
    conditions = StandingCondition.objects.filter(conditions_told_to(request.user), subject=case.subject)
    condition = get_object_or_404(conditions, public_id=condition_id)
    form = WithdrawForm(request.POST)

    def do(values: dict[str, Any]) -> str:
        try:
            withdraw_condition(condition, actor=request.user, **values)
        except Refused as refusal:
            form.confirmable = can_be_confirmed(refusal)
            raise
        return _("Withdrawn. Whoever manages the repository reads why.")

    return carry_out(request, case, form, do, withdraw_form=form, withdrawing=condition.pk)
