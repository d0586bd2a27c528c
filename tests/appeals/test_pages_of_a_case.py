"""However many contest the same: the team reads their appeals page by page, open ones first (G2, M1)."""

import pytest
from django.test import Client

from accounts.actions import create_token
from foundation.api import KeysetPagination
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.views import team
from tests.reports.steps import case_of, decided, reported

WHY = "They did insult everybody there."
ANSWER = "We looked at the whole thread once more."


@pytest.fixture
def appeals(comment, moderator, make_user, monkeypatch):
    """Five appeals of reporters in one case, and pages of two."""
    monkeypatch.setattr(team, "MOST_SHOWN", 2)
    monkeypatch.setattr(KeysetPagination, "size", 2)
    people = [make_user(f"reader-{number}") for number in range(5)]
    reports = [reported(comment, person) for person in people]
    decision = decided(case_of(reports[0]), moderator)
    return [file_appeal(decision, text=WHY, actor=person) for person in people]


def test_pages_by_program_hold_each_once(appeals, other_moderator, django_assert_max_num_queries):
    decide_appeal(appeals[3], state="rejected", answer=ANSWER, actor=other_moderator)
    decide_appeal(appeals[0], state="rejected", answer=ANSWER, actor=other_moderator)
    headers = {"authorization": f"Bearer {create_token(other_moderator, scope='moderate', actor=other_moderator)}"}
    path, found = f"/api/v1/cases/{appeals[0].case.public_id}/appeals", []
    while path:
        with django_assert_max_num_queries(22):
            answer = Client().get(path, headers=headers).json()
        assert len(answer["results"]) <= 2
        found += [one["id"] for one in answer["results"]]
        path = answer["next"]
    expected = [appeals[number] for number in (4, 2, 1, 0, 3)]  # open ones, then those that we answered last
    assert found == [str(one.public_id) for one in expected]


def test_a_form_on_a_later_page_is_answered_there(appeals, other_moderator, sign_in):
    client, path = sign_in(other_moderator), f"/cases/{appeals[0].case.public_id}/appeal"
    first = client.get(path)
    assert [one.appeal for one in first.context["dossiers"]] == [appeals[4], appeals[3]]
    later = f"{path}?{first.context['page'].next}"
    assert [one.appeal for one in client.get(later).context["dossiers"]] == [appeals[2], appeals[1]]
    sent = {"appeal": str(appeals[1].public_id), "state": "rejected", "answer": "No."}
    refused = client.post(later, sent)
    assert refused.status_code == 422
    assert "No.</textarea>" in refused.content.decode()
    assert client.post(later, sent | {"answer": ANSWER}).status_code == 303
    appeals[1].refresh_from_db()
    assert appeals[1].state == "rejected"
