import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.templatetags.foundation import exact
from moderation.cases.actions import snooze, wake
from moderation.cases.case_forms import SnoozeForm
from moderation.cases.views.team import SeeOther, TeamRequest, team_page
from moderation.cases.views.verbs import carry_out, find_review


@team_page
@require_POST
def snooze_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Let the case wait until a moment, or until something new happens (D4)."""
    case = find_review(case_id, request)
    form = SnoozeForm(request.POST)

    def do(values: dict[str, Any]) -> str:
        snooze(case, until=values["until"], reason=values["reason"], actor=request.user)
        return _("It comes back on %(moment)s, or as soon as something new happens.") % {
            "moment": exact(values["until"])
        }

    return carry_out(request, case, form, do, snooze_form=form)


@team_page
@require_POST
def wake_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Bring a snoozed case back now."""
    case = find_review(case_id, request)
    wake(case, actor=request.user)
    messages.success(request, _("The case lies in the queue again."))
    return SeeOther(case.get_absolute_url())
