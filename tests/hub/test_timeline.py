"""The timeline of a discussion as the client reads it: comments and events in one order (B1)."""

import pytest
from huggingface_hub import DiscussionCommit, DiscussionStatusChange, DiscussionTitleChange
from huggingface_hub import DiscussionEvent as ClientEvent

from accounts.queries import system_actor
from community.actions import add_comment, edit_comment, hide, rename, set_locked, set_pinned, set_status
from community.entries import note
from community.models import DiscussionEvent
from moderation.cases.actions import receive_report

REPO = "nok/tiny-model"
Kind = DiscussionEvent.Kind
CLASSES = {
    Kind.RENAMED: DiscussionTitleChange,
    Kind.COMMITTED: DiscussionCommit,
    **dict.fromkeys([Kind.CLOSED, Kind.REOPENED, Kind.OPENED, Kind.MERGED], DiscussionStatusChange),
}


@pytest.fixture
def events(hub):
    """events(): what the client reads of the first discussion."""
    return lambda: hub().get_discussion_details(REPO, 1).events


def test_comments_and_events_in_one_order(events, discussion, author, owner, moderator, reporter):
    rename(discussion, "Loading fails", actor=author)
    comment = add_comment(discussion, text="Try again.", actor=reporter)
    set_status(discussion, "closed", actor=owner)
    set_status(discussion, "open", actor=author)
    hide(comment, category="off_topic", actor=owner)
    set_pinned(discussion, True, actor=owner)
    set_locked(discussion, True, reason="heated", actor=system_actor())
    read = events()
    assert [(one.type, one.author) for one in read] == [
        ("comment", "quentin"),
        ("title-change", "quentin"),
        ("comment", "iris"),
        ("status-change", "nok"),
        ("status-change", "quentin"),
        ("hidden", "nok"),
        ("pinned", "nok"),
        ("locked", "ombud"),
    ]
    assert (read[1].old_title, read[1].new_title) == ("How do I load this?", "Loading fails")
    assert [one.new_status for one in read[3:5]] == ["closed", "open"]
    about = {"category": "off_topic", "side": "owner", "comment": comment.public_id.hex}
    assert [one._event["data"] for one in read[5:]] == [about, {}, {"reason": "heated"}]
    assert len({one.id for one in read}) == 8


@pytest.mark.parametrize("kind", Kind, ids=str)
def test_every_kind_has_a_shape_that_the_client_takes(events, discussion, owner, kind):
    data = {"from": "a", "to": "b", "oid": "0" * 40, "subject": "Add the card"}
    event = note(discussion, kind, actor=owner, data=data)
    read = events()[-1]
    assert (read.id, read.author) == (event.public_id.hex, "nok")
    assert kind in CLASSES or read.type == kind.replace("_", "-")
    assert type(read) is CLASSES.get(kind, ClientEvent)


def test_an_edited_comment(events, comment, author):
    edit_comment(comment, text="You people should shut up.", actor=author)
    edit_comment(comment, text="I disagree.", actor=author)
    read = events()[1]
    assert (read.content, read.edited, read.hidden, read.number_of_edits) == ("I disagree.", True, False, 2)
    assert read.created_at < read.last_edited_at
    assert "shut up" not in str(read)
    assert [set(one) for one in read.edit_history] == [{"updatedAt", "author"}] * 2


def test_a_report_opens_a_discussion(hub, events, repository, reporter, clause):
    """Check 21."""
    receive_report(repository, clause=clause("spam"), text="Only adverts.", actor=reporter)
    (listed,) = hub().get_repo_discussions(REPO)
    assert (listed.author, listed.status) == ("iris", "open")
    opening, event = events()
    assert (opening.content, event.type) == ("Only adverts.", "reported")
    assert (event.author, event._event["data"]) == (system_actor().username, {"clause": "spam"})


def test_questions_to_the_database(client, discussion, author, django_assert_num_queries):
    """As many for a long discussion as for a short one; half of its comments were edited."""
    for number in range(30):
        comment = add_comment(discussion, text=f"Number {number}.", actor=author)
        if number % 2:
            edit_comment(comment, text=f"Edited {number}.", actor=author)
        note(discussion, Kind.LOCKED, actor=author)
        if number in (0, 29):
            with django_assert_num_queries(6):
                answer = client.get(f"/api/models/{REPO}/discussions/1")
            assert len(answer.json()["events"]) == 2 * number + 3
