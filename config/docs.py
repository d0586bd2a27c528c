"""The description of our API as a file and as a page (K1)."""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a program shows its token; found by the schema because this module is imported with the addresses."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token with a scope: read, write or moderate."}


class Schema(SpectacularAPIView):
    """OpenAPI 3, as YAML or, with `Accept: application/json`, as JSON.

    The same for everybody, and some seconds of work: written once for a process, a language and a format.
    """

    def _get_schema_response(self, request: Request) -> HttpResponse:
        language, renderer = get_language() or settings.LANGUAGE_CODE, request.accepted_renderer
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        key = (language, renderer.media_type)
        if key not in _written:
            with translation.override(language):
                described = super()._get_schema_response(request)  # type: ignore[no-untyped-call]
                _written[key] = renderer.render(described.data, renderer_context={})
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        return HttpResponse(_written[key], content_type=renderer.media_type + charset)


_written: dict[tuple[str, str], bytes | str] = {}


# Its style sheet draws three icons (arrows, a clipboard) as data: images; nothing else of our policy is widened.
@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """A page to read and try the API, from files of this site only."""

    url_name = "schema"
    template_name = "api_docs.html"


def only_ours(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Endpoints of our API alone: the hub's protocol is described where it comes from."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
