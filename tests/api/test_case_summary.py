"""POST /cases/{id}/summary: the team describes a matter in public (K1, C2)."""

import pytest

from community.models import Discussion
from moderation.cases.actions import claim, receive_report
from moderation.cases.models import Case, Event
from tests.api.conftest import code

WORDS = {"text": "We were told that this model may help to build something dangerous, and look at what it can do."}


@pytest.fixture
def case(repository, reporter, clause) -> Case:
    receive_report(repository, clause=clause("strong-dual-use"), text="It told me all the steps.", actor=reporter)
    return Case.objects.get()


@pytest.fixture
def url(case) -> str:
    return f"/api/v1/cases/{case.public_id}/summary"


def test_published_once(team, case, url):
    sent = [team.post(url, WORDS, headers={"Idempotency-Key": "s1"}) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 200], sent[0].json()
    assert sent[0].json() == sent[1].json()
    opened = Discussion.objects.get()
    assert sent[0].json() == {
        "discussion": str(opened.public_id),
        "url": f"http://testserver{opened.get_absolute_url()}",
    }
    assert opened.comments.get().text.startswith(WORDS["text"])
    assert Event.objects.filter(case=case, kind="summary.published").count() == 1
    other = team.post(url, {"text": "Quite another description."}, headers={"Idempotency-Key": "s1"})
    assert (other.status_code, code(other)) == (409, "sent")
    again = team.post(url, WORDS)
    assert (again.status_code, code(again)) == (409, "not_public")


def test_nobody_is_named(team, url, reporter):
    named = team.post(url, {"text": f"{reporter.username} told us about it, and we look."})
    assert (named.status_code, code(named)) == (422, "names_somebody")
    assert not Discussion.objects.exists()


@pytest.mark.parametrize("text", ["Short.", "", "x" * 5_001])
def test_words_that_do_not_do(team, url, text):
    assert team.post(url, {"text": text}).status_code == 400
    assert not Discussion.objects.exists()


def test_not_while_somebody_else_holds_it(team, case, url, other_moderator):
    claim(case, actor=other_moderator)
    held = team.post(url, WORDS)
    assert (held.status_code, code(held)) == (409, "claimed")


def test_only_where_the_clause_says_so(team, url, case, clause):
    Case.objects.update(clause=clause("weapons"))
    refused = team.post(url, WORDS)
    assert (refused.status_code, code(refused)) == (409, "not_public")
