"""Requests for the files of a gated repository: asking, and what its owner decides (A3)."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from foundation.pages import page
from hub.errors import HubError
from hub.find import find
from hub.protocol import HubRequest, answer, endpoint, link, person, sent
from hub.shapes import moment
from hub.views.people import find_user
from repositories.actions import gating
from repositories.addresses import Address
from repositories.gating import email_of, require_decide
from repositories.gating.queries import not_found, requests_of
from repositories.models import AccessRequest
from repositories.views.gating import ask as page_to_ask

PAGE = 500


@endpoint("GET", "HEAD")
def requests(request: HubRequest, address: Address, status: str) -> HttpResponseBase:
    """Requests of one status, newest first, for who decides about them; `Link` names the next page."""
    repository, _found = find(request, address, even_disabled=True)
    require_decide(repository, person(request))
    found = page(requests_of(repository, status), request.GET, order=("-requested_at", "-id"), size=PAGE)
    return answer([_request(one) for one in found.rows], headers=link(request, found.next and f"?{found.next}"))


@endpoint("POST")
def handle(request: HubRequest, address: Address) -> HttpResponseBase:
    """Accept, reject or set back the request of a person, or the one with an id."""
    repository, _found = find(request, address, even_disabled=True)
    actor, body = person(request), sent(request)
    require_decide(repository, actor)
    reason, status = body.get("rejectionReason") or "", body.get("status")
    if not (isinstance(reason, str) and isinstance(status, str)):
        raise HubError(400, "status is accepted, rejected or pending; rejectionReason is a text")
    found = requests_of(repository).filter(**_which(body)).values_list("public_id", flat=True)
    # What is not there is said after what cannot be.
    if not gating.handle_many(repository, list(found), status, actor=actor, reason=reason):
        raise not_found()
    return answer({})


@endpoint("POST")
def grant(request: HubRequest, address: Address) -> HttpResponseBase:
    """Give a person access who did not ask."""
    repository, _found = find(request, address, even_disabled=True)
    actor, body = person(request), sent(request)
    require_decide(repository, actor)
    return answer(_request(gating.grant(repository, find_user(_name(body)), actor=actor)))


@csrf_exempt
def ask_access(request: HttpRequest, address: Address) -> HttpResponseBase:
    """Asking for access: with a token in the words of the protocol, without one on the page of the same address."""
    if "Authorization" in request.headers:
        return _ask(cast("HubRequest", request), address)
    return csrf_protect(page_to_ask)(request, address)


@endpoint("POST")
def _ask(request: HubRequest, address: Address) -> HttpResponseBase:
    repository, _found = find(request, address)
    as_json = request.content_type == "application/json"
    answers = sent(request) if as_json else request.POST.dict()
    return answer({"status": gating.ask_access(repository, answers, actor=person(request)).status})


def _which(body: dict[str, Any]) -> dict[str, Any]:
    """Newer clients name the request, older ones the person."""
    if "requestId" not in body:
        return {"user__username__iexact": _name(body)}
    try:
        return {"public_id": UUID(body["requestId"])}
    except (ValueError, TypeError, AttributeError):
        raise HubError(400, "requestId is not an id of a request") from None


def _name(body: dict[str, Any]) -> str:
    name = body.get("user")
    if not isinstance(name, str) or not name or "\x00" in name:
        raise HubError(400, "user is missing")
    return name


def _request(one: AccessRequest) -> dict[str, Any]:
    user = {"user": one.user.username, "fullname": one.user.fullname or one.user.username}
    fields = {str(answered["label"]): answered["value"] for answered in one.answers}
    return {
        "requestId": str(one.public_id),
        "status": one.status,
        "timestamp": moment(one.requested_at),
        "user": user | ({"email": email} if (email := email_of(one)) else {}),
        **({"fields": fields} if fields else {}),
    }
