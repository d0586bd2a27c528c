"""Closing, reopening and locking a discussion (B2, B3)."""

from datetime import timedelta

import pytest

from accounts.actions import posting
from accounts.queries import system_actor
from community.actions import open_discussion, set_locked, set_status
from foundation import clock

PAGE = "/nok/tiny-model/discussions/1"


def status(discussion):
    discussion.refresh_from_db()
    return discussion.status


@pytest.mark.parametrize("person", ["author", "owner"])
def test_opener_and_owner_close_and_reopen(request, sign_in, discussion, person):
    client = sign_in(request.getfixturevalue(person))
    for wanted in ("closed", "open"):
        assert f'value="{wanted}"' in client.get(PAGE).content.decode()
        response = client.post(f"{PAGE}/status", {"status": wanted})
        assert (response.status_code, response["Location"]) == (303, PAGE)
        assert status(discussion) == wanted


def test_others_do_not(sign_in, reporter, discussion):
    client = sign_in(reporter)
    assert 'name="status"' not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}/status", {"status": "closed"}).status_code == 403
    assert status(discussion) == "open"


@pytest.mark.parametrize("origin", ["report", "team"])
def test_owner_cannot_close_what_a_report_or_the_team_opened(sign_in, owner, moderator, repository, origin):
    opened = open_discussion(repository, title="Report", text="Text.", actor=system_actor(), origin=origin)
    assert sign_in(owner).post(f"{PAGE}/status", {"status": "closed"}).status_code == 403
    assert sign_in(moderator).post(f"{PAGE}/status", {"status": "closed"}).status_code == 303
    assert status(opened) == "closed"


def test_banned_opener_does_not(sign_in, author, discussion):
    starts = clock.now()
    posting.restrict(
        author, kind="posting_ban", reason="Why.", starts_at=starts, ends_at=starts + timedelta(1), actor=system_actor()
    )
    client = sign_in(author)
    assert 'name="status"' not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}/status", {"status": "closed"}).status_code == 403


@pytest.mark.parametrize("wanted", ["", "merged", "OPEN"])
def test_forged_status(sign_in, owner, discussion, wanted):
    assert sign_in(owner).post(f"{PAGE}/status", {"status": wanted}).status_code == 400
    assert status(discussion) == "open"


def test_closing_twice_is_closing_once(sign_in, owner, discussion):
    set_status(discussion, "closed", actor=owner)
    assert sign_in(owner).post(f"{PAGE}/status", {"status": "closed"}).status_code == 303
    assert status(discussion) == "closed"


def test_visitor_signs_in_and_comes_back(client, discussion):
    assert client.post(f"{PAGE}/status", {"status": "closed"})["Location"] == f"/accounts/login/?next={PAGE}"


def test_the_team_closes_and_locks_by_decisions(sign_in, moderator, discussion):
    client = sign_in(moderator)
    page = client.get(PAGE).content.decode()
    for kind in ("close_discussion", "lock_discussion"):
        assert f"/cases/on-the-spot/{kind}/{discussion.public_id}" in page
    assert 'name="close"' not in page
    for verb, values in (("status", {"status": "closed"}), ("lock", {"locked": "1"})):
        refused = client.post(f"{PAGE}/{verb}", values)
        assert refused.status_code == 403
        assert "by a decision" in refused.content.decode()
    assert status(discussion) == "open"
    assert not discussion.locked


def test_what_the_team_began_it_locks_and_unlocks(sign_in, moderator, repository):
    ours = open_discussion(repository, title="From us", text="We ask you.", actor=moderator, origin="team")
    client = sign_in(moderator)
    for value in ("1", "0"):
        assert client.post(f"{PAGE}/lock", {"locked": value}).status_code == 303
        ours.refresh_from_db()
        assert ours.locked == (value == "1")


def test_owner_locks_with_a_reason_and_unlocks(sign_in, client, owner, author, discussion):
    them = sign_in(owner)
    them.post(f"{PAGE}/lock", {"locked": "1", "reason": "heated"})
    assert "the owner ended it. Reason: too heated." in client.get(PAGE).content.decode()
    assert "the owner ended it. Reason: too heated." in sign_in(author).get(PAGE).content.decode()
    page = them.get(PAGE).content.decode()
    assert "You can still write here." in page
    assert "locked this: too heated" in page
    assert them.post(f"{PAGE}/lock", {"locked": "0"}).status_code == 303
    discussion.refresh_from_db()
    assert not discussion.locked


def test_what_the_team_locked_stays_locked_for_the_owner(sign_in, owner, moderator, discussion):
    set_locked(discussion, True, actor=system_actor())
    client = sign_in(owner)
    page = client.get(PAGE).content.decode()
    assert 'name="locked"' not in page
    assert "the team ended it" in page
    assert client.post(f"{PAGE}/lock", {"locked": "0"}).status_code == 403


def test_opener_does_not_lock(sign_in, author, discussion):
    client = sign_in(author)
    assert 'name="locked"' not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}/lock", {"locked": "1"}).status_code == 403


def test_forged_reason(sign_in, owner, discussion):
    assert sign_in(owner).post(f"{PAGE}/lock", {"locked": "1", "reason": "nonsense"}).status_code == 400


def test_timeline_says_who_closed_and_reopened(client, owner, discussion):
    for wanted in ("closed", "open"):
        set_status(discussion, wanted, actor=owner)
    page = client.get(PAGE).content.decode()
    assert page.index("nok</a> closed this") < page.index("nok</a> reopened this")
