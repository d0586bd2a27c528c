"""Where publicity of a report would do harm, the team says in its own words what it looks at (C2)."""

import pytest
from django.test import Client

from community.actions import add_comment
from community.models import Discussion
from foundation.errors import Refused
from moderation.cases.actions import claim
from moderation.cases.actions.summaries import publish_summary
from moderation.cases.feedback import read_changes
from moderation.cases.models import Event
from moderation.cases.verify import find_faults

WORDS = "We were told that this model may help to build something dangerous, and look at what it can do."


@pytest.fixture
def case(report, repository):
    return report(repository, "strong-dual-use", text="It told me all the steps.")


def test_the_team_describes_it_in_its_own_words(case, sign_in, moderator, reporter):
    assert not Discussion.objects.exists()
    client = sign_in(moderator)
    assert "Describe it in public" in client.get(case.get_absolute_url()).content.decode()
    assert client.post(f"/cases/{case.public_id}/summary", {"text": WORDS}).status_code == 303
    discussion = Discussion.objects.get()
    assert discussion.origin == "team"
    page = Client().get(discussion.get_absolute_url()).content.decode()
    assert WORDS in page
    for secret in ("It told me all the steps", reporter.username, moderator.username):
        assert secret not in page
    seen = client.get(case.get_absolute_url()).content.decode()
    assert "We described it in public in our own words" in seen
    assert "Describe it in public" not in seen
    assert list(find_faults()) == []


def test_answers_reach_the_case(case, moderator, owner):
    discussion = publish_summary(case, text=WORDS, actor=moderator)
    add_comment(discussion, text="It is a toy, look at the tests.", actor=owner)
    assert read_changes() == 1
    event = Event.objects.get(kind="feedback.given")
    assert (event.case, event.data["side"]) == (case, "owner")


def test_nobody_is_named_in_public(case, moderator, reporter, sign_in):
    text = f"{reporter.username} told us about it, and we look."
    response = sign_in(moderator).post(f"/cases/{case.public_id}/summary", {"text": text})
    assert response.status_code == 422
    assert "In public we name nobody" in response.content.decode()
    assert not Discussion.objects.exists()


def test_once_and_only_where_the_clause_says_so(case, report, comment, make_repository, moderator):
    publish_summary(case, text=WORDS, actor=moderator)
    never = report(make_repository("second"), "weapons")
    hidden = make_repository("third")
    private = report(hidden, "strong-dual-use")
    hidden.visibility = "private"
    hidden.save()
    for other in (case, never, private, report(comment, "hate-speech")):
        other.refresh_from_db()
        with pytest.raises(Refused):
            publish_summary(other, text=WORDS, actor=moderator)
    assert Discussion.objects.filter(origin="team").count() == 1


def test_only_who_may_decide_it(case, sign_in, reporter, other_moderator, moderator):
    claim(case, actor=moderator)
    for person, status in ((reporter, 404), (other_moderator, 409)):
        response = sign_in(person).post(f"/cases/{case.public_id}/summary", {"text": WORDS})
        assert response.status_code == status
    assert not Discussion.objects.exists()
