"""Confirming or declining as the second moderator."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import Refused
from moderation.cases import overview
from moderation.cases.actions import StaleDecision, confirm_decision, decline
from moderation.cases.confirming import waiting_for
from moderation.cases.erasing_paths import paths_shown
from moderation.cases.forms import SecondForm
from moderation.cases.models import Case
from moderation.cases.views.case import show_case
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page


@team_page
@require_POST
def answer_as_second(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Confirm or decline what somebody else decided (D1); whatever is refused comes back with the words."""
    case = find_case(case_id, request.user)
    form = SecondForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, status=422, second_form=form)
    waiting = waiting_for(case)
    if waiting is None:
        raise Refused(_("Nothing waits here for a second moderator: somebody was faster."), code="settled")
    answer, words = form.cleaned_data["answer"], form.cleaned_data["words"]
    try:
        if answer == SecondForm.CONFIRM:
            confirm_decision(waiting, actor=request.user, version=form.cleaned_data["version"], note=words)
            messages.success(request, _("Confirmed. It is in force now, and everybody affected will hear why."))
        else:
            decline(waiting, actor=request.user, reason=words)
            messages.success(request, _("Declined. The case is back in the queue; whoever decided reads your words."))
    except StaleDecision as stale:
        return _show_what_changed(request, form, stale)
    except Refused as refusal:
        case.refresh_from_db()
        form.add_error(None, refusal.message)
        return show_case(request, case, status=409 if refusal.status == 409 else 422, second_form=form)
    return SeeOther(case.get_absolute_url())


@team_page
@require_safe
def erased_files(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """All files that the decision which waits would destroy, page by page, for whoever confirms it (C6)."""
    case = find_case(case_id, request.user)
    waiting = waiting_for(case)
    if waiting is None:
        raise Refused(_("Nothing waits here for a second moderator: somebody was faster."), code="settled", status=404)
    after = request.GET.get("after", "")
    found = paths_shown(case, waiting.decision, after=after)
    return render(request, "cases/erased_files.html", {"case": case, "found": found, "first": not after})


def _show_what_changed(request: TeamRequest, form: SecondForm, stale: StaleDecision) -> HttpResponse:
    """409: what happened since, above the buttons; pressing one again counts for the case as it is shown now."""
    case: Case = find_case(stale.case.public_id, request.user)
    form.data = {**form.data, "version": str(case.version), "words": form.cleaned_data["words"]}
    form.add_error(None, stale.message)
    return show_case(request, case, status=409, second_form=form, changed=overview.describe(stale.events))
