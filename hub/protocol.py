"""What every endpoint of the protocol shares: who asks, in whose words it is refused, what caches may keep (K2)."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from accounts.authentication import find_token
from accounts.models import Scope, Token, User
from foundation.errors import Refused
from hub import errors
from hub.errors import HubError

P = ParamSpec("P")


class HubRequest(HttpRequest):
    """A request of the protocol; `token` is None when a session or nobody asks."""

    token: Token | None


View = Callable[Concatenate[HubRequest, P], HttpResponseBase]


def endpoint(*methods: str) -> Callable[[View[P]], View[P]]:
    """A view of the protocol for these methods: the token says who asks, every refusal is the client's own error.

    A session counts for reading only, so that nothing can be posted from another site.
    """

    def declare(view: View[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HubRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                _require_method(request, methods)
                request.token = _identify(request)
                response = view(request, *args, **kwargs)
            except HubError as error:
                response = error.response()
            except Refused as refusal:
                response = HubError(refusal.status, str(refusal)).response()
            except ValidationError as error:
                response = HubError(400, " ".join(error.messages)).response()
            patch_vary_headers(response, ["Authorization", "Cookie"])
            if request.user.is_authenticated:
                add_never_cache_headers(response)
            return response

        return cast("View[P]", answered)

    return declare


def _require_method(request: HttpRequest, methods: Sequence[str]) -> None:
    if request.method not in methods:
        raise HubError(405, "Method not allowed", headers={"Allow": ", ".join(methods)})


def _identify(request: HttpRequest) -> Token | None:
    """Let the person of the token be the request's user. Raises HubError when the token does not do."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    reads = request.method in ("GET", "HEAD")
    if not scheme:
        if not reads:
            request.user = AnonymousUser()
        return None
    token = find_token(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        request.user = AnonymousUser()
        raise HubError(401, errors.UNKNOWN_TOKEN)
    request.user = token.user
    if not (reads or token.allows(Scope.WRITE)):
        raise HubError(403, f"This token's scope is {token.scope}; posting needs write")
    return token


def person(request: HttpRequest) -> User:
    """Who posts. Raises HubError (401) for nobody."""
    if not isinstance(request.user, User):
        raise HubError(401, "A token with the scope write is needed for this")
    return request.user


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object a program sent. Raises HubError (400, 413)."""
    try:
        body = json.loads(request.body or b"{}")
    except RequestDataTooBig:
        raise HubError(413, "This is too large") from None
    except (ValueError, RecursionError):
        raise HubError(400, "This is not JSON") from None
    if not isinstance(body, dict):
        raise HubError(400, "This is not a JSON object")
    return body


@endpoint("GET", "HEAD", "POST", "PUT", "DELETE")
def unknown(request: HubRequest, rest: str) -> HttpResponseBase:
    """Whatever of the protocol is not here yet: an error that the client can show."""
    raise HubError(404, "This hub does not answer here")


def answer(content: Any, *, headers: dict[str, str] | None = None) -> JsonResponse:
    """`content` as JSON."""
    return JsonResponse(content, safe=False, headers=headers)
