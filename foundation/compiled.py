"""Querysets that are compiled once for a process: what a busy way in asks at every request.

Building the SQL of a queryset takes Django several times as long as PostgreSQL takes to answer it, and it comes out
the same each time but for a few values. Here it is written and tested as a queryset still, and kept as its SQL.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.transaction import TransactionManagementError
from psycopg import sql as composing

from foundation.asking import ask

Row = TypeVar("Row")
One = TypeVar("One", bound=Model)
Value = int | float | str | UUID | datetime
_PLACE = re.compile("%[s%]")


class Compiled(Generic[Row]):
    """A queryset of a few values, each of them used as it is: `Compiled(lambda key: Model.objects.filter(pk=key))`.

    Called with the values it gives the rows as the queryset would: objects with what select_related names, or those of
    values_list. Values are numbers, texts, UUIDs and moments, never lists, None or objects; none of them may decide how
    the queryset is built. Prefetching is left to the caller.

    `around` is a larger statement, with `{}` where the SQL of the queryset goes: then the rows are those of it, as they
    come from the database. It may have parameters of its own before that, given as `before`.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], *, around: str = "") -> None:
        self._make, self._around = make, around
        self._plan: _Plan | None = None

    def __call__(self, *values: Value, before: Sequence[Any] = ()) -> list[Row]:
        """The rows, one query. Raises TypeError for values that cannot be kept apart from the SQL."""
        plan = self._planned(values)
        found = ask(plan.sql, [*before, *(values[number] for number in plan.numbers)])
        return list(cast("Iterator[Row]", plan.read(found)))

    def beside(self, one: str, width: int, given: Sequence[Any], *values: Value) -> tuple[Any, list[Row]] | None:
        """The row of `one`, SQL of a row of `width` columns with the parameters `given`, and the rows: one query.

        None where `one` has no row.
        """
        plan = self._planned(values)
        found = ask(_beside(one, plan.sql), [*given, *(values[number] for number in plan.numbers)])
        if not found:
            return None
        rows = [row[width + 1 :] for row in found if row[width]]
        return found[0][:width], list(cast("Iterator[Row]", plan.read(rows)))

    def part(self, *values: Value) -> "Part[Row]":
        """Its SQL for a larger statement of our own, with its parameters and what makes its rows of theirs."""
        plan = self._planned(values)
        return Part(plan.sql, [values[number] for number in plan.numbers], plan.width, plan.read)

    def _planned(self, values: Sequence[Value]) -> "_Plan":
        plan = self._plan
        if plan is None:
            plan = _plan(self._make, values)
            if self._around:
                plan = replace(plan, sql=self._around.replace("{}", plan.sql), read=iter)
            self._plan = plan
        if plan.locks and not connection.in_atomic_block:
            raise TransactionManagementError("What locks rows has to be asked in a transaction.")
        return plan

    def first(self, *values: Value) -> Row | None:
        """The first row, or None; one query. The queryset itself says how many it asks for."""
        return next(iter(self(*values)), None)


@lru_cache
def _beside(one: str, many: str) -> str:
    return (
        f"WITH one AS MATERIALIZED ({one}) SELECT * FROM one"  # noqa: S608 - our own SQL
        f" LEFT JOIN LATERAL (SELECT true, many.* FROM ({many}) many) beside ON true"
    )


@dataclass(frozen=True)
class Part(Generic[Row]):
    """SQL of rows of `width` columns, the values of its %s, and what makes rows of the queryset of such rows."""

    sql: str
    values: list[Value]
    width: int
    read: Callable[[list[Any]], Iterator[Row]]


@dataclass(frozen=True)
class _Plan:
    """The SQL, which of the values its parameters are, in their order, and what makes objects of rows."""

    sql: str
    numbers: Sequence[int]
    read: Callable[[list[Any]], Iterator[Any]]
    locks: bool
    width: int


def _plan(make: Callable[..., QuerySet[Any, Any]], values: Sequence[Value]) -> _Plan:
    """Compile the queryset for two sets of other values: what differs are the places of the values."""
    ones, others = ([_stand_in(value, number, of) for number, value in enumerate(values)] for of in (1, 2))
    (sql, params, rows), (same, changed, _rows) = _compiled(make(*ones)), _compiled(make(*others))
    if sql != same:
        raise TypeError("A value decides how this queryset is built; it cannot be compiled once.")
    differ = [place for place, (one, other) in enumerate(zip(params, changed, strict=True)) if one != other]
    places = {place: ones.index(params[place]) for place in differ if params[place] in ones}
    if len(places) < len(differ) or set(places.values()) != set(range(len(values))):
        raise TypeError("A value does not reach the database as it is; this queryset cannot be compiled once.")
    numbers, locks = list(places.values()), rows.query.select_for_update
    return _Plan(_with_constants(sql, params, places), numbers, _reader(rows), locks, _width(rows))


