"""Every page speaks the language and tells the time of whoever is signed in (architecture, "Clock")."""

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.models import User
from accounts.zones import zone_of
from config.middleware import DatabaseRestarts, Handler

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def personal(get_response: Handler) -> Handler:
    """Guests keep what LocaleMiddleware found and UTC."""
    restarts = DatabaseRestarts(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            user = request.user if request.user.is_authenticated else None
        except (OperationalError, InterfaceError) as error:
            # Errors of a middleware, unlike those of a view, reach no process_exception.
            return restarts.process_exception(request, error) or get_response(request)
        if not isinstance(user, User):
            return get_response(request)
        if user.language in LANGUAGES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with timezone.override(zone_of(user)):
            return get_response(request)

    return middleware
