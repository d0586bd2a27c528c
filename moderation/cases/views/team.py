"""Who reaches the pages of the team, and what their views share."""

import uuid

from django.http import Http404, HttpResponseRedirect

from accounts.models import User
from accounts.pages import TeamRequest, team_page
from moderation.cases.models import Case
from moderation.cases.queries import seen_by_id

__all__ = ["SeeOther", "TeamRequest", "find_case", "team_page"]


class SeeOther(HttpResponseRedirect):
    """Where to go after a POST: always by GET."""

    status_code = 303


def find_case(public_id: uuid.UUID, viewer: User) -> Case:
    """The case with what its page shows. Raises the same 404 for one that is missing or about the viewer (C1)."""
    case = seen_by_id(public_id, viewer)
    if case is None:
        raise Http404
    return case
