import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.errors import Refused
from moderation.cases.actions import AnotherIsOpen, reopen
from moderation.cases.case_forms import ReasonForm
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.cases.views.case import show_case
from moderation.cases.views.team import SeeOther, TeamRequest, team_page
from moderation.cases.views.verbs import find_review


@team_page
@require_POST
def reopen_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Look at a decided case again; leads to the open one where there is another."""
    case = find_review(case_id, request)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            reopen(case, reason=form.cleaned_data["reason"], actor=request.user)
        except AnotherIsOpen as refusal:
            return _go_on_there(request, refusal)
        except Refused as refusal:
            case.refresh_from_db()
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The case is open again. What was decided holds until you decide anew."))
            return SeeOther(case.get_absolute_url())
    return show_case(request, case, status=422, reopen_form=form)


def _go_on_there(request: TeamRequest, refusal: AnotherIsOpen) -> HttpResponse:
    if not open_to(Case.objects.filter(pk=refusal.case.pk), request.user).exists():
        raise refusal
    messages.warning(request, refusal.message)
    return SeeOther(refusal.case.get_absolute_url())
