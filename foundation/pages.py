"""Pages of a list by keyset: as fast at any depth, and stable while rows are added."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Func, Model, QuerySet, Value
from django.db.models.fields import BooleanField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page, and the query string of the next ("" on the last)."""

    rows: list[M]
    next: str


class _RowAfter(Func):
    """A row comparison: PostgreSQL walks one index in one direction, unlike for the usual chain of ORs."""

    output_field = BooleanField()

    def __init__(self, columns: list[str], values: list[Any], comparison: str) -> None:
        super().__init__(*[F(name) for name in columns], *[Value(value) for value in values])
        self.size, self.comparison = len(columns), comparison

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts, params = [], []
        for expression in self.source_expressions:
            sql, some = compiler.compile(expression)
            parts.append(sql)
            params += some
        left, right = ", ".join(parts[: self.size]), ", ".join(parts[self.size :])
        return f"(({left}) {self.comparison} ({right}))", params


def page(
    rows: QuerySet[M], query: QueryDict, *, order: tuple[str, ...], size: int = 50, also: Sequence[QuerySet[M]] = ()
) -> Page[M]:
    """The page of `rows` that `query` asks for with its parameter `after`.

    `order` names columns that all go in one direction and end in a unique one. `also` are further querysets of the
    same columns, with no row in common: still one statement, in which each walks an index of its own. Raises Refused
    (400) for an `after` that is not one of ours.
    """
    columns = [name.removeprefix("-") for name in order]
    parts = [beyond(part, query, order=order).order_by(*order) for part in (rows, *also)]
    parts = [part[: size + 1] for part in parts]
    merged = parts[0].union(*parts[1:], all=True).order_by(*order)[: size + 1] if also else parts[0]
    found = list(merged)
    further = ""
    if len(found) > size:
        found = found[:size]
        further = query_after(query, [getattr(found[-1], name) for name in columns])
    return Page(found, further)


def beyond(rows: QuerySet[M], query: QueryDict, *, order: tuple[str, ...]) -> QuerySet[M]:
    """Those of `rows` after the place in `order` that `query` names with its parameter `after`; without one, all.

    Raises Refused (400) for an `after` that is not one of ours.
    """
    values = place_in(rows, query, order=order)
    return rows if values is None else following(rows, values, order=order)


def place_in(rows: QuerySet[M], query: QueryDict, *, order: tuple[str, ...]) -> list[Any] | None:
    """The values of the columns of `order` after which the page that `query` asks for begins; None for the first page.

    Raises Refused (400) for an `after` that is not one of ours.
    """
    if not (after := query.get("after")):
        return None
    return _decode(after, rows, [name.removeprefix("-") for name in order])


def following(rows: QuerySet[M], values: Sequence[Any], *, order: tuple[str, ...]) -> QuerySet[M]:
    """Those of `rows` after the place in `order` that these values of its columns name."""
    descending = order[0].startswith("-")
    if any(name.startswith("-") != descending for name in order):
        raise ValueError("A keyset goes in one direction.")
    columns = [name.removeprefix("-") for name in order]
    found = rows.filter(_RowAfter(columns, list(values), "<" if descending else ">"))
    # First of all conditions: PostgreSQL begins its walk of the index at the first one that says where.
    conditions = found.query.where.children
    conditions.insert(0, conditions.pop())
    return found


def query_after(query: QueryDict, values: Sequence[Any]) -> str:
    """The query string of the page that begins after the place with these values, else asking as `query` does."""
    asked = [(name, value) for name, given in query.lists() if name != "after" for value in given]
    return urlencode([*asked, ("after", _encode(list(values)))])


# What a place holds is not for everybody: by the rank of a case one could compute its score (H6). Nor may anybody ask
# from where no page of ours ends, and halve the distance until they know. So it is locked; the same place alike.
_NONCE = 12


@lru_cache(maxsize=4)
def _lock(secret: str) -> tuple[bytes, AESGCM]:
    key = hashlib.blake2b(secret.encode(), digest_size=64, person=b"pages").digest()
    return key[:32], AESGCM(key[32:])


def _encode(values: list[Any]) -> str:
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    content = json.dumps(plain).encode()
    key, lock = _lock(settings.SECRET_KEY)
    nonce = hashlib.blake2b(content, digest_size=_NONCE, key=key).digest()
    return base64.urlsafe_b64encode(nonce + lock.encrypt(nonce, content, None)).decode().rstrip("=")


def _decode(text: str, rows: QuerySet[M], columns: list[str]) -> list[Any]:
    """The values of `columns` in `text`, each of the type of its column: a forged one is refused, not asked for."""
    try:
        locked = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = json.loads(_lock(settings.SECRET_KEY)[1].decrypt(locked[:_NONCE], locked[_NONCE:], None))
        values = [datetime.fromisoformat(one["t"]) if isinstance(one, dict) else one for one in plain]
        return [_typed(rows, column, value) for column, value in zip(columns, values, strict=True)]
    except (InvalidTag, ValueError, KeyError, TypeError, OverflowError, RecursionError, ValidationError):
        message = _("This page of the list does not exist. Start at the first one.")
        raise Refused(message, code="no_such_page", status=400) from None


def _typed(rows: QuerySet[M], column: str, value: Any) -> Any:
    if type(value) not in (int, float, str, datetime):
        raise TypeError(value)
    annotation = rows.query.annotations.get(column)
    field = rows.model._meta.get_field(column) if annotation is None else annotation.output_field
    assert isinstance(field, Field)
    typed = field.to_python(value)
    if isinstance(typed, datetime) and typed.tzinfo is None:
        raise ValueError(value)
    return typed
