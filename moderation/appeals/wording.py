"""A measure in words for whoever it affects, and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure


@dataclass(frozen=True)
class MeasureLine:
    """A measure, what it means, and whether it holds: `state` is holds, ended or lifted."""

    measure: Measure
    state: str

    @property
    def label(self) -> str:
        return KINDS[self.measure.kind].label

    @property
    def consequence(self) -> Any:
        """What it means for the person, in the active language and time zone."""
        return KINDS[self.measure.kind].consequence(self.measure)

    @property
    def state_words(self) -> Any:
        return {"holds": _("holds now"), "ended": _("has ended"), "lifted": _("was lifted")}[self.state]


def line(measure: Measure, now: datetime) -> MeasureLine:
    """How `measure` stands at `now`, a moment of the database's clock."""
    if measure.lifted_at:
        return MeasureLine(measure, "lifted")
    ended = measure.ends_at is not None and measure.ends_at <= now
    return MeasureLine(measure, "ended" if ended else "holds")
