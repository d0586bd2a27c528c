from datetime import UTC, datetime, timedelta

import pytest

from foundation import clock


def test_the_clock_is_the_databases(db, set_clock) -> None:
    moment = datetime(2030, 3, 31, 1, 30, tzinfo=UTC)
    set_clock(moment)
    assert clock.now() == moment


def test_importing_dates_the_past_and_only_the_past(db) -> None:
    past = clock.now() - timedelta(days=3)
    with clock.importing(past):
        assert clock.now() == past
    assert clock.now() > past
    with pytest.raises(ValueError, match="happened"), clock.importing(past + timedelta(days=9)):
        pass
