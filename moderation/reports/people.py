"""Who among the reporters of a case is perhaps the same person: a doubt that is shown, and counts once (C4, D4).

Two accounts whose reports of one case came from the same address within a day. Nothing else follows from it: people
share offices, schools and networks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from moderation.reports.models import Report

TOGETHER = timedelta(hours=24)


@dataclass(frozen=True)
class Doubt:
    """Another account from which nearly the same was sent: whose report, and how long before or after."""

    other: Report
    apart: timedelta

    @property
    def minutes(self) -> int:
        return int(self.apart.total_seconds() // 60)

    @property
    def hours(self) -> int:
        return self.minutes // 60


def distinct_people(reports: Iterable[Report]) -> list[set[int]]:
    """The ids of the reporters, those together in one set who are perhaps one person; no query.

    Two reports with the same hash of an address within 24 hours of each other join their reporters, and so do chains
    of such reports.
    """
    reports = list(reports)
    person = {one.reporter_id: one.reporter_id for one in reports}

    def leader(who: int) -> int:
        while person[who] != who:
            person[who] = person[person[who]]
            who = person[who]
        return who

    # Neighbours in time are enough: whoever lies within a day of another has all between them within a day too.
    for first, second in _neighbours(reports):
        if second.created_at - first.created_at <= TOGETHER:
            person[leader(first.reporter_id)] = leader(second.reporter_id)
    groups: dict[int, set[int]] = {}
    for who in person:
        groups.setdefault(leader(who), set()).add(who)
    return list(groups.values())


def doubts(reports: Iterable[Report]) -> dict[int, Doubt]:
    """For each report, by its id, the nearest one that perhaps came from the same person; no query."""
    found: dict[int, Doubt] = {}
    by_address: dict[str, list[Report]] = {}
    for one in reports:
        if one.address:
            by_address.setdefault(one.address, []).append(one)
    for together in by_address.values():
        for one in together:
            others = [other for other in together if other.reporter_id != one.reporter_id]
            nearest = min(others, key=lambda other: abs(other.created_at - one.created_at), default=None)
            if nearest and (apart := abs(nearest.created_at - one.created_at)) <= TOGETHER:
                found[one.pk] = Doubt(nearest, apart)
    return found


def _neighbours(reports: list[Report]) -> list[tuple[Report, Report]]:
    """Reports from the same address that follow upon each other, the earlier one first."""
    with_address = sorted((one for one in reports if one.address), key=lambda one: (one.address, one.created_at))
    return [(first, second) for first, second in pairwise(with_address) if first.address == second.address]
