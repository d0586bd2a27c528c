"""What a decision asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moderation.policy.models import Clause
from moderation.sanctions.measures import KINDS, Consequence

HOUR = timedelta(hours=1)
# The shortest and the longest end that can be chosen; what is to last longer is lifted by hand.
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=366)


@dataclass(frozen=True)
class MeasureOrder:
    """One measure that a decision asks for: its kind, and the end where one is chosen in place of the usual one.

    Either it `lasts` so many whole hours from when it begins to hold, or until a date, `ends_at` (E5). `until_looked`:
    a lane's hold, which stands until a human has looked, whatever the clause lets rules do (C6, C9). `consequences` are
    what it brings along, as codes of `Consequence`, in their order (F2). `until_done` is what the owner has to do for
    it to end by itself, in place of a time (E5).
    """

    kind: str
    until_looked: bool = False
    lasts: timedelta | None = None
    ends_at: datetime | None = None
    consequences: tuple[str, ...] = ()
    until_done: str = ""

    @property
    def kinds(self) -> list[str]:
        """Its kind, and those of its consequences."""
        brings = KINDS[self.kind].brings if self.kind in KINDS else {}
        return [self.kind, *(str(brings[code]) for code in Consequence if code in brings and code in self.consequences)]

    @property
    def has_end(self) -> bool:
        return self.lasts is not None or self.ends_at is not None

    def end(self, now: datetime) -> datetime | None:
        """The chosen end of what begins to hold at `now`; None where none was chosen."""
        return now + self.lasts if self.lasts else self.ends_at


@dataclass(frozen=True)
class Verdict:
    """A decision before it is made: outcome, clause, measures, the words that people will read.

    `override` says why it cannot wait for the owner's 72 hours (D2), `insufficient` why a request to the owner does not
    suffice (E3); `interim` is a rule's, for the time being (I1); `bad_faith` are the public ids of reports that were
    made in bad faith (C4); `conditions` are those under which the repository stays from then on (E5).
    """

    outcome: str
    clause: Clause | None
    measures: Sequence[MeasureOrder]
    explanation: str
    override: str = ""
    interim: bool = False
    bad_faith: Sequence[UUID] = ()
    insufficient: str = ""
    conditions: Sequence[str] = ()


def said_in_public(clause: Clause | None, orders: Sequence[MeasureOrder]) -> bool:
    """Whether everybody reads the words with which these measures are taken (E3)."""
    kinds = [KINDS[kind] for one in orders for kind in one.kinds if kind in KINDS]
    return clause is not None and clause.publicity != Clause.Publicity.NO and any(kind.public for kind in kinds)


def chosen_ends(orders: Sequence[MeasureOrder]) -> dict[str, Any]:
    """The chosen ends by kind, as an event keeps them: hours, the moment, or {"done": condition}; empty without any."""
    ends: dict[str, Any] = {one.kind: one.lasts // HOUR for one in orders if one.lasts}
    ends |= {one.kind: {"done": one.until_done} for one in orders if one.until_done}
    return ends | {one.kind: one.ends_at.isoformat() for one in orders if one.ends_at and not one.lasts}


def chosen_consequences(orders: Sequence[MeasureOrder]) -> dict[str, list[str]]:
    """The chosen consequences by kind, sorted, as an event keeps them; empty where none was chosen."""
    return {one.kind: sorted(one.consequences) for one in orders if one.consequences}


def waited_for(data: Mapping[str, Any]) -> set[str]:
    """What the measures of a decision wait for, by the data of its event: codes of conditions."""
    return {end["done"] for end in data.get("ends", {}).values() if isinstance(end, dict)}


def orders_of(data: Mapping[str, Any]) -> list[MeasureOrder]:
    """The orders of a decision from what its event keeps."""
    ends: dict[str, Any] = data.get("ends", {})
    brought: dict[str, list[str]] = data.get("consequences", {})
    return [_order(kind, ends.get(kind), tuple(brought.get(kind, ()))) for kind in data["measures"]]


def _order(kind: str, end: int | str | dict[str, str] | None, consequences: tuple[str, ...]) -> MeasureOrder:
    if isinstance(end, dict):
        return MeasureOrder(kind, until_done=end["done"], consequences=consequences)
    if isinstance(end, str):
        return MeasureOrder(kind, ends_at=datetime.fromisoformat(end), consequences=consequences)
    return MeasureOrder(kind, lasts=end * HOUR if end else None, consequences=consequences)
