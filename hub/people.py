"""People and organizations in the words of the protocol."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static

from accounts.models import Organization, User


def avatar(request: HttpRequest) -> str:
    """An address that answers with a picture: the same for everybody."""
    return request.build_absolute_uri(static("img/ombud.svg"))


def user(request: HttpRequest, one: User) -> dict[str, Any]:
    """A person as lists and overviews name one."""
    names = {"user": one.username, "fullname": one.fullname or one.username}
    return {"type": "user", **names, "avatarUrl": avatar(request)}


def organization(request: HttpRequest, one: Organization) -> dict[str, Any]:
    """An organization in the same way."""
    names = {"name": one.name, "fullname": one.fullname or one.name}
    return {"type": "org", **names, "avatarUrl": avatar(request)}
