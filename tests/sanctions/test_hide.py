"""Hidden by a decision: a comment, what opens a discussion, a card; beside what others hid, undone exactly (E4, E5)."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import hide, unhide
from community.actions.holding import change_end, end_holds
from community.models import DiscussionEvent, Hiding
from foundation.errors import Forbidden
from moderation.cases.actions import decide_directly
from moderation.sanctions.actions import lift
from moderation.sanctions.models import Measure
from repositories.actions import commit
from repositories.actions.restrictions import change_end as end_restriction
from repositories.actions.restrictions import show_cards_again
from tests.sanctions.test_hold import CARD, SECRET, columns, page


def kinds_of(discussion):
    return list(discussion.events.order_by("position").values_list("kind", flat=True))


@pytest.mark.parametrize("subject", ["comment", "discussion"])
def test_comment_is_hidden_and_comes_back_as_it_was(take, moderator, comment, discussion, subject, request):
    hidden = comment if subject == "comment" else discussion.comments.get(position=1)
    text = hidden.text
    measure = take("hide_comment", request.getfixturevalue(subject))
    hidden.refresh_from_db()
    assert (hidden.text, hidden.hidden) == ("", True)
    _status, shown = page(discussion.repository, below=f"/discussions/{discussion.number}")
    assert "This comment is hidden: our team decided so." in shown
    assert text not in shown
    lift(measure, reason="It is harmless.", actor=moderator)
    hidden.refresh_from_db()
    assert (hidden.text, hidden.hidden) == (text, False)
    assert kinds_of(discussion)[-2:] == ["hidden", "unhidden"]
    assert {one.actor.is_system for one in DiscussionEvent.objects.filter(discussion=discussion)} == {True}


def test_nobody_shows_it_but_where_it_was_taken(take, comment, author, owner, moderator):
    take("hide_comment", comment)
    for person in (author, owner, moderator):
        with pytest.raises(Forbidden):
            unhide(comment, actor=person)
    comment.refresh_from_db()
    assert comment.hidden


@pytest.mark.parametrize("side", ["author", "owner", "team"])
@pytest.mark.parametrize("order", ["before", "after"])
def test_lifting_leaves_what_another_side_hid(take, comment, author, owner, moderator, side, order):
    # A moderator hides by a decision; what the system hides is the team's all the same.
    who = {"author": author, "owner": owner, "team": system_actor()}[side]
    if order == "before":
        hide(comment, category="spam", actor=who)
    measure = take("hide_comment", comment)
    if order == "after":
        hide(comment, category="spam", actor=who)
    lift(measure, reason="It is harmless.", actor=moderator)
    comment.refresh_from_db()
    assert comment.hidden
    assert [one.side for one in Hiding.objects.filter(comment=comment, lifted_at=None)] == [side]
    unhide(comment, actor=who)
    comment.refresh_from_db()
    assert not comment.hidden


def test_several_stand_beside_each_other(take, discussion, moderator):
    first = discussion.comments.get(position=1)
    measures = [take("hide_comment", first), take("hide_comment", discussion), take("hide_comment", first)]
    for measure, hidden in zip(measures, (True, True, False), strict=True):
        lift(measure, reason="It is harmless.", actor=moderator)
        first.refresh_from_db()
        assert first.hidden is hidden


def test_a_hold_beside_it_ends_apart(take, comment, moderator):
    held, hidden = take("hold", comment), take("hide_comment", comment)
    lift(held, reason="We have looked.", actor=moderator)
    comment.refresh_from_db()
    assert comment.hidden
    lift(hidden, reason="It is harmless.", actor=moderator)
    comment.refresh_from_db()
    assert not comment.hidden


def test_one_with_an_end_ends_by_itself_and_leaves_the_other(take, comment, moderator, pass_time):
    first, second = take("hide_comment", comment), take("hide_comment", comment)
    change_end(first.hiding, ends_at=first.starts_at + timedelta(hours=72), actor=moderator)
    pass_time(timedelta(hours=72, seconds=1))
    assert (end_holds(), end_holds()) == (1, 0)
    comment.refresh_from_db()
    assert comment.hidden
    lift(second, reason="It is harmless.", actor=moderator)
    comment.refresh_from_db()
    assert not comment.hidden


def test_author_of_the_comment_hears_why(comment, author, moderator, clause):
    decide_directly(
        comment, kind="hide_comment", clause=clause("harassment"), reason="You insulted Iris.", actor=moderator
    )
    body = InboxMessage.objects.get(recipient=author).body
    assert "**hide: nobody reads the comment**" in body
    assert "Nobody can read the comment any more." in body
    assert Measure.objects.get().person is None


@pytest.fixture
def hidden_card(make_repository, take):
    repository = make_repository("known-model", card=CARD.replace("{", "{{").replace("}", "}}"))
    before = columns(repository)
    return repository, before, take("hide_card", repository)


def test_card_is_in_no_column_and_comes_back_exactly(hidden_card, moderator):
    repository, before, measure = hidden_card
    assert SECRET in str(before)
    assert SECRET not in str(columns(repository))
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(repository) == before


def test_what_the_owner_writes_meanwhile_shows_once_it_is_lifted(hidden_card, owner, moderator):
    repository, _before, measure = hidden_card
    commit(repository, {"README.md": b"# Written anew\n"}, actor=owner, message="Write anew")
    assert columns(repository)["card"] == ""
    lift(measure, reason="It is better.", actor=moderator)
    assert columns(repository)["card"] == "# Written anew\n"


def test_a_held_card_stays_hidden_when_one_of_both_is_lifted(hidden_card, take, moderator):
    repository, before, measure = hidden_card
    held = take("hold", repository)
    lift(held, reason="We have looked.", actor=moderator)
    assert SECRET not in str(columns(repository))
    lift(measure, reason="It is harmless.", actor=moderator)
    assert columns(repository) == before


def test_only_the_owner_side_reads_it(hidden_card, owner, author):
    repository, _before, _measure = hidden_card
    own, other = page(repository, owner)[1], page(repository, author)[1]
    assert f"All about {SECRET}" in own
    assert "nobody but the owner’s side reads it" in own
    assert SECRET not in other
    assert "We hid the card of this repository. Everything else is as it was." in other
    assert "Our team hid it. Files and discussions are open as before." in other
    name = repository.full_name
    assert Client().get(f"/{name}/resolve/main/README.md").status_code == 404
    assert SECRET not in Client().get(f"/api/models/{name}").content.decode()


def test_a_hidden_card_with_an_end_is_read_after_it(hidden_card, moderator, pass_time):
    repository, before, measure = hidden_card
    end_restriction(measure.restriction, ends_at=measure.starts_at + timedelta(hours=72), actor=moderator)
    pass_time(timedelta(hours=73))
    assert SECRET in page(repository)[1]  # by the clock, before anything ran
    assert show_cards_again() == 1
    assert columns(repository) == before
