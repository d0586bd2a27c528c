"""The short way of programs: what comes to our API with a token needs nothing that pages need.

Session, messages, the rules of a page for the browser and the like cost such a request more than its own work.
"""

from typing import Any, cast

from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from config.middleware import API, Handler

# Of settings.MIDDLEWARE, in the same order: what holds for every answer. Django's language of a page gives way to ours.
SHARED = (
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.DatabaseRestarts",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.RefuseNul",
    "config.middleware.Refusals",
)


class Language:
    """LocaleMiddleware for addresses that never begin with a language: it looks for one four times."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


_OURS = {"django.middleware.locale.LocaleMiddleware": Language}


class _ShortWay(BaseHandler):
    """Django's own handling of a request, behind the middleware in SHARED alone."""

    def __init__(self) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        handler = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for path in reversed(SHARED):
            one = _OURS.get(path, import_string(path))(handler)
            if hasattr(one, "process_exception"):
                self._exception_middleware.append(one.process_exception)
            handler = convert_exception_to_response(one)
        self._middleware_chain = handler

    def answer(self, request: HttpRequest) -> HttpResponse:
        return cast("HttpResponse", self._middleware_chain(request))


def programs(get_response: Handler) -> Handler:
    """First in settings.MIDDLEWARE. A token that is none is refused there too: no session is asked for after it."""
    short_way = _ShortWay()

    def middleware(request: HttpRequest) -> HttpResponse:
        with_token = request.META.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
        if with_token and request.path_info.startswith(API):
            return short_way.answer(request)
        return get_response(request)

    return middleware
