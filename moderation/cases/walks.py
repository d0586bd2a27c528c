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
) -> tuple[list[tuple[Any, ...]], str]:
    """The page of a lane that `query` asks for, and the query string of the next one; one query.

    The cases are those of `in_lane(lane, person, ...)`, without a lane those of `state` that `person` may see. `around`
    is the statement that is run, with `{}` for the walk, which has the columns of the order and those to `read`, and
    is called `one`; what it selects begins with `{order}`, and it ends in the order `{sorted}`. `before` are its
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
    found = _compiled(shape)(own.person, *keys, *equal.values(), *place, before=before)
    columns = len(order_of(lane))
    further = query_after(query, found[size - 1][:columns]) if len(found) > size else ""
    return [row[columns:] for row in found[:size]], further


@lru_cache(maxsize=500)
def _compiled(shape: _Shape) -> Compiled[tuple[Any, ...]]:
    order = order_of(shape.lane)
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

    columns = [f"one.{name}" for name in names]
    down = [f"{column} DESC" if name.startswith("-") else column for name, column in zip(order, columns, strict=True)]
    around = shape.around.replace("{order}", ", ".join(columns)).replace("{sorted}", ", ".join(down))
    return Compiled(rows, around=around)
