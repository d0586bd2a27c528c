"""Pinning a discussion to the top of the list."""

import re

import pytest

from community.actions import open_discussion, set_pinned

PAGE = "/nok/tiny-model/discussions/1"


def pinned(discussion):
    discussion.refresh_from_db()
    return discussion.pinned_at is not None


@pytest.mark.parametrize("person", ["owner", "moderator"])
def test_owner_and_team_pin_and_unpin(request, sign_in, discussion, person):
    client = sign_in(request.getfixturevalue(person))
    for value in ("1", "0"):
        assert re.search(rf'name="pinned"\s+value="{value}"', client.get(PAGE).content.decode())
        assert client.post(f"{PAGE}/pin", {"pinned": value})["Location"] == PAGE
        assert pinned(discussion) == (value == "1")


def test_others_do_not(sign_in, author, discussion):
    assert 'name="pinned"' not in sign_in(author).get(PAGE).content.decode()
    assert sign_in(author).post(f"{PAGE}/pin", {"pinned": "1"}).status_code == 403
    assert not pinned(discussion)


def test_a_fourth_is_refused(sign_in, owner, author, repository, discussion):
    for number in range(3):
        set_pinned(open_discussion(repository, title=str(number), text="Text.", actor=author), True, actor=owner)
    response = sign_in(owner).post(f"{PAGE}/pin", {"pinned": "1"})
    assert (response.status_code, "At most 3" in response.content.decode()) == (409, True)
    assert not pinned(discussion)


def test_page_and_timeline_say_so(client, owner, discussion):
    set_pinned(discussion, True, actor=owner)
    page = client.get(PAGE).content.decode()
    assert "nok</a> pinned this" in page
    assert " pinned</span>" in page
