"""The description of our API as a file and as a page (K1)."""

from typing import Any

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a program shows its token; found by the schema because this module is imported with the addresses."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token with a scope: read, write or moderate."}


class Schema(SpectacularAPIView):
    """OpenAPI 3, as YAML or, with `Accept: application/json`, as JSON."""


# Its style sheet draws three icons (arrows, a clipboard) as data: images; nothing else of our policy is widened.
@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """A page to read and try the API, from files of this site only."""

    url_name = "schema"
    template_name = "api_docs.html"


def only_ours(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Endpoints of our API alone: the hub's protocol is described where it comes from."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