def _with_constants(sql: str, params: Sequence[Any], places: Container[int]) -> str:
    """The SQL in which parameters stand at these places only, and what is always the same as itself.

    A plan that is made once for all values can then use the indexes with such a condition, and knows the limit.
    """
    connection.ensure_connection()
    numbers = count()

    def literal(found: re.Match[str]) -> str:
        if found[0] == "%%" or (place := next(numbers)) in places:
            return found[0]
        return composing.Literal(params[place]).as_string(connection.connection).replace("%", "%%")

    return _PLACE.sub(literal, sql)


def _stand_in(value: Value, number: int, of: int) -> Value:
    """A value of the same type that stands for one, unlike any other in the same queryset."""
    unlike = 20_000 + 1_000 * of + number
    if isinstance(value, bool) or not isinstance(value, Value):
        raise TypeError(f"{value!r} is none of: number, text, UUID, moment.")
    if isinstance(value, int | float):
        return unlike if isinstance(value, int) else unlike + 0.5
    if isinstance(value, UUID):
        return UUID(int=unlike)
    return datetime(1970, 1, 1, microsecond=unlike, tzinfo=UTC) if isinstance(value, datetime) else f"value {unlike}"


def _compiled(queryset: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...], QuerySet[Any, Any]]:
    compiler = queryset.query.get_compiler(using=connection.alias)
    sql, params = compiler.as_sql()
    return sql, tuple(params), queryset


def _width(queryset: QuerySet[Any, Any]) -> int:
    compiler = queryset.query.get_compiler(using=connection.alias)
    compiler.as_sql()
    return len(compiler.select)


def _reader(queryset: QuerySet[Any, Any]) -> Callable[[list[Any]], Iterator[Any]]:
    """What makes rows of the database into what the queryset gives: the same steps as its own iterator takes."""
    kind = queryset._iterable_class
    compiler = queryset.query.get_compiler(using=connection.alias)
    compiler.as_sql()
    converters = compiler.get_converters([expression for expression, *_named in compiler.select])

    def converted(found: list[Any]) -> Iterator[Any]:
        if not converters:
            yield from found
            return
        for row in map(list, found):
            for place, (steps, expression) in converters.items():
                for step in steps:
                    row[place] = step(row[place], expression, connection)
            yield row

    if kind is FlatValuesListIterable:
        return lambda found: (row[0] for row in converted(found))
    if kind is ValuesListIterable:
        return lambda found: (tuple(row) for row in converted(found))
    if kind is not ModelIterable:
        raise TypeError("Only objects and values_list can be compiled once.")
    about = compiler.klass_info
    assert about is not None
    model, places = about["model"], about["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [expression.target.attname for expression, *_named in compiler.select[first:last]]
    related = _quick(get_related_populators(about, compiler.select, connection.alias))  # type: ignore[call-arg]
    from_database = _FromDatabase(model).from_db
    alias = connection.alias
    annotations = list((compiler.annotation_col_map or {}).items())

    def objects(found: list[Any]) -> Iterator[Any]:
        for row in converted(found):
            made = from_database(alias, names, row[first:last])
            for one in related:
                one.populate(row, made)
            for name, place in annotations:
                setattr(made, name, row[place])
            yield made

    return objects


def object_of(model: type[One], names: Sequence[str], values: Sequence[Any]) -> One:
    """The object of a row that a statement of our own returned, as from_db() makes it in several times as long."""
    made: One = _maker(model).from_db(connection.alias, names, values)
    return made


@cache
def _maker(model: type[Model]) -> "_FromDatabase":
    return _FromDatabase(model)


class _FromDatabase:
    """Stands for a model where Django makes its objects of rows: without the signals and loops of Model.__init__.

    Several times as fast; nothing in this project listens there. Models that make their objects themselves still do.
    """

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        from_db, plain = (one.from_db.__func__ for one in (model, Model))  # type: ignore[attr-defined]
        self._own = from_db is not plain or model.__init__ is not Model.__init__

    def from_db(self, alias: str, names: Sequence[str], values: Sequence[Any]) -> Any:
        """An object of a row; what is not among the `names` is asked for when it is needed, as with from_db()."""
        if self._own:
            return self._model.from_db(alias, names, values)
        made = self._model.__new__(self._model)
        made.__dict__.update(zip(names, values, strict=True))
        state = made._state = ModelState()
        state.adding, state.db = False, alias
        return made


def _quick(populators: Sequence[Any]) -> Sequence[Any]:
    """The same populators of what select_related names, each making its objects as above."""
    for one in populators:
        one.model_cls = _FromDatabase(one.model_cls)
        _quick(one.related_populators)
    return populators
