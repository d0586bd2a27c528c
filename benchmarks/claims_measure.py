"""Fill the database of DATABASE_URL and have 32 people claim its cases for SECONDS each way; the last line is JSON."""

import gc
import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.actions import make_moderator  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.queries import system_actor  # noqa: E402
from benchmarks.cases_data import BASE, Size, fill  # noqa: E402
from foundation import clock  # noqa: E402
from moderation.cases.actions import claim_next  # noqa: E402
from moderation.cases.actions.claims import LEASE, take  # noqa: E402
from moderation.cases.events import HEAD, draft_event  # noqa: E402
from moderation.cases.models import Case  # noqa: E402
from moderation.cases.permissions import require_team  # noqa: E402
from moderation.cases.queries import CLAIMED, decidable_by, ready, unclaimed  # noqa: E402
from moderation.cases.walking import LOCK, lock_first  # noqa: E402

CLIENTS, TURNS, LEFT, WARM_UP = 32, 10, 200, 12
SIZE = Size(cases=60_000, open=40_000, reports=120_000, scores=60_000)
Claim = Callable[[User], int | None]


def skipping(person: User) -> int | None:
    """The action behind the button."""
    case = claim_next(actor=person)
    return case.pk if case else None


@transaction.atomic
def blocking(person: User) -> int | None:
    """The usual way: lock the first free row, whoever holds it, then save it and its event. Who comes second waits."""
    require_team(person)
    free = decidable_by(unclaimed(ready(Case.objects.all())), person).order_by("rank", "id")
    case = free.select_for_update(of=["self"], no_key=True).first()
    if case is None:
        return None
    now = clock.now()
    case.assignee, case.lease_until = person, now + LEASE
    event = draft_event(case, CLAIMED, actor_id=person.pk, data={}, moves=False, at=now)
    case.save(update_fields=["assignee", "lease_until", *HEAD])
    event.save(force_insert=True)
    return case.pk


# Ours but for the two words that pass over.
WAITING = LOCK.replace(" SKIP LOCKED", "")


@transaction.atomic
def waiting(person: User) -> int | None:
    """Our statements with a lock that waits: only the event comes between lock and commit."""
    require_team(person)
    found = lock_first(person, WAITING)
    if found is None:
        return None
    case, now = found
    take(case, person, now)
    return case.pk


@dataclass(frozen=True)
class Claimed:
    """Ids of the cases that were claimed, how many of them while it counted, and how many seconds that took."""

    keys: list[int]
    counted: int
    took: float


def at_once(people: list[User], claim: Claim, *, seconds: float | None) -> Claimed:
    """Everybody claims for `seconds`, or until nothing is left.

    Each in a process with a connection: threads would wait for each other in Python, and not for the database. Before
    it counts by the clock, everybody claims some: a connection plans its statements in the first ten of them.
    """
    connection.close()
    fork = multiprocessing.get_context("fork")
    together, stop = fork.Barrier(len(people) + 1), fork.Event()
    results: Any = fork.SimpleQueue()

    def work(person: User) -> None:
        connection.ensure_connection()
        # As every web server of ours does (config/wsgi.py), whichever way it claims.
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)
        before = [claim(person) for _once in range(WARM_UP if seconds else 0)]
        together.wait()
        taken: list[int] = []
        while not stop.is_set() and (key := claim(person)) is not None:
            taken.append(key)
        results.put(([key for key in before if key], taken, time.monotonic()))

    clients = [fork.Process(target=work, args=(person,)) for person in people]
    for client in clients:
        client.start()
    together.wait()
    began = time.monotonic()
    if seconds is not None:
        time.sleep(seconds)
        stop.set()
    done = [results.get() for _client in clients]
    for client in clients:
        client.join()
    keys = [key for before, taken, _ended in done for key in (*before, *taken)]
    return Claimed(keys, sum(len(taken) for _b, taken, _e in done), max(ended for *_keys, ended in done) - began)


def main() -> None:
    seconds = float(sys.argv[1])
    fill(SIZE)
    people = list(User.objects.filter(pk__range=(BASE + 1, BASE + CLIENTS)))
    for person in people:
        make_moderator(person, actor=system_actor())
    people = list(User.objects.filter(pk__in=[person.pk for person in people]))
    ways = {"skipping": skipping, "blocking": blocking, "waiting": waiting}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    claims = twice = 0
    for _turn in range(TURNS):
        for name, claim in ways.items():
            free_all()
            found = at_once(people, claim, seconds=seconds / TURNS)
            rates[name].append(found.counted / found.took)
            claims += len(found.keys)
            twice += len(found.keys) - len(set(found.keys))
    last = leave(LEFT)
    taken = at_once(people, skipping, seconds=None).keys
    passing, locked, lean = (sum(rates[name]) / TURNS for name in ways)
    figures = {
        "clients": CLIENTS,
        "turns": {name: [round(one) for one in some] for name, some in rates.items()},
        "skipping": round(passing),
        "blocking": round(locked),
        "waiting": round(lean),
        "ratio": round(passing / locked, 1),
        "ratio_to_waiting": round(passing / lean, 1),
        "claims": claims,
        "twice": twice,
        "last": len(set(taken) & last),
        "last_twice": len(taken) - len(set(taken)),
    }
    print(json.dumps(figures))


def free_all() -> None:
    """Nobody holds anything, and nothing is left of who did: people hold one case at a time, not thousands."""
    Case.objects.filter(state="open", assignee__isnull=False).update(assignee=None, lease_until=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM cases_case")


def leave(number: int) -> set[int]:
    """Let `number` cases be free that all of them may claim, and everything else held; returns their ids."""
    free = unclaimed(ready(Case.objects.filter(reserved=False, kind="review"))).exclude(
        case_reports__report__reporter__in=range(BASE + 1, BASE + CLIENTS + 1)
    )
    free = free.exclude(author__in=range(BASE + 1, BASE + CLIENTS + 1))
    left = set(free.order_by("rank", "id").values_list("pk", flat=True)[:number])
    holder = User.objects.get(pk=BASE + CLIENTS + 1)
    until = clock.now() + timedelta(days=1)
    Case.objects.filter(state="open").exclude(pk__in=left).update(assignee=holder, lease_until=until)
    return left


if __name__ == "__main__":
    main()
