"""Many rows of one table in one statement, which is the same however many they are: what a batch of work inserts.

`bulk_create` writes a placeholder for every value: composing and reading such a statement takes longer than all else.
Here the rows are one value, in JSON.
"""

import json
from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.expressions import DatabaseDefault

from foundation.rows import type_of


def insert_many(rows: Sequence[Model]) -> None:
    """Insert `rows` of one model, but for those that break a unique constraint; they learn nothing of their keys.

    For values that JSON can hold, and for defaults that the database gives to all of them, in tables without columns
    of JSON. Raises TypeError for others.
    """
    if not rows:
        return
    model, given = type(rows[0]), [row.__dict__ for row in rows]
    shared, varied = {}, []
    for name in _columns(model):
        first = given[0][name]
        left_out = [isinstance(one[name], DatabaseDefault) for one in given]
        if all(left_out):
            continue
        if any(left_out):
            raise TypeError(f"{model.__name__}.{name}: the database's default in all rows or in none.")
        if all(one[name] == first for one in given):
            shared[name] = first
        else:
            varied.append(name)
    written = json.dumps([{name: one[name] for name in varied} for one in given])
    with connection.cursor() as cursor:
        cursor.execute(_insertion(model, tuple(shared), tuple(varied)), [*shared.values(), written])


@cache
def _insertion(model: type[Model], shared: tuple[str, ...], varied: tuple[str, ...]) -> str:
    columns, quote = _columns(model), connection.ops.quote_name
    into = ", ".join(quote(columns[name][0]) for name in (*shared, *varied))
    values = [f"CAST(%s AS {columns[name][1]})" for name in shared] + [f"one.{quote(name)}" for name in varied]
    types = ", ".join(f"{quote(name)} {columns[name][1]}" for name in varied) or "nothing text"
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({into}) SELECT {', '.join(values)}"  # noqa: S608 - our own names
        f" FROM json_to_recordset(%s) one ({types}) ON CONFLICT DO NOTHING"
    )


@cache
def _columns(model: type[Model]) -> dict[str, tuple[str, str]]:
    """The column of each value but the key, and its type."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    if any(isinstance(field, JSONField) for field in fields):
        raise TypeError(f"{model.__name__} has a column of JSON: insert its rows in another way.")
    return {field.attname: (str(field.column), type_of(field)) for field in fields}
