"""Writing rows in one statement each: what a busy way in does instead of asking first and saving in a savepoint.

The SQL of a shape is built once for a process: a shape says which columns are written, and which of them hold one of
the few values that are the same in most rows and so stand in the statement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields.related import RelatedField
from psycopg import Error as PsycopgError

from foundation.asking import ask


@dataclass(frozen=True)
class KeyOf:
    """Stands for the key that a row of the same insert_together will get, in a column that is no foreign key."""

    row: Model


@dataclass(frozen=True)
class Piece:
    """SQL that runs in the statement of others: `name AS (…)`, one or more of them, with the values of its %s.

    All of a statement sees the database as it was before it, so no piece sees what another one writes.
    """

    sql: str
    values: Sequence[Any]


def insert(row: Model) -> bool:
    """Insert `row` unless it breaks a unique constraint; whether it is new, then with its primary key.

    One statement and no savepoint: a row that is there already fails nothing and leaves the transaction as it is. Two
    who insert the same at once: the second waits, and finds it there. For tables with a key that the database gives,
    and for plain values: no expressions but the database's defaults, which the object then does not know.
    """
    return insert_together(row)


def insert_together(
    first: Model,
    *others: Model,
    saving: tuple[Model, Sequence[str]] | None = None,
    pieces: Sequence[Piece] = (),
) -> bool:
    """Insert rows of which each of the `others` depends on one before it, all in one statement; with their keys.

    All or nothing: where the `first` breaks a unique constraint, nothing is inserted and the answer is False, as with
    insert(). Any other row that breaks one raises IntegrityError. A foreign key to a row before it follows from the
    object; KeyOf says the same in any other column. `saving` is a row that is there already, and names of its fields
    that are saved in the same statement, as update() does; `pieces` run in it too.
    """
    (new,) = _insert([(first, *others)], saving, pieces)
    return new


def insert_each(groups: Sequence[Sequence[Model]]) -> list[bool]:
    """Insert groups of rows, each of them as insert_together() would, all in one statement; which of them are new.

    A statement is built for each number of groups: whoever has many of them, calls more than once.
    """
    return _insert(groups) if groups else []


def update(row: Model, *names: str) -> None:
    """Save these fields of `row`, as save(update_fields=names) would, for plain values and without signals."""
    with connection.cursor() as cursor:
        cursor.execute(_change(type(row), names), _changed_values(row, names))


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that was broken, "" where the database does not say."""
    cause = error.__cause__
    return str(cause.diag.constraint_name or "") if isinstance(cause, PsycopgError) else ""


# How a value stands in a statement: a literal, the number of the row whose key it is, or None for a parameter.
_Place = str | int | None
_Shape = tuple[tuple[str, _Place], ...]
# Stands for a literal of a column that is left out, so that the database gives its default.
_OMITTED = ""
# Values that fields of ours give to the database as they are, but for those of JSON.
_PLAIN = frozenset({bool, float, int, str, datetime, UUID, type(None)})
_NO_VALUES: frozenset[type] = frozenset()


def _insert(
    groups: Sequence[Sequence[Model]],
    saving: tuple[Model, Sequence[str]] | None = None,
    pieces: Sequence[Piece] = (),
) -> list[bool]:
    rows = [row for group in groups for row in group]
    places = {id(row): number for number, row in enumerate(rows)}
    shapes, values, database = [], [], connections[DEFAULT_DB_ALIAS]
    for row in rows:
        shape, given = _shape_of(row, places, database)
        shapes.append((type(row), shape))
        values += given
    changed = None
    if saving:
        row, names = saving
        changed = type(row), tuple(names)
        values += _changed_values(row, names)
    for piece in pieces:
        values += piece.values
    sql = _insertion(tuple(shapes), tuple(map(len, groups)), changed, tuple(piece.sql for piece in pieces))
    written = ask(sql, values)
    found = iter(written[0] if written else (None,))
    return [_with_keys(group, found) for group in groups]


def _with_keys(group: Sequence[Model], keys: Iterator[Any]) -> bool:
    """Give the rows of a group their keys, the next ones; False where they were not inserted."""
    new, alias = True, DEFAULT_DB_ALIAS
    for row, key in zip(group, keys, strict=False):
        new = new and key is not None
        if new:
            row.pk = key
            row._state.adding, row._state.db = False, alias
            _fill_in_keys(row)
    return new


def _shape_of(
    row: Model, places: dict[int, int], database: BaseDatabaseWrapper
) -> tuple[tuple[_Place, ...], list[Any]]:
    """How each of its _columns stands in the statement, and the values of the parameters."""
    shape: list[_Place] = []
    values = []
    given, related = row.__dict__, row._state.fields_cache
    for attname, field, relation, plain in _columns(type(row)):
        value = given[attname]
        kind = type(value)
        if kind not in plain:
            if kind is DatabaseDefault:
                shape.append(_OMITTED)
                continue
            if kind is KeyOf:
                shape.append(places[id(value.row)])
                continue
            value = field.get_db_prep_save(value, database)
            kind = type(value)
        elif value is None and (other := related.get(relation)) is not None:
            if other.pk is None:
                shape.append(places[id(other)])
                continue
            value = given[attname] = other.pk  # it was saved since it was given
        # Most columns of most new rows hold one of these.
        if value is None:
            shape.append("NULL")
        elif kind is str and not value:
            shape.append("''")
        elif kind is bool:
            shape.append("true" if value else "false")
        elif kind is int and 0 <= value <= 1:
            shape.append("1" if value else "0")
        else:
            shape.append(None)
            values.append(value)
    return tuple(shape), values


