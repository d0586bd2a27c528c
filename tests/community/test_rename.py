"""Giving a discussion another title (B2)."""

import pytest

from community.actions import open_discussion, rename, set_locked

PAGE = "/nok/tiny-model/discussions/1"


def title(discussion):
    discussion.refresh_from_db()
    return discussion.title


@pytest.mark.parametrize("person", ["author", "owner", "moderator"])
def test_opener_owner_and_team_rename(request, client, sign_in, discussion, person):
    them = sign_in(request.getfixturevalue(person))
    assert f"{PAGE}/rename" in them.get(PAGE).content.decode()
    response = them.post(f"{PAGE}/rename", {"title": " Loading  fails on Windows "})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert title(discussion) == "Loading fails on Windows"


def test_timeline_says_from_what(client, owner, discussion):
    rename(discussion, "<b>Fixed</b>", actor=owner)
    page = client.get(PAGE).content.decode()
    words = '<bdi class="words">{}</bdi>'
    assert f"renamed this from “{words.format('How do I load this?')}”" in page
    assert f"to “{words.format('&lt;b&gt;Fixed&lt;/b&gt;')}”" in page


def test_others_do_not(sign_in, client, reporter, discussion):
    assert f"{PAGE}/rename" not in sign_in(reporter).get(PAGE).content.decode()
    assert sign_in(reporter).post(f"{PAGE}/rename", {"title": "Mine"}).status_code == 403
    assert client.post(f"{PAGE}/rename", {"title": "Mine"})["Location"] == f"/accounts/login/?next={PAGE}"
    assert title(discussion) == "How do I load this?"


@pytest.mark.parametrize(
    ("wanted", "message"), [("", "This field is required."), ("x" * 201, "at most 200"), ("a\u202eb", "U+202E")]
)
def test_bad_title_is_explained_and_kept(sign_in, author, discussion, wanted, message):
    response = sign_in(author).post(f"{PAGE}/rename", {"title": wanted})
    page = response.content.decode()
    assert (response.status_code, message in page, f'value="{wanted}"' in page) == (422, True, True)
    assert title(discussion) == "How do I load this?"


def test_same_title_is_no_event(sign_in, author, discussion):
    sign_in(author).post(f"{PAGE}/rename", {"title": discussion.title})
    assert not discussion.events.exists()


def test_not_while_the_team_locked_it(sign_in, author, moderator, discussion):
    set_locked(discussion, True, actor=moderator)
    assert sign_in(author).post(f"{PAGE}/rename", {"title": "Mine"}).status_code == 403


def test_owner_does_not_rename_what_the_team_began(sign_in, owner, moderator, repository):
    open_discussion(repository, title="From us", text="Text.", actor=moderator, origin="team")
    assert sign_in(owner).post(f"{PAGE}/rename", {"title": "Mine"}).status_code == 403
