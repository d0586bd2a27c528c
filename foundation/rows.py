"""Inserting rows in one statement each: what a busy way in does instead of asking first and saving in a savepoint."""

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault


def insert(row: Model) -> bool:
    """Insert `row` unless it breaks a unique constraint; whether it is new, then with its primary key.

    One statement and no savepoint: a row that is there already fails nothing and leaves the transaction as it is. Two
    who insert the same at once: the second waits, and finds it there. For tables with a key that the database gives,
    and for plain values: no expressions but the database's defaults, which the object then does not know.
    """
    fields = [field for field in _columns(type(row)) if not isinstance(getattr(row, field.attname), DatabaseDefault)]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row), tuple(field.column for field in fields)), values)
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias
    return True


@cache
def _columns(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)


@cache
def _statement(model: type[Model], columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    key = model._meta.pk.column if model._meta.pk else None
    assert key is not None
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    into = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 - names of our own tables
    return f"{into} ON CONFLICT DO NOTHING RETURNING {quote(key)}"
