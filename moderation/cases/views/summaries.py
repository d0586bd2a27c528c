import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.cases.actions.summaries import publish_summary
from moderation.cases.case_forms import SummaryForm
from moderation.cases.views.team import TeamRequest, team_page
from moderation.cases.views.verbs import carry_out, find_review


@team_page
@require_POST
def sum_up(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Describe the matter in public in our words (C2)."""
    case = find_review(case_id, request)
    form = SummaryForm(request.POST)

    def do(values: dict[str, Any]) -> str:
        publish_summary(case, text=values["text"], actor=request.user)
        return _("It stands in the community tab of the repository. Answers there reach this case.")

    return carry_out(request, case, form, do, summary_form=form)
