"""A measure in words for whoever it affects, and how it stands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from foundation.clock import full_minute
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure


@dataclass(frozen=True)
class MeasureLine:
    """A measure, what it means, and how it stands: `state` is holds, ended, lifted, or said (nothing to enforce).

    `statement` is where whoever it affects reads why, by its public id, and contests it where that is `open` to them;
    `second_until` says by when a second one of us looks at it, where it is not final before that.
    """

    measure: Measure
    state: str
    statement: UUID | None = field(default=None, kw_only=True)
    open: bool = field(default=False, kw_only=True)
    second_until: datetime | None = field(default=None, kw_only=True)

    @property
    def label(self) -> str:
        return KINDS[self.measure.kind].label

    @property
    def ends_at(self) -> datetime | None:
        """When it is over by itself, to the minute, as it says in `consequence` too."""
        return self.measure.ends_at and full_minute(self.measure.ends_at)

    @property
    def judges(self) -> bool:
        """Whether it says that something was wrong, and names a clause: of what is not final nobody is accused."""
        return KINDS[self.measure.kind].judges and self.second_until is None

    def left(self, now: datetime) -> timedelta | None:
        """What is left at `now` of one that holds and ends by itself; None of every other."""
        return max(self.ends_at - now, timedelta()) if self.state == "holds" and self.ends_at else None

    @property
    def consequence(self) -> Any:
        """What it means for the person, in the active language and time zone."""
        return KINDS[self.measure.kind].consequence(self.measure)

    @property
    def scope(self) -> str:
        """What it covers, in the active language (G1); "" for what holds nothing."""
        kind = KINDS[self.measure.kind]
        return kind.scope(self.measure) if kind.enforced else ""

    @property
    def duration(self) -> str:
        """How long it holds, in the active language and time zone (G1); "" for what holds nothing."""
        kind = KINDS[self.measure.kind]
        return kind.duration(self.measure) if kind.enforced else ""


def line(measure: Measure, now: datetime) -> MeasureLine:
    """How `measure` stands at `now`, a moment of the database's clock."""
    if measure.lifted_at:
        return MeasureLine(measure, "lifted")
    if not KINDS[measure.kind].enforced:
        return MeasureLine(measure, "said")
    ended = measure.ends_at is not None and measure.ends_at <= now
    return MeasureLine(measure, "ended" if ended else "holds")
