"""Pages of one's own account: for whoever is signed in, kept by no cache."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

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
