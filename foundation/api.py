"""What every endpoint of our API shares: clean text, keys of repeatable requests, pages of a list (K1)."""

from functools import cache, lru_cache
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.pages import Page, page
from foundation.text import clean_text

LONGEST_KEY = 200
# What add_never_cache_headers puts together for an answer that says nothing of it yet.
_NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


class OneError(serializers.Serializer[Any]):
    """What is wrong, for programs and in words."""

    code = serializers.CharField(help_text="Stable; see each endpoint.")
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True, help_text="The field of the request that it is about.")


class ErrorOutput(serializers.Serializer[Any]):
    """The standard shape of an error."""

    type = serializers.CharField(help_text="`validation_error`, `client_error` or `server_error`.")
    errors = OneError(many=True)  # type: ignore[assignment]


class CleanTextField(serializers.CharField):
    """Text without invisible control characters, of at most `longest` characters (see foundation.text)."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        try:
            text = clean_text(super().to_internal_value(data), longest=self.longest)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages[0], code=error.code) from None
        if not (text or self.allow_blank):
            self.fail("blank")
        return text


class NameField(serializers.SlugRelatedField[Any]):
    """A row named by a code or a name; what the database cannot compare (NUL, half a character) names none."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\x00" in data or not _is_whole(data):
            self.fail("invalid")
        try:
            return self.find(data)
        except ObjectDoesNotExist:
            self.fail("does_not_exist", slug_name=self.slug_field, value=data)

    def find(self, name: str) -> Any:
        """The row of this name. Raises ObjectDoesNotExist."""
        rows: QuerySet[Any] = self.get_queryset()  # type: ignore[assignment]
        return rows.get(**{self.slug_field: name})


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def idempotency_key(request: Request, sent: UUID | None, person: UUID) -> UUID | None:
    """The id under which a request may be repeated: `sent` in its body, else made from its header Idempotency-Key.

    A key is any text of at most 200 characters; `person`, the sender's public id, keeps those of two people apart.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if len(key) > LONGEST_KEY:
        message = _("This key is too long: use at most %(longest)s characters.") % {"longest": LONGEST_KEY}
        raise serializers.ValidationError({"Idempotency-Key": [message]})
    return sent or (uuid5(person, key) if key else None)


def checked(shape: type[serializers.Serializer[Any]], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """`data` as `shape` reads it: what is_valid and validated_data give, without building its fields at every request.

    `partial` asks for what is sent only. For shapes that look at nothing but the data. Raises ValidationError.
    """
    if partial:
        one = _built_partly(shape)
    elif type(data) is dict:
        one = _built_without(shape, _optional(shape).difference(data))
    else:
        one = built(shape)
    return dict(one.run_validation(data))


@lru_cache(maxsize=1_000)
def _built_without(shape: type[serializers.Serializer[Any]], absent: frozenset[str]) -> serializers.Serializer[Any]:
    """One without these fields: most are optional and not sent, and each would be asked whether it is."""
    one = shape()
    for name in absent:
        del one.fields[name]
    return one


@cache
def _optional(shape: type[serializers.Serializer[Any]]) -> frozenset[str]:
    """Fields of which nothing remains when they are not sent."""
    fields = built(shape).fields.items()
    return frozenset(
        name for name, field in fields if not (field.required or field.read_only) and field.default is serializers.empty
    )


@cache
def built(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The one of this shape that all requests share: for what looks at nothing but what it is given."""
    return shape()


@cache
def _built_partly(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    return shape(partial=True)


class KeysetPagination(BasePagination):
    """`{"next": address or null, "results": […]}`; the view's `order` names the columns."""

    size = 50
    _page: Page[Any]
    _request: Request

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self._request = request
        self._page = page(queryset, request._request.GET, order=getattr(view, "order", ("-id",)), size=self.size)
        return self._page.rows

    def paginate_found(self, found: Page[Any], request: Request) -> list[Any]:
        """The rows of a page that was found already."""
        self._request, self._page = request, found
        return found.rows

    def get_paginated_response(self, data: Any) -> Response:
        following = self._request.build_absolute_uri(f"?{self._page.next}") if self._page.next else None
        return Response({"next": following, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {"type": "string", "format": "uri", "nullable": True, "description": "Address of the next page."}
        following["example"] = "https://hub.example/api/v1/…?after=WzEwXQ"
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        about = "Where the page begins: taken from `next` of the page before."
        return [{"name": "after", "in": "query", "required": False, "description": about, "schema": {"type": "string"}}]


class Endpoint(APIView):
    """A view of the API; no cache keeps what it answers (M3)."""

    pagination_class: type[KeysetPagination] | None = None
    order: tuple[str, ...] = ("-id",)

    def page_of(self, rows: QuerySet[Any], shape: type[serializers.BaseSerializer[Any]]) -> Response:
        """The page of `rows` that the request asks for, each row in `shape`."""
        pages = KeysetPagination()
        found = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(shape(found, many=True, context={"request": self.request}).data)

    def page_found(self, found: Page[Any], shape: type[serializers.BaseSerializer[Any]]) -> Response:
        """The same for a page that was found already."""
        pages = KeysetPagination()
        rows = pages.paginate_found(found, self.request)
        return pages.get_paginated_response(shape(rows, many=True, context={"request": self.request}).data)

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if not (final.has_header("Cache-Control") or final.has_header("Expires")):
            final.headers["Expires"], final.headers["Cache-Control"] = http_date(), _NEVER
        else:
            add_never_cache_headers(final)
        return final
