"""Lifting a measure: exactly, with a reason, said to everybody concerned (E5, G1)."""

import pytest

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from community.actions import set_locked, set_status
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.events import words
from moderation.cases.models import Event
from moderation.sanctions.models import Measure
from repositories.queries import listed_for

REASON = "We misread a figure of speech."


@pytest.fixture
def banned(case, moderator, clause):
    """The case with its author banned."""
    decide(
        case, actor=moderator, version=1, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="You called people idiots.",
    )  # fmt: skip
    return case


@pytest.fixture
def downgraded(report, repository, moderator, clause):
    case = report(repository, "spam")
    decide(
        case, actor=moderator, version=1, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation="The card advertises a shop.",
    )  # fmt: skip
    return case


def test_lifting_takes_effect_is_told_and_recorded(banned, other_moderator, author):
    lift_measure(Measure.objects.get(), reason=REASON, actor=other_moderator)
    assert standing_restriction(author) is None
    told = InboxMessage.objects.get(recipient=author, key__startswith="lifted:")
    assert REASON in told.body
    event = Event.objects.filter(case=banned).last()
    assert (event.kind, event.actor, words(event)) == ("measure.lifted", other_moderator, REASON)


def test_what_was_lifted_cannot_be_lifted_again(banned, moderator):
    lift_measure(Measure.objects.get(), reason=REASON, actor=moderator)
    with pytest.raises(Refused, match="holds no more"):
        lift_measure(Measure.objects.get(), reason=REASON, actor=moderator)
    assert Event.objects.filter(kind="measure.lifted").count() == 1


def test_only_the_team_lifts(banned, author):
    with pytest.raises(Forbidden):
        lift_measure(Measure.objects.get(), reason=REASON, actor=author)
    assert standing_restriction(author) is not None


@pytest.mark.parametrize("ended", ["closed", "locked"])
def test_it_is_lifted_even_where_the_discussion_has_ended(downgraded, moderator, reporter, repository, ended):
    measure = Measure.objects.get()
    if ended == "closed":
        set_status(measure.discussion, "closed", actor=moderator)
    else:
        set_locked(measure.discussion, True, actor=moderator)
    lift_measure(measure, reason=REASON, actor=moderator)
    assert repository in listed_for(reporter)


def test_lifting_is_noted_where_the_measure_was(downgraded, moderator):
    measure = Measure.objects.get()
    lift_measure(measure, reason=REASON, actor=moderator)
    assert "We lifted this measure" in measure.discussion.comments.order_by("pk").last().text


def test_the_case_page_lifts(sign_in, moderator, banned, author):
    address = f"{banned.get_absolute_url()}/lift/{Measure.objects.get().public_id}"
    client = sign_in(moderator)
    assert address in client.get(banned.get_absolute_url()).content.decode()
    page = client.post(address, {"reason": REASON}, follow=True)
    assert page.redirect_chain == [(banned.get_absolute_url(), 303)]
    assert "Lifted: no posting in community tabs for a time" in page.content.decode()
    assert standing_restriction(author) is None


def test_the_persons_history_lifts(sign_in, moderator, banned, author):
    client, history = sign_in(moderator), f"/cases/people/{author.public_id}"
    page = client.get(history).content.decode()
    assert "can post again on" in page
    assert banned.get_absolute_url() in page
    answer = client.post(f"{history}/lift/{Measure.objects.get().public_id}", {"reason": REASON}, follow=True)
    assert answer.redirect_chain == [(history, 303)]
    assert "may post" in answer.content.decode()
    assert standing_restriction(author) is None


@pytest.mark.parametrize("reason", ["", "short", "x" * 2001, "A bell \x07 in the text here."])
def test_a_lift_without_a_good_reason_comes_back(sign_in, moderator, banned, author, reason):
    measure = Measure.objects.get()
    client = sign_in(moderator)
    for address in (banned.get_absolute_url(), f"/cases/people/{author.public_id}"):
        answer = client.post(f"{address}/lift/{measure.public_id}", {"reason": reason})
        assert answer.status_code == 422
        assert '<ul class="errorlist"' in answer.content.decode()
    assert standing_restriction(author) is not None


def test_lifting_twice_says_so(sign_in, moderator, banned):
    address = f"{banned.get_absolute_url()}/lift/{Measure.objects.get().public_id}"
    client = sign_in(moderator)
    client.post(address, {"reason": REASON})
    answer = client.post(address, {"reason": REASON})
    assert answer.status_code == 422
    assert "holds no more" in answer.content.decode()


def test_a_measure_of_somebody_else_is_not_there(sign_in, moderator, banned, downgraded, owner):
    ban = Measure.objects.get(kind="posting_ban")
    client = sign_in(moderator)
    assert client.post(f"{downgraded.get_absolute_url()}/lift/{ban.public_id}", {"reason": REASON}).status_code == 404
    address = f"/cases/people/{owner.public_id}/lift/{ban.public_id}"
    assert client.post(address, {"reason": REASON}).status_code == 404


def test_people_outside_the_team_lift_nothing(sign_in, author, banned):
    measure = Measure.objects.get()
    client = sign_in(author)
    for address in (banned.get_absolute_url(), f"/cases/people/{author.public_id}"):
        assert client.post(f"{address}/lift/{measure.public_id}", {"reason": REASON}).status_code == 404
    assert standing_restriction(author) is not None
