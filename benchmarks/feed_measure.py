"""Fill the database of DATABASE_URL with SIZE repositories, then measure pages of lists; the last line is JSON.

What the server does for a page is asked of EXPLAIN ANALYZE, statement by statement. Requests that are compared are sent
in turns, so that whatever else the machine does falls on both alike.
"""

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any
from unittest.mock import patch

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Value  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.actions import choose_nfaa, make_moderator, register  # noqa: E402
from accounts.models import NfaaPreference, User  # noqa: E402
from accounts.queries import system_actor  # noqa: E402
from benchmarks.feed_data import COMMON, NAMED, RARE, fill  # noqa: E402
from foundation.pages import page  # noqa: E402
from repositories import facets, queries  # noqa: E402
from repositories.access import Viewer  # noqa: E402
from repositories.feeds import PAGE, Feed  # noqa: E402
from repositories.filters import Wanted, wanted  # noqa: E402
from repositories.models import Kind, Repository  # noqa: E402
from repositories.searching import ENOUGH, Words, best_page  # noqa: E402

PASSES, ROUNDS = 5, 40
SECONDS = 1.0  # for the rounds of one page in one pass
PAIRS = 80  # of requests that are compared
# What of two requests for the feed is compared.
FILTERED = "restrictions and NFAA asked for ÷ one index, unfiltered"
NEVER = "NFAA never listed ÷ listed, signed in"
SIGNED_IN = "with the own private ones ÷ one index, unfiltered, signed in"
FIRST = QueryDict()
MODELS = Wanted((Kind.MODEL,))
ORDER = queries.ORDERS["trending"]
Ask = Callable[[], Any]


def person(name: str) -> User:
    return register(User(username=name, email=f"{name}@people.example"), password=None)


def pages(deep: QueryDict, ask: User, never: User, team: User) -> dict[str, Ask]:
    """What is measured, by name: each as a view asks for it."""

    def feed(viewer: Viewer, query: QueryDict = FIRST, asked: Wanted = MODELS) -> Ask:
        return lambda: Feed(viewer, asked, "trending").page(query, size=PAGE)

    def listed(**values: list[str]) -> Ask:
        asked = wanted(values | {"kind": ["model"]})

        def both() -> None:
            feed = Feed(None, asked, "trending")
            feed.page(FIRST, size=PAGE, first=feed.first(columns=facets.COLUMNS))

        return both

    def searched(text: str) -> Ask:
        words = Words.of(text)

        def both() -> None:
            first = Feed(None, words.wanted, "trending").first(columns=facets.COLUMNS, enough=ENOUGH)
            best_page(None, words, Wanted(), FIRST, size=PAGE, first=first)

        return both

    walk = queries.rows().filter(kind=Kind.MODEL, listed=True, nfaa=False)
    return {
        "walk of the index, nothing asked": lambda: page(walk, FIRST, order=ORDER, size=PAGE),
        "feed": feed(None),
        "feed, deep page": feed(None, deep),
        "feed, signed in": feed(ask),
        "feed, never NFAA": feed(never),
        "feed, team": feed(team),
        "facets of the feed": lambda: Feed(None, MODELS, "trending").first(columns=facets.COLUMNS),
        "list: tag of half": listed(tag=["pytorch"]),
        "list: rare license and tag": listed(license=["license-19"], tag=["tag-1999"]),
        "list: license of nobody": listed(license=["nobody"]),
        "search: common word": searched(COMMON),
        "search: rare word": searched(RARE),
        "search: part of a name": searched(NAMED[1:]),
        "search: common and rare": searched(f"{COMMON} {RARE}"),
        "search: nothing": searched("zzzzzz"),
    }


def statements(ask: Ask) -> list[tuple[str, Any]]:
    """What `ask` sends to the database."""
    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask()
    return [(sql, params) for sql, params in sent if "SELECT" in sql]


def explain(sql: str, params: Any) -> tuple[float, float, int]:
    """Milliseconds of executing and of planning, and buffers touched."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", params)
        ((plan,),) = cursor.fetchone()
    touched = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    return plan["Execution Time"], plan["Planning Time"], touched


def measure(asks: dict[str, Ask]) -> dict[str, dict[str, Any]]:
    """What each page takes, warm. Times are the tenth of the fastest: other work on the machine only adds to them.

    Every page is measured several times apart, so that a busy minute of the machine falls on no page alone.
    """
    sent = {name: statements(ask) for name, ask in asks.items()}
    rounds: dict[str, list[list[tuple[float, float, int]]]] = {name: [] for name in asks}
    for _number in range(PASSES):
        for name, some in sent.items():
            until = time.monotonic() + SECONDS
            for _round in range(ROUNDS):
                rounds[name].append([explain(*one) for one in some])
                if time.monotonic() > until:
                    break
    result = {}
    for name, found in rounds.items():
        executing, planning, both = (
            sorted(sum(sum(one[at] for at in columns) for one in each) for each in found)[len(found) // 10]
            for columns in ((0,), (1,), (0, 1))
        )
        result[name] = {
            "statements": len(sent[name]),
            "server_ms": round(both, 3),
            "executing_ms": round(executing, 3),
            "planning_ms": round(planning, 3),
            "buffers": sum(one[2] for one in found[-1]),
        }
    return result


def unfiltered(viewer: Viewer) -> list[Any]:
    """In place of `listed_parts`: one index, whoever looks."""
    states = {name: Value(False) for name in queries.STATES}
    parts = [queries.rows().filter(listed=True, nfaa=False), queries.rows().none()]
    return [part.annotate(**states) for part in parts]


def request(viewer: User | None, parts: Callable[[Viewer], list[Any]]) -> Ask:
    """A request for the feed, by this visitor, of what `parts` lists."""
    client = Client(SERVER_NAME="localhost")
    if viewer is not None:
        client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")

    def send() -> None:
        with patch("repositories.feeds.listed_parts", parts):
            assert client.get("/models").status_code == 200

    return send


def ratio(one: Ask, other: Ask) -> float:
    """How much longer `one` takes than `other`: the median of pairs, asked in turns."""
    pairs = []
    for number in range(PAIRS):
        moments = [time.perf_counter()]
        for ask in (one, other) if number % 2 else (other, one):
            ask()
            moments.append(time.perf_counter())
        taken = [moments[1] - moments[0], moments[2] - moments[1]]
        if number > 1:
            pairs.append(taken[0] / taken[1] if number % 2 else taken[1] / taken[0])
    return round(median(pairs), 3)


def main() -> None:
    size = int(sys.argv[1])
    began = time.monotonic()
    fill(size, system_actor().pk)
    filled = time.monotonic() - began
    ask, never, team = person("asking"), person("never-shown"), person("moderating")
    choose_nfaa(never, NfaaPreference.NEVER, actor=never)
    make_moderator(team, actor=system_actor())
    middle = Repository.objects.filter(kind=Kind.MODEL, listed=True, nfaa=False, trending__lt=20)
    deep = QueryDict(page(middle, FIRST, order=ORDER, size=1).next)
    print(f"{size} repositories, filled in {filled:.0f} s", flush=True)
    result = {
        "size": size,
        "fill_s": round(filled),
        "pages": measure(pages(deep, ask, never, team)),
        "request_ratios": {
            FILTERED: ratio(request(None, queries.listed_parts), request(None, unfiltered)),
            NEVER: ratio(request(never, queries.listed_parts), request(ask, queries.listed_parts)),
            SIGNED_IN: ratio(request(ask, queries.listed_parts), request(ask, unfiltered)),
        },
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
