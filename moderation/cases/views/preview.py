"""What everybody will read of a decision, shown to whoever is about to make it (G1)."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from foundation.errors import Refused
from moderation.cases.actions.orders import Verdict
from moderation.cases.forms import DecideForm
from moderation.cases.models import Case
from moderation.cases.naming import can_be_confirmed
from moderation.cases.previewing import preview_decision
from moderation.cases.views.case import show_case
from moderation.cases.views.team import TeamRequest, find_case, team_page


@team_page
@require_POST
def preview_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Every letter of what the form says, as each person will get it; decides nothing.

    The part below the form for htmx, else the whole page of the case. Words come by POST, so that they stand in no
    address and no log.
    """
    case = find_case(case_id, request.user)
    if case.kind == Case.Kind.APPEAL:
        return redirect("appeals:case", case.public_id)
    form = DecideForm(request.POST, case=case)
    shown: dict[str, Any] = {"naming": False}
    status = 422
    if form.is_valid():
        try:
            shown["preview"] = preview_decision(
                case, verdict_of(form.cleaned_data), actor=request.user, naming=form.cleaned_data["naming"]
            )
            status = 200
        except Refused as refusal:
            form.add_error(None, refusal.message)
            shown["naming"] = can_be_confirmed(refusal)
    if request.htmx:
        return render(
            request, "cases/decide/preview.html", {"form": form, "refused": status != 200, **shown}, status=status
        )
    case.refresh_from_db(fields=["version"])
    return show_case(request, case, status=status, form=form, **shown)


def verdict_of(values: dict[str, Any]) -> Verdict:
    """What a whole form says about letters to people."""
    conditions = values.get("conditions", ())
    return Verdict(
        values["outcome"], values["clause"], values["measures"], values["explanation"], conditions=conditions
    )
