"""A measure in words for whoever it affects, and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.clock import full_minute
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure


@dataclass(frozen=True)
class MeasureLine:
    """A measure, what it means, and how it stands: `state` is holds, ended, lifted, or said (nothing to enforce)."""

    measure: Measure
    state: str

    @property
    def label(self) -> str:
        return KINDS[self.measure.kind].label

    @property
    def ends_at(self) -> datetime | None:
        """When it is over by itself, to the minute, as it says in `consequence` too."""
        return self.measure.ends_at and full_minute(self.measure.ends_at)

    @property
    def consequence(self) -> Any:
        """What it means for the person, in the active language and time zone."""
        return KINDS[self.measure.kind].consequence(self.measure)


def line(measure: Measure, now: datetime) -> MeasureLine:
    """How `measure` stands at `now`, a moment of the database's clock."""
    if measure.lifted_at:
        return MeasureLine(measure, "lifted")
    if not (measure.restriction_id or measure.posting_restriction_id or measure.kind == Measure.Kind.HOLD):
        return MeasureLine(measure, "said")
    ended = measure.ends_at is not None and measure.ends_at <= now
    return MeasureLine(measure, "ended" if ended else "holds")
