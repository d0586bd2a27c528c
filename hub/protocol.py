"""What every endpoint of the protocol shares: who asks, in whose words it is refused, what caches may keep (K2)."""

import json
import re
import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, ValidationError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from accounts.authentication import find_token
from accounts.models import Scope, Token, User
from foundation.errors import RateLimited, Refused
from foundation.text import clean_text
from hub import errors, limits
from hub.errors import HubError

P = ParamSpec("P")


class HubRequest(HttpRequest):
    """A request of the protocol; `token` is None when a session or nobody asks."""

    token: Token | None


View = Callable[Concatenate[HubRequest, P], HttpResponseBase]


def endpoint(*methods: str, writes: bool = True, limit: str = limits.OTHERS) -> Callable[[View[P]], View[P]]:
    """A view of the protocol for these methods: the token says who asks, every refusal is the client's own error.

    A session counts for GET and HEAD only, so that nothing can be posted from another site. Any other method needs a
    token that may write, unless `writes` is False: it then only asks. `limit` is the limit of requests it counts for.
    """

    def declare(view: View[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HubRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            unknown_token = _identify(request)
            usage = limits.count(request, name=limit)
            try:
                _require(request, methods, usage, unknown_token, writes=writes)
                response = view(request, *args, **kwargs)
            except HubError as error:
                response = error.response()
            except Refused as refusal:
                response = _error(refusal).response()
            except ValidationError as error:
                response = HubError(400, " ".join(error.messages)).response()
            except (RequestDataTooBig, TooManyFieldsSent):
                response = HubError(413, "This is too large for one request").response()
            patch_vary_headers(response, ["Authorization", "Cookie"])
            if request.user.is_authenticated:
                add_never_cache_headers(response)
            if "RateLimit" not in response.headers:
                for name, value in usage.headers().items():
                    response[name] = value
            response["X-Request-Id"] = _request_id(request)
            return response

        return cast("View[P]", answered)

    return declare


def _identify(request: HubRequest) -> HubError | None:
    """Let the person of the token be the request's user. Returns the error for a token that does not do."""
    request.token = None
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        if not _only_reads(request):
            request.user = AnonymousUser()
        return None
    request.token = find_token(secret.strip()) if scheme.lower() == "bearer" else None
    request.user = request.token.user if request.token else AnonymousUser()
    return None if request.token else HubError(401, errors.UNKNOWN_TOKEN)


def _require(
    request: HubRequest, methods: Sequence[str], usage: limits.Usage, unknown_token: HubError | None, *, writes: bool
) -> None:
    if usage.over:
        raise HubError(429, f"Too many requests: try again in {usage.resets} seconds")
    if unknown_token:
        raise unknown_token
    if request.method not in methods:
        raise HubError(405, "Method not allowed", headers={"Allow": ", ".join(methods)})
    token = request.token
    if token and writes and not (_only_reads(request) or token.allows(Scope.WRITE)):
        raise HubError(403, f"This token's scope is {token.scope}; posting needs write")


def _error(refusal: Refused) -> HubError:
    """A refusal of an action as an error; who posted too much in a short time reads how many seconds are left."""
    if not isinstance(refusal, RateLimited):
        return HubError(refusal.status, str(refusal))
    words = f"{refusal} Try again in {refusal.seconds} seconds."
    return HubError(refusal.status, words, headers=limits.headers_of_wait(limits.POSTS, refusal.seconds))


def _only_reads(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD")


def _request_id(request: HttpRequest) -> str:
    """The id under which the client sent this, so that it can be found in its log, or a new one."""
    sent = request.headers.get("X-Request-Id") or request.headers.get("X-Amzn-Trace-Id", "")
    return sent if re.fullmatch("[A-Za-z0-9=;._-]{1,100}", sent) else str(uuid.uuid4())


def person(request: HttpRequest) -> User:
    """Who posts. Raises HubError (401) for nobody."""
    if not isinstance(request.user, User):
        raise HubError(401, "A token is needed for this")
    return request.user


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object a program sent. Raises HubError (400, 413)."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise HubError(400, "This is not JSON") from None
    if not isinstance(body, dict):
        raise HubError(400, "This is not a JSON object")
    return body


def sent_text(body: dict[str, Any], name: str, *, longest: int) -> str:
    """The text `name` of what was sent, cleaned. Raises HubError (400), and what clean_text raises."""
    value = body.get(name)
    if not isinstance(value, str) or not (text := clean_text(value, longest=longest)):
        raise HubError(400, f"{name} is missing")
    return text


def is_true(value: str) -> bool:
    """A yes in a query; older clients write True."""
    return value.lower() in ("true", "1")


@endpoint("GET", "HEAD", "POST", "PUT", "DELETE", writes=False)
def unknown(request: HubRequest, rest: str) -> HttpResponseBase:
    """Whatever of the protocol is not here yet: an error that the client can show."""
    raise HubError(404, "This hub does not answer here")


def answer(content: Any, *, headers: dict[str, str] | None = None) -> JsonResponse:
    """`content` as JSON."""
    return JsonResponse(content, safe=False, headers=headers)


def link(request: HttpRequest, following: str) -> dict[str, str]:
    """The header that names the next page, at the relative address `following`; none where that is empty.

    It is a whole address: the client takes no other.
    """
    return {"Link": f'<{request.build_absolute_uri(following)}>; rel="next"'} if following else {}
