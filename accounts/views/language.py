"""The language switch."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from accounts.actions import choose_language
from accounts.models import User


@csrf_exempt
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Speak another language: in this browser by a cookie, and to whoever is signed in everywhere.

    The cookie needs no token: pages behind signed links send no origin, without which a token does not count.
    """
    return _everywhere(request) if request.user.is_authenticated else set_language(request)


@csrf_protect
def _everywhere(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        choose_language(request.user, language, actor=request.user)
    return set_language(request)
