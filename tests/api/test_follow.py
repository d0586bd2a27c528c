"""GET /reports: one's own, nobody else's (C7)."""

import uuid

import pytest

from community.actions import add_comment
from foundation.api import KeysetPagination
from moderation.cases.actions import receive_report

URL = "/api/v1/reports"


@pytest.fixture
def reports(discussion, author, reporter, clause):
    """Three reports by the same person."""
    comments = [add_comment(discussion, text=f"Nonsense {number}.", actor=author) for number in range(3)]
    return [receive_report(one, clause=clause("spam"), text="Spam.", actor=reporter) for one in comments]


def test_newest_first(program, reporter, reports):
    shown = program(reporter, "read").get(URL).json()
    assert [one["id"] for one in shown["results"]] == [str(one.public_id) for one in reversed(reports)]
    assert shown["next"] is None


def test_others_see_nothing(program, owner, reports):
    client = program(owner)
    assert client.get(URL).json()["results"] == []
    theirs = client.get(f"{URL}/{reports[0].public_id}")
    missing = client.get(f"{URL}/{uuid.uuid4()}")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.json() == missing.json()


def test_one_report(program, reporter, reports):
    response = program(reporter).get(f"{URL}/{reports[1].public_id}")
    assert response.json()["text"] == "Spam."
    assert response["Cache-Control"].startswith("max-age=0")


def test_pages(program, reporter, reports, monkeypatch):
    monkeypatch.setattr(KeysetPagination, "size", 2)
    client = program(reporter)
    first = client.get(URL).json()
    second = client.get(first["next"]).json()
    assert [len(first["results"]), len(second["results"])] == [2, 1]
    assert second["next"] is None


@pytest.mark.parametrize("after", ["x", "W10", "WzEsMl0", "W1siYSJdXQ", "%00", "é", "WyJhIiwiYiJd", "W05hTiwxXQ"])
def test_forged_page(program, reporter, reports, after):
    assert program(reporter).get(f"{URL}?after={after}").status_code == 400


def test_query_count(program, reporter, reports, django_assert_max_num_queries):
    client = program(reporter)
    with django_assert_max_num_queries(2):
        client.get(URL)
