"""What is undone leaves things as they were: drafts, and one side's lock under the other's (B2, B3)."""

import pytest

from accounts.queries import system_actor
from community.actions import close_all, set_locked, set_status
from community.models import Discussion
from community.posting import Way, refusal


def lock_of(discussion):
    discussion.refresh_from_db()
    return discussion.locked, discussion.locked_by_team, discussion.lock_reason


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("everything", [True, False])
def test_reopened_it_is_what_was_closed(propose, repository, owner, author, draft, everything):
    opened = propose({"a.txt": b"a"}, draft=draft)
    if everything:
        close_all(repository, actor=owner)
    else:
        set_status(opened, "closed", actor=author)
    set_status(opened, "open", actor=author)
    assert opened.status == Discussion.objects.get().status == ("draft" if draft else "open")
    assert opened.events.last().kind == "reopened"


def test_a_draft_that_was_opened_in_between_is_open(propose, author):
    opened = propose({"a.txt": b"a"}, draft=True)
    for status in ("closed", "open", "open", "closed", "open"):
        set_status(opened, status, actor=author)
    assert opened.status == "open"


def test_the_owners_lock_holds_again_when_the_team_unlocks(sign_in, client, owner, author, moderator, discussion):
    set_locked(discussion, True, actor=owner, reason="resolved")
    set_locked(discussion, True, actor=system_actor(), reason="heated")
    assert lock_of(discussion) == (True, True, "heated")
    set_locked(discussion, False, actor=moderator)
    assert lock_of(discussion) == (True, False, "resolved")
    page = client.get(discussion.get_absolute_url()).content.decode()
    assert "the owner ended it. Reason: resolved." in page
    assert refusal(author, discussion.repository, Way.COMMENT, discussion=discussion).code == "locked"
    assert refusal(owner, discussion.repository, Way.COMMENT, discussion=discussion) is None
    set_locked(discussion, False, actor=owner)
    assert lock_of(discussion) == (False, False, "")


def test_the_team_unlocks_what_the_owner_locked(owner, moderator, discussion):
    set_locked(discussion, True, actor=owner, reason="resolved")
    set_locked(discussion, False, actor=moderator)
    assert lock_of(discussion) == (False, False, "")


def test_the_teams_lock_alone_leaves_nothing(moderator, discussion):
    set_locked(discussion, True, actor=system_actor(), reason="heated")
    set_locked(discussion, False, actor=moderator)
    assert lock_of(discussion) == (False, False, "")
