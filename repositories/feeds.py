"""Pages of lists, as fast for a common filter as for a rare one (A6).

Nobody knows beforehand how rare it is what a list is narrowed to. So we walk the index of the order for WALK rows and
take what matches: enough, where it is common. Where it is not enough it is rare, and we collect all that match, by the
indexes of what was asked for, and sort them. A list that is narrowed to nothing walks its index and is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict

from foundation.pages import Page, beyond, page
from repositories.access import Viewer
from repositories.filters import Wanted
from repositories.models import Repository
from repositories.queries import ORDERS, listed_for, listed_parts, rows, settle, with_states

PAGE = 30  # rows of a list people read
WALK, MOST = 5_000, 1_000


@dataclass(frozen=True)
class Matches:
    """The first rows of a list: of each its id, then the columns asked for. `all` says that there are no others."""

    rows: list[tuple[Any, ...]]
    all: bool

    @property
    def ids(self) -> list[int]:
        return [row[0] for row in self.rows]


class Feed:
    """What `viewer` is shown of what is `wanted`, in one of ORDERS. `listed` saves asking again for `listed_parts`."""

    def __init__(
        self, viewer: Viewer, wanted: Wanted, order: str, *, listed: list[QuerySet[Repository]] | None = None
    ) -> None:
        self.viewer, self.wanted, self.order = viewer, wanted, ORDERS[order]
        self._listed = listed

    @cached_property
    def parts(self) -> list[QuerySet[Repository]]:
        """Each kind on its own where an index holds the order, because these indexes begin with the kind."""
        feed, tagged, *few = self._listed or listed_parts(self.viewer)
        walked = [part.filter(kind=kind) for part in (feed, tagged) for kind in self.wanted.kinds]
        return [*walked, *(part.filter(kind__in=self.wanted.kinds) for part in few)]

    def first(
        self,
        *,
        columns: Sequence[str] = (),
        most: int = MOST,
        enough: int = PAGE + 1,
        query: QueryDict | None = None,
    ) -> Matches:
        """The first matches, at most `most`, beginning where `query` says; one statement, or two.

        Fewer than `most` may come although there are others, but never fewer than `enough`.
        """
        if not self.wanted.kinds:
            return Matches([], all=True)
        query = query or QueryDict()
        found = self._walk(columns, most, query)
        if found.all or len(found.rows) >= enough:
            return found
        everything = listed_for(self.viewer).filter(self.wanted.where, self.wanted.hint, kind__in=self.wanted.kinds)
        # The column as no index holds it: the order of what is collected must not tempt the database into a walk.
        column = self.order[0].removeprefix("-")
        collected = beyond(everything, query, order=self.order).annotate(place=Coalesce(F(column), F(column)))
        taken = list(collected.order_by("-place", "-pk").values_list("pk", *columns)[: most + 1])
        return Matches(taken[:most], all=len(taken) <= most)

    def page(self, query: QueryDict, *, size: int, first: Matches | None = None) -> Page[Repository]:
        """The page that `query` asks for. Of the list's first page `first` says the ids, where it was asked for."""
        if "after" in query:
            first = None
        if first is None and self.wanted.kinds and not self.wanted.where:
            parts = self.parts
        else:
            first = first or self.first(most=size + 1, enough=size + 1, query=query)
            parts = [with_states(rows().filter(pk__in=first.ids[: size + 1]))]
        found = page(parts[0], query, order=self.order, size=size, also=parts[1:])
        settle(found.rows)
        return found

    def _walk(self, columns: Sequence[str], most: int, query: QueryDict) -> Matches:
        """What matches among the next WALK rows; stops reading at `most`."""
        where = self.wanted.where
        matched = ExpressionWrapper(where, BooleanField()) if where else Value(True)
        names = list(dict.fromkeys(["id", *columns, *(column.removeprefix("-") for column in self.order), "matched"]))
        parts = [beyond(part, query, order=self.order).annotate(matched=matched) for part in self.parts]
        values = [part.order_by(*self.order).values_list(*names)[:WALK] for part in parts]
        walked = values[0].union(*values[1:], all=True).order_by(*self.order)[:WALK]
        sql, params = walked.query.sql_with_params()
        with connection.cursor() as cursor:
            # The WALK-th row comes too, matching or not: it says that there are others behind it.
            cursor.execute(
                f"SELECT matched, place, {', '.join(['id', *columns])} FROM (SELECT *, row_number() OVER () AS place "  # noqa: S608
                f"FROM ({sql}) AS walked ({', '.join(names)})) AS numbered WHERE matched OR place = %s LIMIT %s",
                [*params, WALK, most + 1],
            )
            found = cursor.fetchall()
        reached_the_end = len(found) <= most and not (found and found[-1][1] == WALK)
        return Matches([tuple(row[2:]) for row in found if row[0]][:most], all=reached_the_end)
