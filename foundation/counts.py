"""Counting to a bound: a list says "99+" and nobody waits for more."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# Counts stop here; 100 is shown as "99+".
MOST = 100


def capped(parts: Sequence[QuerySet[Any]], most: int = MOST) -> list[int]:
    """How many rows each of `parts` has, counted to `most`; one statement, none for no parts.

    Each part keeps its order, so that it walks the index of its list and stops.
    """
    columns: list[str] = []
    values: list[Any] = []
    for part in parts:
        try:
            sql, params = part.values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            columns.append("0")
            continue
        columns.append(f"(SELECT count(*) FROM ({sql}) AS part)")  # noqa: S608 - Django made the SQL
        values += params
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", values)
        return list(cursor.fetchone())
