"""The ladder is advice: what a history suggests, and the sentence that explains it (F4)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.sanctions.ladder import STEPS, Strike, follows, suggest

NOW = datetime(2100, 11, 20, 12, tzinfo=UTC)


def history(*days: float, measures: tuple[str, ...] = ()) -> list[Strike]:
    return [Strike(NOW - timedelta(days=one), 2, measures) for one in days]


@pytest.mark.parametrize(
    ("strikes", "severity", "kind", "sentence"),
    [
        ([], 2, "friendly_warning", "The first within 180 days."),
        ([], 4, "limit_reached", "The first within 180 days. It does serious harm."),
        (history(10), 2, "limit_reached", "The second within 30 days."),
        (history(10, 20), 2, "deactivate", "The third within 30 days."),
        (history(1, 2, 3, 4), 1, "deactivate", "Number 5 within 30 days."),
        (history(100), 2, "friendly_warning", "The second within 180 days."),
        (history(100), 3, "limit_reached", "The second within 180 days."),
        (history(100), 5, "deactivate", "The second within 180 days. It does serious harm."),
        (history(10, measures=("posting_ban",)), 2, "deactivate",
         "The second within 30 days. It comes again after a ban."),
        (history(10, measures=("limit_reached", "hide_comment")), 2, "deactivate",
         "The second within 30 days. It comes again after we said that the limit is reached."),
        (history(10, measures=("limit_reached", "posting_ban")), 2, "deactivate",
         "The second within 30 days. It comes again after a ban."),
        (history(181), 2, "friendly_warning", "The first within 180 days."),
    ],
)  # fmt: skip
def test_what_it_suggests_and_why(strikes, severity, kind, sentence):
    found = suggest(strikes, severity=severity, now=NOW)
    assert (found.kind.code, found.sentence) == (kind, sentence)


def test_a_strike_ages_out_to_the_second():
    strikes = [Strike(NOW, 2)]
    assert suggest(strikes, severity=2, now=NOW + timedelta(days=30, seconds=-1)).kind.code == "limit_reached"
    assert suggest(strikes, severity=2, now=NOW + timedelta(days=30)).kind.code == "friendly_warning"
    assert suggest(strikes, severity=2, now=NOW + timedelta(days=180)).number == 1


@given(
    days=st.lists(st.floats(0, 400), max_size=6), more=st.floats(0, 29), severity=st.integers(1, 5),
    bans=st.booleans(),
)  # fmt: skip
def test_more_strikes_and_more_harm_never_suggest_less(days, more, severity, bans):
    strikes = history(*days, measures=("posting_ban",) if bans else ())
    before = suggest(strikes, severity=severity, now=NOW)
    assert STEPS.index(suggest([*strikes, *history(more)], severity=severity, now=NOW).kind) >= STEPS.index(before.kind)
    worse = suggest(strikes, severity=min(severity + 1, 5), now=NOW)
    assert STEPS.index(worse.kind) >= STEPS.index(before.kind)


def test_the_steps_are_the_three_sanctions():
    assert [kind.code for kind in STEPS] == ["friendly_warning", "limit_reached", "deactivate"]


def test_what_departs():
    suggestion = suggest([], severity=2, now=NOW)
    assert follows(suggestion, ["friendly_warning", "hide_comment"])
    assert follows(suggestion, ["hide_comment"])
    assert not follows(suggestion, ["posting_ban"])
    assert not follows(suggestion, ["friendly_warning", "deactivate"])


def test_a_ban_without_more_is_of_the_same_step():
    suggestion = suggest(history(10), severity=2, now=NOW)
    assert follows(suggestion, ["limit_reached"])
    assert follows(suggestion, ["posting_ban"])
