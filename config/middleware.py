"""What holds for every request: a refusal is a clear page, bad input a 400, a restarting database a 503."""

from collections.abc import Callable

from django.db import DataError, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from foundation.errors import RateLimited, Refused
from moderation.transparency.tombstone import tombstone
from repositories.addresses import Address, AddressConverter
from repositories.errors import Moved, Removed

API = "/api/v1/"
Handler = Callable[[HttpRequest], HttpResponse]


class Refusals:
    """Turns a Refused that a view raised into its page, or into its fragment for htmx."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, Moved) and (there := _sent_on(request, exception)):
            return there
        if isinstance(exception, Removed) and not request.headers.get("HX-Request"):
            return tombstone(request, exception)
        fragment = "#message" if request.headers.get("HX-Request") else ""
        response = render(request, f"refused.html{fragment}", {"refusal": exception}, status=exception.status)
        if isinstance(exception, RateLimited):
            response["Retry-After"] = exception.seconds
        return response


def _sent_on(request: HttpRequest, moved: Moved) -> HttpResponse | None:
    """The same page at the new address of its repository; None where the address is only a part of the request.

    Permanent, but not to be kept: the repository may move back to where it was.
    """
    before = f"/{AddressConverter().to_url(Address(moved.kind, moved.owner, moved.name))}"
    path = request.get_full_path()
    rest = path.removeprefix(before)
    if rest == path or rest[:1] not in ("", "/", "?"):
        return None
    response = HttpResponsePermanentRedirect(moved.repository.get_absolute_url() + rest)
    response.status_code = 301 if request.method in ("GET", "HEAD") else 308
    add_never_cache_headers(response)
    return response


class DatabaseRestarts:
    """Answers 503 with Retry-After while the database cannot be reached (architecture, "Servers")."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        connections.close_all()
        # No request: the page must not ask the database who is looking.
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "5"
        return response


def clean_cookies(get_response: Handler) -> Handler:
    """Leaves out cookies with NUL, which are none of ours: the session is looked up before anything can be refused."""

    def middleware(request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


class RefuseNul:
    """Answers 400 to NUL, which PostgreSQL can neither store nor compare.

    An address with one is refused at once. Fields of forms refuse theirs themselves, and keep what was written: here we
    look at what was sent only after a view asked the database for it, so no upload is read that nobody wanted.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or _holds_nul(request.GET):
            return _nul_for_programs() if request.path_info.startswith(API) else render(request, "400.html", status=400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError) and _holds_nul(request.POST):
            return render(request, "400.html", status=400)
        return None


def _nul_for_programs() -> HttpResponse:
    """The same in the shape of every error of the API (K1)."""
    error = {"code": "invalid", "detail": str(_("NUL is no character of a text.")), "attr": None}
    response = JsonResponse({"type": "validation_error", "errors": [error]}, status=400)
    add_never_cache_headers(response)
    return response


def _holds_nul(sent: QueryDict) -> bool:
    return any("\x00" in value for _key, values in sent.lists() for value in values)
