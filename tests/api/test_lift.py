"""POST /measures/{id}/lift: undoes exactly, once, never for oneself (E5)."""

import uuid

import pytest

from accounts.posting import standing_restriction
from moderation.cases.actions import MeasureOrder, decide
from moderation.sanctions.models import Measure
from tests.api.conftest import code


@pytest.fixture
def measure(case, moderator, clause) -> Measure:
    return decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation",
        clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")],
        explanation="You called people idiots.",
    ).measures.get()


@pytest.fixture
def url(measure):
    return f"/api/v1/measures/{measure.public_id}/lift"


def test_lift(team, url, author, moderator):
    shown = team.post(url, {"reason": "We were wrong."}).json()
    assert (shown["lifted_by"], shown["lift_reason"]) == (moderator.username, "We were wrong.")
    assert standing_restriction(author) is None


def test_lift_twice(team, url):
    team.post(url, {"reason": "We were wrong."})
    response = team.post(url, {"reason": "We were wrong."})
    assert (response.status_code, code(response)) == (409, "not_standing")


@pytest.mark.parametrize("body", [{}, {"reason": " "}, {"reason": "x" * 100_000}, {"reason": "\u202e"}])
def test_reason_is_needed(team, url, body):
    assert team.post(url, body).status_code == 400
    assert Measure.objects.standing().exists()


def test_scope(program, moderator, url):
    assert program(moderator, "write").post(url, {"reason": "We were wrong."}).status_code == 403


def test_one_s_own_measure(program, url, author, other_moderator, measure):
    """A moderator under a ban cannot lift it: it looks as if it were not there."""
    author.groups.set(other_moderator.groups.all())
    response = program(author, "moderate").post(url, {"reason": "I am sorry."})
    assert (response.status_code, code(response)) == (404, "not_found")
    assert Measure.objects.standing().exists()


def test_unknown_measure(team):
    response = team.post(f"/api/v1/measures/{uuid.uuid4()}/lift", {"reason": "We were wrong."})
    assert (response.status_code, code(response)) == (404, "not_found")
