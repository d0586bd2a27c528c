"""Decide and lift in the database of DATABASE_URL, by the page and by the action; the last line is JSON."""

import json
import os
import statistics
import time
import uuid
from typing import Any
from unittest.mock import patch

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.actions import make_moderator, register  # noqa: E402
from accounts.models import InboxMessage, User  # noqa: E402
from accounts.queries import system_actor  # noqa: E402
from community.actions import add_comment, open_discussion  # noqa: E402
from community.importing import import_repository, people  # noqa: E402
from community.models import Comment, CommentVersion, Discussion  # noqa: E402
from foundation import clock  # noqa: E402
from moderation.cases.actions import decide_directly, lift_measure, receive_report  # noqa: E402
from moderation.cases.actions.lift_together import TOGETHER, lift_together  # noqa: E402
from moderation.cases.models import Case, Event  # noqa: E402
from moderation.policy.models import Clause  # noqa: E402
from moderation.sanctions.models import Measure  # noqa: E402
from repositories.models import Kind, Repository  # noqa: E402

MANY, FEW, ROUNDS, WARM_UP = 10_000, 10, 12, 3
LIFTED, ONE_BY_ONE, OWNERS = 1_000, 100, 50
# Comments that are hidden, in so many discussions.
# A person may post only so much in a while.
HIDDEN, PLACES, WRITERS = 1_000, 20, 200
WORDS = "The card advertises a shop, and nothing of what it is for."
HOST: dict[str, Any] = {"HTTP_HOST": "localhost"}


def main() -> None:
    moderator = register(User(username="moderating", email="moderating@people.example"), password=None)
    make_moderator(moderator, actor=system_actor())
    moderator = User.objects.get(pk=moderator.pk)
    client = Client()
    client.force_login(moderator, backend="accounts.backends.PermissionBackend")
    reporters = people("reporter", 2 * (ROUNDS + WARM_UP))
    large, small = _repository("large", MANY), _repository("small", FEW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    times: dict[str, list[tuple[float, float]]] = {"large": [], "small": []}
    commits, shown = set(), 0
    for number in range(ROUNDS + WARM_UP):
        for name, row in (("large", large), ("small", small)):
            taken, committed = _decide(row, reporters.pop(), client)
            shown += sum(_ways(row).values())
            lift_measure(Measure.objects.standing().get(), reason="It was measured.", actor=moderator)
            if not all(_ways(row).values()):
                raise SystemExit(f"{_ways(row)}: it should be there again.")
            if number >= WARM_UP:
                times[name].append(taken)
                commits.add(committed)
    figures: dict[str, Any] = {name: _figures(found) for name, found in times.items()}
    figures["large"]["commits"] = max(commits)
    figures["ratio"] = round(figures["large"]["median"] / figures["small"]["median"], 2)
    figures |= {
        "shown": shown,
        "lifting": _lift(moderator),
        "hidings": _lift_hidings(small, moderator),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(figures))


def _repository(name: str, discussions: int) -> Repository:
    row = import_repository("bench", name)
    at, who = clock.now(), row.created_by
    made = Discussion.objects.bulk_create(
        Discussion(repository=row, number=number, title=f"Number {number}", author=who, last_position=1,
                   comment_count=1, created_at=at, active_at=at)
        for number in range(1, discussions + 1)
    )  # fmt: skip
    first = Comment.objects.bulk_create(
        Comment(discussion=one, author=who, position=1, text=one.title, created_at=at) for one in made
    )
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=one, number=1, text=one.text, author=who) for one in first
    )
    Repository.objects.filter(pk=row.pk).update(last_discussion=discussions)
    return Repository.objects.select_related("namespace").get(pk=row.pk)


