import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.cases.actions import choose_track, hand_over
from moderation.cases.case_forms import HandOverForm, TrackForm
from moderation.cases.views.team import TeamRequest, team_page
from moderation.cases.views.verbs import carry_out, find_review


@team_page
@require_POST
def hand_over_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Give the case to a colleague for a day (D4)."""
    case = find_review(case_id, request)
    form = HandOverForm(request.POST, case=case, actor=request.user)

    def do(values: dict[str, Any]) -> str:
        hand_over(case, to=values["to"], note=values["note"], actor=request.user)
        return _("%(person)s has the case now, and a message.") % {"person": values["to"].username}

    return carry_out(request, case, form, do, hand_over_form=form)


@team_page
@require_POST
def choose_track_of_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Say whether we act at once or with the owner (D3)."""
    case = find_review(case_id, request)
    form = TrackForm(request.POST)

    def do(values: dict[str, Any]) -> str:
        choose_track(case, values["track"], reason=values["reason"], actor=request.user)
        return _("The track of this case: %(track)s.") % {"track": case.get_track_display()}

    return carry_out(request, case, form, do, track_form=form)