def _fill_in_keys(row: Model) -> None:
    # Past the descriptors, which would forget the objects that the row was given.
    given, keys = row.__dict__, _keys(type(row))
    for name, value in given.items():
        if type(value) is KeyOf:
            given[name] = value.row.pk
    for name, other in row._state.fields_cache.items():
        if other is not None and name in keys and given[keys[name]] is None:
            given[keys[name]] = other.pk


@cache
def _columns(model: type[Model]) -> tuple[tuple[str, "Field[Any, Any]", str | None, frozenset[type]], ...]:
    """Name of the value, field, name of the object where it is a key, and what it takes as it is; no primary key."""
    return tuple(
        (
            field.attname,
            field,
            field.name if isinstance(field, RelatedField) else None,
            _NO_VALUES if isinstance(field, JSONField) else _PLAIN,
        )
        for field in model._meta.local_concrete_fields
        if not field.primary_key
    )


@cache
def _keys(model: type[Model]) -> dict[str, str]:
    """Where a row of this model keeps the key of each object that a foreign key of it names."""
    return {relation: attname for attname, _field, relation, _plain in _columns(model) if relation}


@cache
def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


@cache
def _insertion(
    found: tuple[tuple[type[Model], tuple[_Place, ...]], ...],
    lengths: tuple[int, ...],
    changed: tuple[type[Model], tuple[str, ...]] | None,
    pieces: tuple[str, ...],
) -> str:
    """The INSERT of one row, or of groups of several that feed on each other's keys; with what else it does."""
    shapes = [(model, _named(model, places)) for model, places in found]
    if len(shapes) == 1 and changed is None and not pieces:
        ((model, shape),) = shapes
        into, values = _into(model, shape), ", ".join("%s" if place is None else str(place) for _name, place in shape)
        return f"{into} VALUES ({values}) ON CONFLICT DO NOTHING RETURNING {_key(model)}"
    parts = []
    leads = [sum(lengths[:group]) for group, length in enumerate(lengths) for _row in range(length)]
    for number, (model, shape) in enumerate(shapes):
        types = {str(field.column): type_of(field) for _name, field, _relation, _plain in _columns(model)}
        values = ", ".join(
            f"%s::{types[name]}" if place is None else f"r{place}.key" if isinstance(place, int) else place
            for name, place in shape
        )
        leads_group = number == leads[number]
        # Where nothing is named the first row of the group decides: without it there is no other.
        named = sorted({place for _name, place in shape if isinstance(place, int)}) or [leads[number]]
        source = "" if leads_group else " FROM " + ", ".join(f"r{one}" for one in named)
        ending = f"{' ON CONFLICT DO NOTHING' if leads_group else ''} RETURNING {_key(model)} AS key"
        parts.append(f"r{number} AS ({_into(model, shape)} SELECT {values}{source}{ending})")
    if changed:
        parts.append(f"changed AS ({_change(*changed, source=' FROM r0')})")
    parts += pieces
    keys = ", ".join(f"(SELECT key FROM r{number})" for number in range(len(shapes)))  # noqa: S608 - our own names
    return f"WITH {', '.join(parts)} SELECT {keys}"


def _named(model: type[Model], places: Sequence[_Place]) -> _Shape:
    """The columns that are written, each with how it stands."""
    columns = (str(field.column) for _name, field, _relation, _plain in _columns(model))
    return tuple((name, place) for name, place in zip(columns, places, strict=True) if place != _OMITTED)


def _into(model: type[Model], shape: _Shape) -> str:
    quote = connection.ops.quote_name
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(name) for name, _place in shape)})"


@cache
def _change(model: type[Model], names: tuple[str, ...], source: str = "") -> str:
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(str(_field(model, name).column))} = %s" for name in names)
    return f"UPDATE {quote(model._meta.db_table)} SET {changes}{source} WHERE {_key(model)} = %s"  # noqa: S608


def _changed_values(row: Model, names: Sequence[str]) -> list[Any]:
    """The parameters of the change of these fields, and last the row's key."""
    values = []
    for name in names:
        field = _field(type(row), name)
        value = getattr(row, field.attname)
        plain = type(value) in _PLAIN and not isinstance(field, JSONField)
        values.append(value if plain else field.get_db_prep_save(value, connection))
    return [*values, row.pk]


def _key(model: type[Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return connection.ops.quote_name(str(key.column))


def type_of(field: "Field[Any, Any]") -> str:
    """The type of a column without its length: a cast to that would cut what is too long instead of refusing it."""
    kind = field.db_type(connection)
    assert kind is not None
    return kind.split("(")[0] + ("[]" if kind.endswith("[]") else "")
