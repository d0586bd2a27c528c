"""What holds for every request: a refusal is a clear page, bad input a 400, a restarting database a 503."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from foundation.errors import Refused

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
        fragment = "#message" if request.headers.get("HX-Request") else ""
        return render(request, f"refused.html{fragment}", {"refusal": exception}, status=exception.status)


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


def refuse_nul(get_response: Handler) -> Handler:
    """Answers 400 to NUL in an address or form, which PostgreSQL can neither store nor compare."""

    def middleware(request: HttpRequest) -> HttpResponse:
        sent = [request.path_info, *(value for _key, values in request.GET.lists() for value in values)]
        if any("\x00" in text for text in sent):
            return render(request, "400.html", status=400)
        return get_response(request)

    return middleware
