"""The clock of a party as a value: whatever happens in any order, time is neither made nor lost (D2)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from moderation.cases.clocks import Clock, State

WINDOW = timedelta(hours=72)
# Two days before clocks go back in Berlin: every window crosses it.
START = datetime(2026, 10, 23, 12, tzinfo=ZoneInfo("Europe/Berlin"))
STEPS = st.one_of(
    st.sampled_from(["ask", "answer", "reply", "close"]), st.timedeltas(timedelta(0), timedelta(hours=80))
)


def step(clock: Clock, what: str, now: datetime) -> Clock:
    if what == "ask":
        return clock.asked(now, WINDOW)
    return {"answer": clock.answered, "reply": clock.replied, "close": lambda _now: clock.closed()}[what](now)


@given(st.lists(STEPS, max_size=20))
@example(["ask", timedelta(hours=30), "answer", timedelta(hours=80), "reply", timedelta(hours=42)])
def test_time_is_neither_made_nor_lost(steps):
    clock, elapsed, running = Clock(), timedelta(), timedelta()
    for one in steps:
        now = (START.astimezone(UTC) + elapsed).astimezone(START.tzinfo)
        before = clock.remaining(now)
        if isinstance(one, timedelta):
            elapsed += one
            ran = clock.state(now) == State.RUNS
            now = (START.astimezone(UTC) + elapsed).astimezone(START.tzinfo)
            after = clock.remaining(now)
            # Exactly as much as passed, and only while it runs.
            assert after == (max(before - one, timedelta(0)) if ran else before)
            running += before - after
        else:
            clock = step(clock, one, now)
            after = clock.remaining(now)
            if one == "ask":
                assert after == WINDOW
                running = timedelta()
            elif one == "close":
                assert after == timedelta(0)
            else:
                assert after == before
        assert timedelta(0) <= after <= WINDOW
        assert clock.state(now) in (State.UNASKED, State.CLOSED) or running + after == WINDOW


def test_summer_time_takes_no_hour_away():
    clock = Clock().asked(START, WINDOW)
    assert clock.until == START.astimezone(UTC) + WINDOW
    assert clock.until.astimezone(START.tzinfo).hour == START.hour - 1


def test_what_is_over_stays_over():
    clock = Clock().asked(START, WINDOW)
    late = START + timedelta(days=5)
    assert clock.answered(late) == clock.replied(late) == clock
    assert clock.state(late) == State.OVER
