"""Creating repositories, and what their owner chooses (A1, A2)."""

from typing import Any

from django.http import HttpResponseBase

from accounts.models import Namespace, User
from accounts.queries import find_namespace
from foundation.errors import Refused
from hub.errors import HubError
from hub.find import find
from hub.protocol import HubRequest, answer, endpoint, person, sent
from hub.shapes import FIELDS
from repositories import queries
from repositories.actions import change_settings, create_repository
from repositories.addresses import Address
from repositories.errors import Moved
from repositories.models import Gating, Kind, Visibility

GATING: dict[str | bool, Gating] = {"auto": Gating.AUTO, "manual": Gating.MANUAL, False: Gating.NONE}


@endpoint("POST")
def create(request: HubRequest) -> HttpResponseBase:
    """A new repository; for one that is there already 409 with its address, which the client may be content with."""
    actor, body = person(request), sent(request)
    kind, name = kind_in(body), word_in(body, "name")
    owner = body.get("organization")
    namespace = find_namespace(word_in(body, "organization")) if owner else Namespace.objects.get(user=actor)
    try:
        made = create_repository(
            namespace, name, kind=kind, actor=actor, visibility=_visibility(body) or Visibility.PUBLIC
        )
    except Refused as refusal:
        if refusal.status != 409:
            raise
        raise _exists(request, kind, namespace, name, actor, str(refusal)) from refusal
    return answer({"url": request.build_absolute_uri(made.get_absolute_url()), "name": made.full_name})


@endpoint("PUT")
def settings(request: HubRequest, address: Address) -> HttpResponseBase:
    """Visibility and gating, where they are named."""
    repository, _found = find(request, address, even_disabled=True)
    actor, body = person(request), sent(request)
    gated = body.get("gated")
    if gated is not None and (not isinstance(gated, str | bool) or gated not in GATING):
        raise HubError(400, "gated is auto, manual or false")
    gating = GATING[gated] if gated is not None else None
    changed = change_settings(repository, actor=actor, visibility=_visibility(body), gating=gating)
    names = ("private", "gated")
    return answer({name: FIELDS[name](changed, changed.updated_at) for name in names})


def kind_in(body: dict[str, Any]) -> Kind:
    """The kind of repository that a body names, a model where it names none. Raises HubError (400)."""
    try:
        return Kind(body.get("type") or Kind.MODEL)
    except ValueError:
        raise HubError(400, "type is model, dataset or space") from None


def word_in(body: dict[str, Any], name: str) -> str:
    """The text called `name`, not empty. Raises HubError (400)."""
    value = body.get(name)
    if not isinstance(value, str) or not value or "\x00" in value:
        raise HubError(400, f"{name} is missing")
    return value


def _visibility(body: dict[str, Any]) -> Visibility | None:
    """From `visibility`, or from the `private` of older clients; None when it is not said."""
    said = body.get("visibility")
    if said is None and isinstance(private := body.get("private"), bool):
        return Visibility.PRIVATE if private else Visibility.PUBLIC
    if said is None:
        return None
    if said not in Visibility.values:
        raise HubError(400, "visibility is public or private")
    return Visibility(said)


def _exists(request: HubRequest, kind: Kind, namespace: Namespace, name: str, actor: User, message: str) -> HubError:
    try:
        there = queries.find(kind, namespace.name, name, actor)
    except Moved as moved:
        there = moved.repository
    except Refused:
        # Deleted, or somebody else's by now: a client that is content with what is there would get nothing.
        return HubError(400, message)
    url = request.build_absolute_uri(there.get_absolute_url())
    return HubError(409, message, more={"url": url, "name": there.full_name})
