"""Which events were written, and which cases changed hands: the process asks a few times a second.

The database could tell by itself, but a notification in the transaction of every event or claim would let transactions
commit only one after the other: it took writing from some 2,500 transactions a second to 480. To ask costs writers
nothing.
"""

from collections.abc import Iterable

from moderation.cases.queries import BESIDE

# Numbers are given before the commit: an event may be seen after one with a higher number. So long we look back.
LATE = 10.0  # seconds
MOST = 1_000
QUESTION = "SELECT id, case_id FROM cases_event WHERE id > %s AND kind <> ALL(%s) ORDER BY id LIMIT %s"
# Few: what people of the team hold now.
HOLDERS = "SELECT id, assignee_id FROM cases_case WHERE state = 'open' AND assignee_id IS NOT NULL "
HOLDERS += "AND lease_until > ombud_now()"
NEWEST = "SELECT COALESCE(MAX(id), 0) FROM cases_event"


class Reader:
    """Remembers which events it has seen: each is news once, but for one whose commit took over ten seconds."""

    def __init__(self, newest: int) -> None:
        self._floor = newest
        self._seen: dict[int, float] = {}

    def question(self) -> tuple[str, tuple[int, list[str], int]]:
        """SQL and its parameters: the ids of events with their cases, without those that are no news."""
        return QUESTION, (self._floor, list(BESIDE), MOST + len(self._seen))

    def take(self, rows: Iterable[tuple[int, int]], at: float) -> list[int]:
        """The cases of the events among `rows` that are new; `at` is a monotonic time in seconds."""
        new = [(event, case) for event, case in rows if event not in self._seen]
        self._seen |= {event: at for event, _case in new}
        for event in [one for one, since in self._seen.items() if since <= at - LATE]:
            self._floor = max(self._floor, event)
            del self._seen[event]
        return list(dict.fromkeys(case for _event, case in new))


class Holders:
    """Remembers who holds which case: claimed, given back, handed over or ended is news; renewed is none."""

    def __init__(self, rows: Iterable[tuple[int, int]]) -> None:
        self._known = dict(rows)

    def take(self, rows: Iterable[tuple[int, int]]) -> list[int]:
        """The cases that changed hands, given what HOLDERS gives now."""
        before, self._known = self._known, dict(rows)
        return [case for case in before.keys() | self._known.keys() if before.get(case) != self._known.get(case)]
