"""Reading what programs send."""

from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

LARGEST_BODY = 1024 * 1024


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """JSON of at most 1 MiB: DRF reads the stream itself, past Django's own limit. Bad JSON is a 400, never a 500."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:  # the type DRF's stubs want; the serializer refuses whatever else JSON holds
        request = (parser_context or {}).get("request")
        length = request.META.get("CONTENT_LENGTH") if request else None
        if length and int(length) > LARGEST_BODY:
            raise BodyTooLarge(_("This is too large: send at most %(size)s bytes.") % {"size": LARGEST_BODY})
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
