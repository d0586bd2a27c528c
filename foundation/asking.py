"""Statements of our own that a busy way in asks again and again."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from foundation.postgres.base import DatabaseWrapper


def ask(sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """All rows of `sql`, as tuples; for few statements, each the same text at every call and one that gives rows."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS]).ask(sql, values)
