"""Pages of one's own account, and pages of the team; kept by no cache."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from foundation.http import Request, private

P = ParamSpec("P")


class SignedInRequest(Request):
    """A request of somebody who is signed in."""

    user: User


def own_page(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Strangers sign in and come back."""
    return private(login_required(view))  # type: ignore[arg-type]


class TeamRequest(SignedInRequest):
    """A request of somebody who works in the queue."""


def team_page(
    view: Callable[Concatenate[TeamRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only for the team. Strangers sign in; everybody else gets the 404 of an unknown address."""

    def for_team(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        # login_required let nobody else in.
        known = cast("TeamRequest", request)
        if not known.user.is_team:
            raise Http404
        return view(known, *args, **kwargs)

    return private(login_required(update_wrapper(for_team, view)))
