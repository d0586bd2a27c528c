"""Pages of a long discussion, compared with pages by OFFSET of a plain list of the same rows, in one process."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.test import Client

from benchmarks.community_data import LENGTH, Hub
from community.models import Comment
from community.timeline import SIZE, timeline

ROUNDS = 20
STARTS = {"first": 1, "middle": LENGTH // 2 // SIZE * SIZE + 1, "last": LENGTH - SIZE + 1}
Ask = Callable[[], Any]


def measure(hub: Hub) -> dict[str, Any]:
    """Queries and milliseconds of each page; how the last compares with the first; one comment's cost.

    Pages that are compared are asked for in turns, and of each the fastest tenth counts: other work on the machine only
    adds to a time.
    """
    client = Client(headers={"host": "127.0.0.1"})
    asked: dict[str, Ask] = {}
    for name, start in STARTS.items():
        asked[f"rows, {name}"] = partial(timeline, hub.long, QueryDict(f"from={start}"))
        asked[f"rows by OFFSET, {name}"] = partial(plain, hub, start)
    for name, start in STARTS.items():
        asked[f"API, {name}"] = partial(get, client, api(hub, start))
    for name, start in STARTS.items():
        asked[f"page, {name}"] = partial(get, client, page(hub, start))
    counts = {name: queries(ask) for name, ask in asked.items()}
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(ROUNDS):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask()
            taken[name].append((time.perf_counter() - began) * 1000)
    pages: dict[str, Any] = {
        name: {"queries": counts[name], "ms": round(fastest(times), 2)} for name, times in taken.items()
    }
    for name in STARTS:
        pages[f"rows, {name}"]["to_plain"] = ratio(taken[f"rows, {name}"], taken[f"rows by OFFSET, {name}"])
    deep = {kind: ratio(taken[f"{kind}, last"], taken[f"{kind}, first"]) for kind in ("rows", "API", "page")}
    return {"pages": pages, "last_to_first": deep, "queries_to_comment": queries_to_comment(hub, client)}


def plain(hub: Hub, start: int) -> list[Comment]:
    rows = Comment.objects.filter(discussion=hub.long).select_related("author").order_by("created_at", "pk")
    return list(rows[start - 1 : start - 1 + SIZE])


def api(hub: Hub, start: int) -> str:
    return f"/api/v1/discussions/{hub.long.public_id}/timeline?from={start}"


def page(hub: Hub, start: int) -> str:
    return f"{hub.long.get_absolute_url()}?from={start}"


def get(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)


def queries_to_comment(hub: Hub, client: Client) -> int:
    """Of one comment through the API, by somebody who commented there before."""
    headers = {"Authorization": f"Bearer {hub.tokens[0]}", "Idempotency-Key": "measured"}
    path = f"/api/v1/discussions/{hub.long.public_id}/comments"

    def send(text: str) -> None:
        response = client.post(path, {"text": text}, content_type="application/json", headers=headers)
        assert response.status_code == 201, response.content

    send("One that is not counted.")
    return queries(lambda: send("One that is."), warm=False)


def queries(ask: Ask, *, warm: bool = True) -> int:
    """How many statements `ask` sends once everything is loaded."""
    if warm:
        ask()
    with counted() as statements:
        ask()
    return len(statements)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield statements


def fastest(times: list[float]) -> float:
    """The tenth of the fastest."""
    return sorted(times)[len(times) // 10]


def ratio(these: list[float], those: list[float]) -> float:
    return round(fastest(these) / fastest(those), 3)
