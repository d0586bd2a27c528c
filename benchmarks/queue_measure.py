"""Fill the database of DATABASE_URL with SIZE cases, then measure the lists of the queue; the last line is JSON.

Each list is asked for as its page asks, through the form of its filters. What the server does is asked of EXPLAIN
ANALYZE: of the row query, which walks an index for the ids of a page, and of the rows then fetched by these ids. Beside
them stands what a page by OFFSET costs, in turns, so that other work on the machine falls on both alike.
"""

import json
import sys
import time
from statistics import median
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402

from accounts.actions import make_moderator, register  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.queries import system_actor  # noqa: E402
from benchmarks.cases_data import BASE, Size, fill  # noqa: E402
from foundation.pages import _encode  # noqa: E402
from moderation.cases.lanes import Listing  # noqa: E402
from moderation.cases.models import Case  # noqa: E402
from moderation.cases.queries import cases  # noqa: E402
from moderation.cases.queue_forms import QueueFilters  # noqa: E402
from moderation.cases.views.queue import SIZE  # noqa: E402

ROUNDS, SECONDS = 15, 3.0
LANES = ("open", "mine", "unclaimed", "trusted", "rights", "second", "appeals", "answered", "waiting", "decided")
FILTERS = (
    "clause=spam", "clause=harassment", "clause=self-harm", "kind=comment", "kind=organization", "assignee=person-5",
    "assignee=me", "assignee=none", "due=any", "due=soon", "track=moderated", "track=restricted",
    "language=en", "language=th", "language=x3", "lane=decided&clause=spam", "lane=decided&kind=organization",
    "lane=decided&language=x3", "lane=unclaimed&clause=harassment",
)  # fmt: skip
# Lists whose row query is not bound by an index: measured, and said, but without a limit.
OTHERS = ("due=passed", "channel=api", "channel=phone", "clause=spam&language=x3", "kind=user&due=passed")
DEPTHS = {"first": 0.0, "middle": 0.5, "deep": 0.95}
Statement = tuple[str, Any]


def person(name: str) -> User:
    return register(User(username=name, email=f"{name}@people.example"), password=None)


def statement(rows: Any) -> Statement:
    """What `rows` would send."""
    sql, params = rows.query.sql_with_params()
    return sql, params


def explain(one: Statement) -> tuple[float, int]:
    """Milliseconds of executing, and buffers touched."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {one[0]}", one[1])
        (found,) = cursor.fetchone()
    plan = (found if isinstance(found, list) else json.loads(found))[0]
    return plan["Execution Time"], plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]


def sent(listing: Listing, query: QueryDict) -> list[Statement]:
    """The statements of a page: the row query, and the one for the rows."""
    found: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        listing.page(query, size=SIZE)
    return found


def asked(query: str, viewer: User) -> Listing:
    filters = QueueFilters(QueryDict(query), viewer=viewer)
    assert filters.is_valid(), filters.errors
    return filters.listing()


def measured(query: str, viewer: User) -> dict[str, Any]:
    """Figures of a list at every depth, and of OFFSET in the middle."""
    listing = asked(query, viewer)
    names = [name.removeprefix("-") for name in listing.order]
    ordered = listing.rows.order_by(*listing.order)
    total = ordered.count()
    figures: dict[str, Any] = {"rows": total}
    for depth, share in DEPTHS.items():
        after = QueryDict(mutable=True)
        offset = int(total * share)
        if offset:
            after["after"] = _encode(list(ordered.values_list(*names)[offset - 1]))
        walk, *rest = sent(listing, after)
        # The same places in the list by OFFSET: for the ids alone, and for the rows as a page shows them.
        lean = statement(ordered.only(*names)[offset : offset + SIZE + 1])
        whole = statement(_whole(listing)[offset : offset + SIZE + 1])
        figures[depth] = compared(walk, rest, lean, whole, by_offset=depth == "middle" and total > 10 * SIZE)
    return figures


def _whole(listing: Listing) -> Any:
    """The list as it was asked for before: everything that a row shows, joined, in one query."""
    rows = cases()
    rows.query.where = listing.rows.query.where.clone()
    return rows.order_by(*listing.order)


def compared(
    walk: Statement, rest: list[Statement], lean: Statement, whole: Statement, *, by_offset: bool
) -> dict[str, Any]:
    keyset: list[float] = []
    slow: dict[str, list[float]] = {"lean": [], "whole": []}
    until = time.monotonic() + SECONDS
    buffers = 0
    for _round in range(ROUNDS):
        # Once more than counts: the first reads what the other left cold.
        times = [explain(walk) for _twice in range(3)]
        keyset += [one for one, _buffers in times[1:]]
        buffers = times[-1][1]
        if by_offset and time.monotonic() < until:
            slow["lean"].append(explain(lean)[0])
            slow["whole"].append(explain(whole)[0])
    found: dict[str, Any] = {
        "ms": round(median(keyset), 4),
        "buffers": buffers,
        "rows_buffers": sum(explain(one)[1] for one in rest),
    }
    if by_offset:
        found["offset_ids_ms"], found["offset_rows_ms"] = (round(median(slow[name]), 2) for name in ("lean", "whole"))
    return found


def main() -> None:
    size = Size.of(int(sys.argv[1]))
    began = time.monotonic()
    fill(size)
    filled = time.monotonic() - began
    viewer = person("moderating")
    make_moderator(viewer, actor=system_actor())
    holders = User.objects.filter(pk__range=(BASE + 1, BASE + 32))
    for one in holders:
        make_moderator(one, actor=system_actor())
    mine = Case.objects.filter(assignee=BASE + 3, state="open")
    Case.objects.filter(pk__in=list(mine.values_list("pk", flat=True))).update(assignee=viewer)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case")
    print(f"{size.cases} cases, filled in {filled:.0f} s", flush=True)
    lists = {f"lane={lane}": measured(f"lane={lane}", viewer) for lane in LANES}
    lists |= {query: measured(query, viewer) for query in (*FILTERS, *OTHERS)}
    print(
        json.dumps({"size": size.cases, "open": size.open, "fill_s": round(filled), "others": OTHERS, "lists": lists})
    )


if __name__ == "__main__":
    main()
