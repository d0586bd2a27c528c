"""The queue: who sees it, its filters, claims (D4)."""

import uuid
from datetime import timedelta

import pytest

from community.actions import add_comment
from moderation.automation.pipeline import score_pending
from moderation.cases.actions import claim, receive_report
from moderation.cases.models import Case
from tests.api.conftest import code

URL = "/api/v1/cases"


@pytest.fixture
def cases(case, repository, discussion, author, reporter, clause):
    """Three cases: a comment (harassment, the worst), a repository (spam), a person (code of conduct)."""
    receive_report(repository, clause=clause("spam"), text="Only adverts.", actor=reporter)
    receive_report(author, clause=clause("code-of-conduct"), text="Unkind.", actor=reporter)
    return list(Case.objects.order_by("rank", "id"))


def ids(response) -> list[str]:
    assert response.status_code == 200, response.json()
    return [one["id"] for one in response.json()["results"]]


def test_most_urgent_first(team, cases):
    shown = team.get(URL).json()["results"]
    assert [one["id"] for one in shown] == [str(one.public_id) for one in cases]
    assert shown[0]["clause"] == "harassment"


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("clause=spam", ["repository"]),
        ("kind=user", ["user"]),
        ("assignee=none", ["comment", "user"]),
        ("assignee=me", ["repository"]),
        ("assignee=MIRA", ["repository"]),
        ("assignee=nobody", []),
        ("state=decided", []),
        ("language=en&kind=comment", ["comment"]),
        ("language=th", []),
    ],
)
def test_filters(team, cases, moderator, query, kinds):
    claim(Case.objects.get(subject_kind="repository"), actor=moderator)
    shown = team.get(f"{URL}?{query}").json()["results"]
    assert sorted(one["subject"]["kind"] for one in shown) == kinds


@pytest.mark.parametrize("query", ["state=lost", "clause=nothing", "kind=planet", "language=12", "after=x"])
def test_filter_that_makes_no_sense(team, cases, query):
    assert team.get(f"{URL}?{query}").status_code == 400


def test_own_cases_are_left_out(program, other_moderator, comment, reporter, clause):
    own = add_comment(comment.discussion, text="Hm.", actor=other_moderator)
    receive_report(own, clause=clause("spam"), text="Spam.", actor=reporter)
    case = Case.objects.get()
    client = program(other_moderator, "moderate")
    assert ids(client.get(URL)) == []
    assert client.get(f"{URL}/{case.public_id}").status_code == 404


def test_scope_of_a_moderator_counts(program, moderator, case):
    for path in (URL, f"{URL}/{case.public_id}"):
        response = program(moderator, "write").get(path)
        assert (response.status_code, code(response)) == (403, "permission_denied")


def test_strangers_learn_nothing(program, reporter, case, sign_in):
    """The same answer whether the case exists or not."""
    client = sign_in(reporter)
    answers = [client.get(f"{URL}/{one}") for one in (case.public_id, uuid.uuid4())]
    assert [one.status_code for one in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()


def test_case_with_its_history(team, case):
    score_pending()
    shown = team.get(f"{URL}/{case.public_id}").json()
    assert shown["reports"][0]["text"] == "He insults everybody."
    assert shown["snapshots"][0]["content"] == "You people are idiots and should shut up."
    assert {"toxicity", "hate", "spam", "threat"} <= {one["label"] for one in shown["snapshots"][0]["scores"]}
    assert [one["kind"] for one in shown["events"]] == ["report.received"]
    assert (shown["version"], shown["measures"], shown["decisions"]) == (case.version, [], [])


def test_claim_and_release(team, case, moderator):
    assert team.post(f"{URL}/{case.public_id}/claim").json()["assignee"] == moderator.username
    assert team.post(f"{URL}/{case.public_id}/release").json()["assignee"] is None


def test_claimed_by_another(team, case, other_moderator):
    claim(case, actor=other_moderator)
    response = team.post(f"{URL}/{case.public_id}/claim")
    assert (response.status_code, code(response)) == (409, "claimed")
    assert other_moderator.username in response.json()["errors"][0]["detail"]


def test_lease_runs_out(team, case, other_moderator, pass_time):
    claim(case, actor=other_moderator)
    pass_time(timedelta(minutes=10, seconds=1))
    assert team.post(f"{URL}/{case.public_id}/claim").status_code == 200


def test_next(team, cases):
    got = [team.post(f"{URL}/next") for _ in range(4)]
    assert [one.status_code for one in got] == [200, 200, 200, 204]
    assert [one.json()["id"] for one in got[:3]] == [str(one.public_id) for one in cases]


def test_unknown_case(team):
    for path in (f"{URL}/{uuid.uuid4()}", f"{URL}/1"):
        response = team.get(path)
        assert (response.status_code, code(response)) == (404, "not_found")


def test_query_counts(team, cases, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # token, two for permissions, what is not for this person, the list
        team.get(URL)
    with django_assert_max_num_queries(25):  # once in ten minutes it writes who read the reports
        team.get(f"{URL}/{cases[0].public_id}")
    with django_assert_max_num_queries(18):
        team.get(f"{URL}/{cases[0].public_id}")


def test_list_costs_the_same_at_any_length(
    team, cases, discussion, author, reporter, clause, django_assert_num_queries
):
    for number in range(10):
        comment = add_comment(discussion, text=f"Buy {number} now", actor=author)
        receive_report(comment, clause=clause("spam"), text="Spam.", actor=reporter)
    with django_assert_num_queries(2):
        assert len(team.get(URL).json()["results"]) == 13
