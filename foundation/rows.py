"""Writing rows in one statement each: what a busy way in does instead of asking first and saving in a savepoint.

The SQL of a shape is built once for a process: a shape says which columns are written, and which of them hold one of
the few values that are the same in most rows and so stand in the statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields.related import RelatedField
from psycopg import Error as PsycopgError

# Values that are written into the statement: most columns of most new rows hold one of them.
_LITERALS: dict[tuple[type, Any], str] = {
    (bool, True): "true",
    (bool, False): "false",
    (str, ""): "''",
    (int, 0): "0",
    (int, 1): "1",
    (type(None), None): "NULL",
}


@dataclass(frozen=True)
class KeyOf:
    """Stands for the key that a row of the same insert_together will get, in a column that is no foreign key."""

    row: Model


def insert(row: Model) -> bool:
    """Insert `row` unless it breaks a unique constraint; whether it is new, then with its primary key.

    One statement and no savepoint: a row that is there already fails nothing and leaves the transaction as it is. Two
    who insert the same at once: the second waits, and finds it there. For tables with a key that the database gives,
    and for plain values: no expressions but the database's defaults, which the object then does not know.
    """
    return insert_together(row)


def insert_together(first: Model, *others: Model) -> bool:
    """Insert rows of which each of the `others` depends on one before it, all in one statement; with their keys.

    All or nothing: where the `first` breaks a unique constraint, nothing is inserted and the answer is False, as with
    insert(). Any other row that breaks one raises IntegrityError. A foreign key to a row before it follows from the
    object; KeyOf says the same in any other column.
    """
    rows = (first, *others)
    places = {id(row): number for number, row in enumerate(rows)}
    shapes, values = [], []
    for row in rows:
        shape, given = _shape_of(row, places)
        shapes.append((type(row), shape))
        values += given
    with connection.cursor() as cursor:
        cursor.execute(_insertion(tuple(shapes)), values)
        keys = cursor.fetchone()
    if keys is None:
        return False
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
    for row in others:
        _fill_in_keys(row)
    return True


def update(row: Model, *names: str) -> None:
    """Save these fields of `row`, as save(update_fields=names) would, for plain values and without signals."""
    fields = [_field(type(row), name) for name in names]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_change(type(row), names), [*values, row.pk])


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that was broken, "" where the database does not say."""
    cause = error.__cause__
    return str(cause.diag.constraint_name or "") if isinstance(cause, PsycopgError) else ""


# How a value stands in a statement: a literal, the number of the row whose key it is, or None for a parameter.
_Place = str | int | None
# Values that fields of ours give to the database as they are, and of those the ones that may be literals.
_PLAIN = frozenset({bool, float, int, str, datetime, UUID, type(None)})
_SHORT = frozenset({bool, int, str, type(None)})


def _shape_of(row: Model, places: dict[int, int]) -> tuple[tuple[tuple[str, _Place], ...], list[Any]]:
    """How each column of `row` stands in the statement, and the values of the parameters."""
    shape: list[tuple[str, _Place]] = []
    values = []
    given = row.__dict__
    for name, field, relates in _columns(type(row)):
        value = given[field.attname]
        kind = type(value)
        if kind not in _PLAIN or isinstance(field, JSONField):
            if isinstance(value, DatabaseDefault):
                continue
            if isinstance(value, KeyOf):
                shape.append((name, places[id(value.row)]))
                continue
            value = field.get_db_prep_save(value, connection)
        elif value is None and relates and (other := _related(row, field)) is not None:
            if other.pk is None:
                shape.append((name, places[id(other)]))
                continue
            value = given[field.attname] = other.pk  # it was saved since it was given
        literal = _LITERALS.get((kind, value)) if kind in _SHORT else None
        shape.append((name, literal))
        if literal is None:
            values.append(value)
    return tuple(shape), values


def _fill_in_keys(row: Model) -> None:
    # Past the descriptors, which would forget the objects that the row was given.
    given = row.__dict__
    for _name, field, relates in _columns(type(row)):
        value = given[field.attname]
        if isinstance(value, KeyOf):
            given[field.attname] = value.row.pk
        elif value is None and relates and (other := _related(row, field)) is not None:
            given[field.attname] = other.pk


def _related(row: Model, field: "Field[Any, Any]") -> Model | None:
    """The object that a foreign key was given, None where it was given none."""
    other: Model | None = row._state.fields_cache.get(field.name)
    return other


@cache
def _columns(model: type[Model]) -> tuple[tuple[str, "Field[Any, Any]", bool], ...]:
    """Column, field, and whether it is a foreign key, but for the primary key."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    return tuple((str(field.column), field, isinstance(field, RelatedField)) for field in fields)


@cache
def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


@cache
def _insertion(shapes: tuple[tuple[type[Model], tuple[tuple[str, _Place], ...]], ...]) -> str:
    """The INSERT of one row, or of several that feed on each other's keys."""
    if len(shapes) == 1:
        ((model, shape),) = shapes
        into, values = _into(model, shape), ", ".join("%s" if place is None else str(place) for _name, place in shape)
        return f"{into} VALUES ({values}) ON CONFLICT DO NOTHING RETURNING {_key(model)}"
    parts = []
    for number, (model, shape) in enumerate(shapes):
        types = {name: _type(field) for name, field, _relates in _columns(model)}
        values = ", ".join(
            f"%s::{types[name]}" if place is None else f"r{place}.key" if isinstance(place, int) else place
            for name, place in shape
        )
        # Where nothing is named the first row decides: without it there is no other.
        named = sorted({place for _name, place in shape if isinstance(place, int)}) or [0]
        source = "" if not number else " FROM " + ", ".join(f"r{one}" for one in named)
        ending = f"{'' if number else ' ON CONFLICT DO NOTHING'} RETURNING {_key(model)} AS key"
        parts.append(f"r{number} AS ({_into(model, shape)} SELECT {values}{source}{ending})")
    tables = [f"r{number}" for number in range(len(shapes))]
    keys = ", ".join(f"{one}.key" for one in tables)
    return f"WITH {', '.join(parts)} SELECT {keys} FROM {', '.join(tables)}"  # noqa: S608 - names of our own tables


def _into(model: type[Model], shape: Sequence[tuple[str, _Place]]) -> str:
    quote = connection.ops.quote_name
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(name) for name, _place in shape)})"


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(str(_field(model, name).column))} = %s" for name in names)
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {_key(model)} = %s"  # noqa: S608


def _key(model: type[Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return connection.ops.quote_name(str(key.column))


def _type(field: "Field[Any, Any]") -> str:
    """The type of a column without its length: a cast to that would cut what is too long instead of refusing it."""
    kind = field.db_type(connection)
    assert kind is not None
    return kind.split("(")[0] + ("[]" if kind.endswith("[]") else "")
