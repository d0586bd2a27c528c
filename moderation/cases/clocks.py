"""The time that a party has to answer, as a value that moves by pure functions (D2).

It runs while we wait for them, stands while they wait for us, and ends by itself: what holds follows from `until` and
the present moment, never from a flag that somebody would have to set in time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.timesince import timesince

NOTHING = timedelta()


class State(StrEnum):
    """How a party's time stands."""

    UNASKED = "unasked"
    RUNS = "runs"  # we wait for them
    STANDS = "stands"  # they answered: they wait for us
    OVER = "over"  # they let it pass
    CLOSED = "closed"  # the question is answered for good


@dataclass(frozen=True)
class Clock:
    """`until` while it runs or is over; `paused_at` and what was `left` then while it stands."""

    asked_at: datetime | None = None
    until: datetime | None = None
    paused_at: datetime | None = None
    left: timedelta | None = None

    def state(self, now: datetime) -> State:
        if self.asked_at is None:
            return State.UNASKED
        if self.paused_at is not None:
            return State.STANDS
        if self.until is None:
            return State.CLOSED
        return State.RUNS if self.until > now else State.OVER

    def remaining(self, now: datetime) -> timedelta:
        """What is left at `now`: never negative."""
        if self.paused_at is not None:
            return self.left or NOTHING
        return max(_utc(self.until) - _utc(now), NOTHING) if self.until else NOTHING

    def counts_from(self, whole: timedelta, answered_at: datetime | None) -> datetime | None:
        """From when silence counts, while it runs or is over: who did not answer had the `whole` time, however short
        the time was that one question gave them. `answered_at` is the last word of theirs.
        """
        if self.until is None or self.asked_at is None:
            return None
        if answered_at is not None and answered_at >= self.asked_at:
            return self.until
        return max(_utc(self.until), _utc(self.asked_at) + whole)

    def heard(self, now: datetime, whole: timedelta, answered_at: datetime | None) -> bool:
        """Whether one may act: they wrote to us, or let the `whole` time pass."""
        state = self.state(now)
        if state == State.UNASKED:
            return answered_at is not None
        counts = self.counts_from(whole, answered_at)
        return state != State.RUNS and (counts is None or counts <= now)

    def asked(self, now: datetime, window: timedelta) -> "Clock":
        """A question has the whole time, whatever was left of an earlier one."""
        return Clock(asked_at=now, until=_utc(now) + window)

    def answered(self, now: datetime) -> "Clock":
        """It stands from now on; one that is over, or never ran, stays as it is."""
        if self.state(now) != State.RUNS:
            return self
        return Clock(asked_at=self.asked_at, paused_at=now, left=self.remaining(now))

    def replied(self, now: datetime) -> "Clock":
        """One that stands runs on with what was left."""
        if self.state(now) != State.STANDS:
            return self
        return Clock(asked_at=self.asked_at, until=_utc(now) + self.remaining(now))

    def closed(self) -> "Clock":
        """Nobody waits for an answer any more."""
        return Clock(asked_at=self.asked_at)


def in_words(left: timedelta) -> str:
    """A time such as "1 day, 18 hours", in the active language."""
    end = datetime.now(UTC)
    return timesince(end - left, end, depth=2)


def _utc(moment: datetime) -> datetime:
    """Sums are made in UTC: an aware datetime of another zone would add hours of the wall, not of the clock."""
    return moment.astimezone(UTC)
