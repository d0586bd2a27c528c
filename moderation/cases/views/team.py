"""Who reaches the pages of the team: everybody else finds nothing there."""

import uuid
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.models import User
from foundation.http import Request, private
from moderation.cases.models import Case
from moderation.cases.queries import cases, open_to

P = ParamSpec("P")


class TeamRequest(Request):
    """A request of somebody who works in the queue."""

    user: User


class SeeOther(HttpResponseRedirect):
    """Where to go after a POST: always by GET."""

    status_code = 303


def team_page(
    view: Callable[Concatenate[TeamRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only for the team, kept by no cache. Strangers sign in; everybody else gets the 404 of an unknown address."""

    def for_team(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        # login_required let nobody else in.
        known = cast("TeamRequest", request)
        if not known.user.is_team:
            raise Http404
        return view(known, *args, **kwargs)

    return private(login_required(update_wrapper(for_team, view)))


def find_case(public_id: uuid.UUID, viewer: User) -> Case:
    """The case with what its page shows. Raises the same 404 for one that is missing or about the viewer (C1)."""
    case = open_to(cases(), viewer).filter(public_id=public_id).first()
    if case is None:
        raise Http404
    return case
