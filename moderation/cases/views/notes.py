import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.cases.actions import add_note
from moderation.cases.case_forms import NoteForm
from moderation.cases.views.team import TeamRequest, team_page
from moderation.cases.views.verbs import carry_out, find_review


@team_page
@require_POST
def write_note(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Keep a note that only the team reads (D4)."""
    case = find_review(case_id, request)
    form = NoteForm(request.POST)

    def do(values: dict[str, Any]) -> str:
        told = add_note(case, text=values["text"], request_id=values["request_id"], actor=request.user)
        if not told:
            return _("Noted.")
        return _("Noted. Told: %(people)s.") % {"people": ", ".join(person.username for person in told)}

    return carry_out(request, case, form, do, note_form=form)
