"""People who post at a fixed rate through HTTP, whatever the server does; then the database is asked for all of it."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.community_data import PEOPLE, WORDS, Hub
from community.models import Comment, Discussion
from launcher.port import LOOPBACK

CLIENTS = 64  # so many may wait for an answer at the same time
AT_ONCE = 3  # people who open a discussion at the same moment, each second
PATIENCE = 60.0


@dataclass(frozen=True)
class Post:
    """Something somebody sends at `due`, seconds after the start."""

    due: float
    path: str
    token: str
    body: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What came of it; `seconds` count from when it was due, so that waiting in line counts."""

    post: Post
    status: int
    seconds: float
    said: dict[str, Any]


def measure(hub: Hub, port: int, *, seconds: int, rate: float) -> dict[str, Any]:
    """Send everything, then look for it."""
    before = set(_comments(hub))
    answers = send(sorted([*commenting(hub, seconds, rate), *opening(hub, seconds)], key=lambda post: post.due), port)
    comments = [one for one in answers if "title" not in one.post.body]
    opened = [one for one in answers if "title" in one.post.body]
    accepted = {uuid.UUID(one.said["id"]) for one in comments if one.status == 201}
    there = set(_comments(hub)) - before
    ended = max(one.post.due + one.seconds for one in comments)
    return {
        "sent": len(comments),
        "refused": sum(one.status != 201 for one in answers),
        "statuses": {
            str(status): sum(one.status == status for one in answers) for status in {a.status for a in answers}
        },
        "lost": len(accepted - there),
        "unasked": len(there - accepted),
        "opened": len(opened),
        "wrong_numbers": wrong_numbers(hub, opened),
        "wrong_positions": wrong_positions(hub),
        "rate": round(len(accepted) / max(ended, seconds), 2),
        "p50_ms": percentile(comments, 0.5),
        "p99_ms": percentile(comments, 0.99),
        "opening_p99_ms": percentile(opened, 0.99),
    }


def commenting(hub: Hub, seconds: int, rate: float) -> Iterator[Post]:
    """Every second comment in the busy discussion, the others spread over all; each person in turn."""
    for number in range(round(seconds * rate)):
        where = hub.busy if number % 2 else hub.others[number // 2 % len(hub.others)]
        path = f"/api/v1/discussions/{where.public_id}/comments"
        yield Post(number / rate, path, hub.tokens[number % PEOPLE], {"text": WORDS.format(number)})


def opening(hub: Hub, seconds: int) -> Iterator[Post]:
    """Each second several people at the same moment, in one repository."""
    path = f"/api/v1/repositories/{hub.opening.public_id}/discussions"
    for number in range(seconds * AT_ONCE):
        body = {"title": f"Question {number}", "text": WORDS.format(number)}
        yield Post(number // AT_ONCE + 0.5, path, hub.tokens[-1 - number % PEOPLE], body)


def send(posts: list[Post], port: int) -> list[Answer]:
    """Send each when it is due, without waiting for the others; returns all answers."""
    waiting, lock, answers = iter(posts), threading.Lock(), []
    began = time.monotonic()

    def work() -> None:
        while True:
            with lock:
                post = next(waiting, None)
            if post is None:
                return
            time.sleep(max(0.0, began + post.due - time.monotonic()))
            status, said = ask(post, port)
            answers.append(Answer(post, status, time.monotonic() - began - post.due, said))

    threads = [threading.Thread(target=work) for _client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def ask(post: Post, port: int) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer; status 0 where none came."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {post.token}", "Content-Type": "application/json", "Connection": "close"}
    try:
        connection.request("POST", post.path, json.dumps(post.body), headers | {"Idempotency-Key": str(uuid.uuid4())})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return 0, {"error": repr(error)}
    finally:
        connection.close()


def wrong_numbers(hub: Hub, opened: list[Answer]) -> int:
    """Numbers of the repository that are missing or twice, and those that were told otherwise than they are kept."""
    kept: dict[uuid.UUID, int] = dict(
        Discussion.objects.filter(repository=hub.opening).values_list("public_id", "number")
    )
    told = [(uuid.UUID(one.said["id"]), one.said["number"]) for one in opened if one.status == 201]
    off: int = len(set(kept.values()) ^ set(range(1, len(kept) + 1))) + len(kept) - len(set(kept.values()))
    return off + sum(bool(kept.get(key) != number) for key, number in told) + abs(len(kept) - len(told))


def wrong_positions(hub: Hub) -> int:
    """Places in all timelines that are missing or twice, and counts that are not those of the rows."""
    wrong = 0
    for discussion in Discussion.objects.all():
        comments = list(discussion.comments.values_list("position", flat=True))
        places: list[int] = [*comments, *discussion.events.values_list("position", flat=True)]
        wrong += len(set(places) ^ set(range(1, discussion.last_position + 1))) + len(places) - len(set(places))
        wrong += discussion.comment_count != len(comments)
    return wrong


def percentile(answers: list[Answer], share: float) -> float:
    """Milliseconds within which this share of those that were accepted came."""
    times = sorted(one.seconds for one in answers if one.status == 201)
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1) if times else 0.0


def _comments(hub: Hub) -> Iterator[uuid.UUID]:
    where = [hub.busy.pk, *(one.pk for one in hub.others)]
    return Comment.objects.filter(discussion__in=where).values_list("public_id", flat=True).iterator()
