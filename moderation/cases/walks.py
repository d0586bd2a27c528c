"""Pages of the queue for programs: the walk of an index, compiled once for everybody who asks alike (D4).

What lies in a lane, and who may see it, is said where every list says it (lanes.py). Building that anew takes Django
longer than all the rest of such a request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from foundation.compiled import Compiled
from foundation.pages import following, place_in, query_after
from moderation.cases.lanes import BROAD, in_lane, order_of
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.cases.stakes import Stakes

# What a walk can be narrowed by: columns that are held equal.
COLUMNS = ("clause", "subject_kind", "language", "track")


@dataclass(frozen=True)
class _Shape:
    """What decides how the statement is written; all else are values in it."""

    around: str
    read: tuple[str, ...]
    lane: str
    state: str
    everything: bool
    columns: tuple[str, ...]
    further: bool  # not the first page
    opened: bool  # a lane for a named role is open to the person
    groups: tuple[int, ...]  # how many organizations, closed lanes, cases, clauses opted out of
    size: int


def walk(
    around: str,
    person: User,
    own: Stakes,
    query: QueryDict,
    *,
    lane: str = "",
    state: str = "",
    everything: bool = False,
    equal: Mapping[str, int | str] = {},
    size: int,
    read: tuple[str, ...] = (),
    before: Sequence[Any] = (),
) -> tuple[str, str]:
    """The page of a lane that `query` asks for, and the query string of the next one; one query.

    The cases are those of `in_lane(lane, person, ...)`, without a lane those of `state` that `person` may see. `around`
    is the statement that writes their lines, with `{}` for the walk, which has the columns of the order and those to
    `read`, and is called `one`; it selects `{order}`, then one text called `line`. The page is its lines with commas
    between them, put together where they are: one long row is sent in a fraction of the time of fifty. `before` are its
    parameters before the walk. `equal` narrows by COLUMNS. Raises Refused (400) for an `after` that is not ours.
    """
    place = place_in(Case.objects.all(), query, order=order_of(lane)) or []
    opted_out = own.opted_out if lane in BROAD and not everything else ()
    groups = (own.organizations, own.closed_lanes, own.cases, opted_out)
    shape = _Shape(
        around, read, lane, state, everything, tuple(equal), bool(place), bool(own.opened_lanes),
        tuple(map(len, groups)), size,
    )  # fmt: skip
    keys = (key for group in groups for key in group)
    ((lines, more, *last),) = _compiled(shape)(own.person, *keys, *equal.values(), *place, before=before)
    return lines or "", query_after(query, last) if more else ""


@lru_cache(maxsize=500)
def _compiled(shape: _Shape) -> Compiled[tuple[Any, ...]]:
    order, size = order_of(shape.lane), shape.size
    names = [name.removeprefix("-") for name in order]
    read = [name for name in shape.read if name not in names]

    def rows(*values: Any) -> QuerySet[Case, Any]:
        given = iter(values)
        person = User(pk=next(given))
        organizations, closed, cases, opted_out = (tuple(islice(given, number)) for number in shape.groups)
        own = Stakes(person.pk, organizations, closed, (0,) * shape.opened, cases, opted_out)
        if shape.lane:
            found = in_lane(shape.lane, person, everything=shape.everything, stakes=own).rows
        else:
            found = open_to(Case.objects.all(), person, own)
        if shape.state:
            found = found.filter(state=shape.state)
        found = found.filter(**dict(zip(shape.columns, given, strict=False)))
        if shape.further:
            found = following(found, list(given), order=order)
        return found.order_by(*order).values_list(*names, *read)[: shape.size + 1]

    lines = shape.around.replace("{order}", ", ".join(["one.place", *(f"one.{name}" for name in names)]))
    lines = lines.replace("{}", "SELECT *, row_number() OVER () AS place FROM ({}) walked")
    last = ", ".join(f"(array_agg({name}) FILTER (WHERE place = {size}))[1]" for name in names)
    page = f"string_agg(line, ',' ORDER BY place) FILTER (WHERE place <= {size}), bool_or(place > {size}), {last}"
    return Compiled(rows, around=f"SELECT {page} FROM ({lines}) shown")  # noqa: S608 - our own SQL