def _decide(row: Repository, reporter: User, client: Client) -> tuple[tuple[float, float], int]:
    """Milliseconds of pressing “decide”, by the clock and of this processor, and how often the action committed."""
    report = receive_report(
        row, clause=Clause.objects.get(code="spam"), text="An advert.", actor=reporter, confidential=True
    )
    case = Case.objects.get(case_reports__report=report)
    form = {
        "version": case.version,
        "request_id": str(uuid.uuid4()),
        "outcome": "violation",
        "clause": "spam",
        "measures": ["private"],
        "explanation": WORDS,
    }
    found = []
    commit = connection._commit  # type: ignore[attr-defined]  # Django's own, beneath every transaction

    def counting() -> None:
        found.append(Measure.objects.standing().exists())
        commit()

    with patch.object(connection, "_commit", counting):
        began, used = time.perf_counter(), time.process_time()
        answer = client.post(f"/cases/{case.public_id}/decide", form, **HOST)
        taken = (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000
    if answer.status_code >= 400 or not Measure.objects.standing().exists():
        raise SystemExit(f"{answer.status_code}: {answer.content.decode()[:3000]}")
    # Of the commits of the request those from the one that brought the measure on.
    return taken, sum(found)


def _ways(row: Repository) -> dict[str, bool]:
    """Whether each way in shows the repository to somebody who is not signed in."""
    client, name = Client(), row.full_name

    def says(path: str) -> str:
        answer: Any = client.get(path, **HOST)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return str(body.decode()) if answer.status_code == 200 else ""

    return {
        "page": name in says(f"/datasets/{name}"),
        "api": "results" in says(f"/api/v1/repositories/{row.public_id}/discussions"),
        "protocol": name in says(f"/api/datasets/{name}"),
        "file": bool(says(f"/datasets/{name}/resolve/main/README.md")),
        "feed": name in says("/datasets"),
        "search": name in says(f"/search?q={row.name}"),
    }


def _figures(found: list[tuple[float, float]]) -> dict[str, float]:
    clock_ms, cpu_ms = sorted(one for one, _cpu in found), sorted(one for _clock, one in found)
    return {
        "median": round(statistics.median(clock_ms), 1),
        "slow": round(clock_ms[-len(found) // 10 or -1], 1),
        "cpu": round(statistics.median(cpu_ms), 1),
    }


def _lift(moderator: User) -> dict[str, Any]:
    """A thousand downgrades lifted together, beside a hundred one by one; what is wrong afterwards."""
    spaces = [one.namespace for one in people("owner", OWNERS)]
    rows = Repository.objects.bulk_create(
        Repository(kind=Kind.DATASET, namespace=spaces[number % OWNERS], name=f"r{number}", created_by=moderator)
        for number in range(LIFTED + ONE_BY_ONE)
    )
    before = _state(rows)
    clause, measures = Clause.objects.get(code="spam"), []
    for row in rows:
        decision = decide_directly(row, kind="downgrade", clause=clause, reason=WORDS, actor=moderator)
        measures.append(decision.measures.get())
    for one in measures[:20]:  # warms up
        lift_measure(one, reason="It was measured.", actor=moderator)
    began = time.perf_counter()
    for one in measures[20:ONE_BY_ONE]:
        lift_measure(one, reason="It was measured.", actor=moderator)
    single = (time.perf_counter() - began) / (ONE_BY_ONE - 20)
    chosen = [one.public_id for one in measures[ONE_BY_ONE:]]
    began = time.perf_counter()
    done = lift_together(chosen, reason="It was measured.", actor=moderator, request_id=uuid.uuid4())
    seconds = time.perf_counter() - began
    letters = InboxMessage.objects.filter(key__startswith="lifted-together:").count()
    events = Event.objects.filter(kind=TOGETHER).count()
    wrong = Measure.objects.standing().count() + sum(one != two for one, two in zip(before, _state(rows), strict=True))
    wrong += abs(letters - OWNERS) + abs(events - LIFTED) + abs(len(done.measures) - LIFTED)
    return {
        "seconds": round(seconds, 2),
        "one_by_one_ms": round(single * 1000, 1),
        "ratio": round(single * LIFTED / seconds, 1),
        "wrong": wrong,
    }


def _lift_hidings(row: Repository, moderator: User) -> dict[str, Any]:
    """A thousand hidden comments in a few discussions, shown again together; what is wrong afterwards."""
    writers = people("writer", WRITERS)
    places = [
        open_discussion(row, title=f"Place {number}", text="Hello.", actor=writers[number]) for number in range(PLACES)
    ]
    written = [add_comment(places[number % PLACES], text=f"You idiot, {number}.", actor=writers[number % WRITERS])
               for number in range(HIDDEN)]  # fmt: skip
    clause, chosen = Clause.objects.get(code="harassment"), []
    for one in written:
        decision = decide_directly(one, kind="hide_comment", clause=clause, reason=WORDS, actor=moderator)
        chosen.append(decision.measures.get().public_id)
    began = time.perf_counter()
    done = lift_together(chosen, reason="It was measured.", actor=moderator, request_id=uuid.uuid4())
    seconds = time.perf_counter() - began
    shown = Comment.objects.filter(pk__in=[one.pk for one in written], hidden=False).exclude(text="").count()
    return {"seconds": round(seconds, 2), "wrong": 2 * HIDDEN - len(done.measures) - shown}


def _state(rows: list[Repository]) -> list[tuple[Any, ...]]:
    names = ("pk", "visibility", "gating", "listed", "stale_at", "nfaa", "nfaa_until", "kept_private", "card", "head")
    return list(Repository.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").values_list(*names))


if __name__ == "__main__":
    main()
