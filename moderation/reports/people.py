"""Who among the reporters of a case is perhaps the same person: a doubt that is shown, and counts once (C4, D4).

Two accounts whose reports of one case came from the same address within a day. Nothing else follows from it: people
share offices, schools and networks.

Rules, which expect brigading, take chains of such accounts for one person (`distinct_people`). The priority must not:
the report that closes a chain would lower it. It weighs chains in a way that no report lowers (`weigh_people`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from moderation.reports.models import Report

TOGETHER = timedelta(hours=24)
# In such parts of one a worth is reckoned: finer than what a float of some weight tells apart.
_WHOLE = 1 << 80


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


def weigh_people(reports: Iterable[Report], worth: Callable[[Report], float]) -> float:
    """What the people behind `reports` weigh together, each report `worth` something; no query.

    Two reports are in doubt when they are by the same account, or came from the same address within 24 hours. Accounts
    in doubt with each other form a chain. A chain weighs the lesser of two sums:

    - by account: the best report of each account;
    - by place: for each address, the most that reports can be worth of which no two came within 24 hours; and the best
      report without an address of each account.

    So two accounts that sent from one address within a day count once, with the better of the two. Where each account
    of a chain sent one report, the sum is the most that reports can be worth of which no two are in doubt.

    No report lowers it, whoever sends it, from wherever and whenever (D4): one more report never lowers either sum of
    the chain it joins, since whatever was chosen before can be chosen still. Where it joins two chains, the sums of
    both add up: accounts belong to one chain, and reports of different chains are more than a day apart wherever they
    share an address. And the lesser of two sums of sums is never below the sum of the lesser ones. To the last digit,
    because it is reckoned in whole numbers.
    """
    reports = list(reports)
    chains = {who: number for number, accounts in enumerate(distinct_people(reports)) for who in accounts}
    found: dict[int, list[tuple[Report, int]]] = {}
    for one in reports:
        found.setdefault(chains[one.reporter_id], []).append((one, int(worth(one) * _WHOLE)))
    return sum(min(_by_account(chain), _by_place(chain)) for chain in found.values()) / _WHOLE


def _by_account(chain: list[tuple[Report, int]]) -> int:
    best: dict[int, int] = {}
    for one, worth in chain:
        best[one.reporter_id] = max(worth, best.get(one.reporter_id, 0))
    return sum(best.values())


def _by_place(chain: list[tuple[Report, int]]) -> int:
    places: dict[str, list[tuple[datetime, int]]] = {}
    for one, worth in chain:
        if one.address:
            places.setdefault(one.address, []).append((one.created_at, worth))
    nowhere = _by_account([(one, worth) for one, worth in chain if not one.address])
    return nowhere + sum(_a_day_apart(sorted(sent)) for sent in places.values())


def _a_day_apart(sent: list[tuple[datetime, int]]) -> int:
    """The most that some of `sent`, ascending moments each with its worth, add up to, no two of them within a day."""
    most = [0]  # … of the first none, one, two …
    apart = 0  # how many came more than a day before this one
    for moment, worth in sent:
        while moment - sent[apart][0] > TOGETHER:
            apart += 1
        most.append(max(most[-1], most[apart] + worth))
    return most[-1]


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
