"""Pictures on the page of a case: blurred, or as they are for whoever decided to look (D5)."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from moderation.cases import pictures
from moderation.cases.downloads import shown
from moderation.cases.looking import look
from moderation.cases.models import Case
from moderation.cases.views.team import TeamRequest, find_case, team_page


@team_page
@require_safe
def case_picture(request: TeamRequest, case_id: uuid.UUID, snapshot_id: int) -> HttpResponse:
    """A small WebP in which nothing can be made out. Raises Refused: 404 for none, 415 for what cannot be decoded."""
    return shown(pictures.blurred_picture(find_case(case_id, request.user), snapshot_id, viewer=request.user))


@team_page
@require_safe
def sharp_picture(request: TeamRequest, case_id: uuid.UUID, snapshot_id: int) -> HttpResponse:
    """The same as it is: it counts among what one saw today, where it is harmful."""
    return shown(look(find_case(case_id, request.user), snapshot_id, viewer=request.user))


@team_page
@require_safe
def blurred_attachment(request: TeamRequest, case_id: uuid.UUID, public_id: uuid.UUID) -> HttpResponse:
    """A picture that a reporter sent, in which nothing can be made out; reading it is an event (C1, J6)."""
    return _attached(find_case(case_id, request.user), public_id, request, blurred=True)


@team_page
@require_safe
def sharp_attachment(request: TeamRequest, case_id: uuid.UUID, public_id: uuid.UUID) -> HttpResponse:
    """The same as it is."""
    return _attached(find_case(case_id, request.user), public_id, request, blurred=False)


def _attached(case: Case, public_id: uuid.UUID, request: TeamRequest, *, blurred: bool) -> HttpResponse:
    return shown(pictures.attached_picture(case, public_id, blurred=blurred, actor=request.user))
