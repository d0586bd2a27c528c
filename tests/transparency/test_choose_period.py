"""Which months can be asked for (C2, J2)."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from foundation.errors import Refused
from moderation.transparency.period import Month, months_over, period_of

NOW = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)


def asked(query):
    period = period_of(QueryDict(query), NOW)
    return str(period.first), str(period.last)


@pytest.mark.parametrize(
    ("query", "period"),
    [
        ("", ("2025-12", "2026-02")),
        ("to=2026-01", ("2025-11", "2026-01")),
        ("from=2026-02", ("2026-02", "2026-02")),
        ("from=2025-01&to=2025-12", ("2025-01", "2025-12")),
    ],
)
def test_whole_months_that_are_over(query, period):
    assert asked(query) == period


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("to=2026-03", "not over yet"),
        ("from=2026-02&to=2026-01", "comes after"),
        ("from=2026-13", "like this"),
        ("from=2026-02-03", "like this"),
        ("to=yesterday", "like this"),
        ("to=２０２６-01", "like this"),
    ],
)
def test_others_are_refused_in_words(query, says):
    with pytest.raises(Refused, match=says) as refused:
        asked(query)
    assert refused.value.status == 400


def test_a_period_covers_its_last_month_to_the_end():
    period = period_of(QueryDict("from=2025-11&to=2025-12"), NOW)
    assert (period.start, period.end) == (datetime(2025, 11, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def test_months_are_counted_over_the_turn_of_the_year():
    assert [str(month) for month in months_over(NOW)[:3]] == ["2026-02", "2026-01", "2025-12"]
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month(2025, 12).plus(1) == Month(2026, 1)


@pytest.mark.parametrize("query", ["?from=nonsense", "?format=xml", "?to=2999-01"])
def test_the_page_answers_in_words(query, db, client):
    response = client.get(f"/transparency{query}")
    assert response.status_code == 400
    assert "data-refusal" in response.content.decode()
