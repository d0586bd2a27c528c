"""A reported picture on the page of its case, blurred (D5)."""

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from classifiers.images.words import VERDICTS
from foundation.errors import Refused
from moderation.cases.downloads import uncached
from moderation.cases.pictures import blurred_picture
from moderation.cases.views.team import TeamRequest, find_case, team_page


@team_page
@require_safe
def case_picture(request: TeamRequest, case_id: uuid.UUID, snapshot_id: int) -> HttpResponse:
    """A small WebP in which nothing can be made out. Raises Refused: 404 for none, 415 for what cannot be decoded."""
    preview = blurred_picture(find_case(case_id, request.user), snapshot_id)
    if preview is None:
        raise Refused(_("There is no such file."), code="not_found", status=404)
    if not preview.webp:
        raise Refused(VERDICTS[preview.verdict], code="no_preview", status=415)
    return uncached(HttpResponse(preview.webp, content_type="image/webp"))
