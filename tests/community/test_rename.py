"""Giving a discussion another title (B2)."""

import json
from datetime import timedelta

import pytest
from django.core import mail

from accounts.queries import system_actor
from community.actions import add_comment, open_discussion, rename, set_locked, set_status
from community.mailing import send_due_digests
from community.models import DiscussionEvent
from community.notifying import notify
from foundation.errors import Forbidden

PAGE = "/nok/tiny-model/discussions/1"
INSULT, WORSE = "The owner is a zirkonfalke", "And a quarzluchs besides"


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
    set_locked(discussion, True, actor=system_actor())
    assert sign_in(author).post(f"{PAGE}/rename", {"title": "Mine"}).status_code == 403


def test_owner_does_not_rename_what_the_team_began(sign_in, owner, moderator, repository):
    open_discussion(repository, title="From us", text="Text.", actor=moderator, origin="team")
    assert sign_in(owner).post(f"{PAGE}/rename", {"title": "Mine"}).status_code == 403


@pytest.fixture
def insulted(discussion, author, owner, reporter):
    """A discussion whose opener gave it two titles that should not stand there; both sides wrote in it."""
    rename(discussion, INSULT, actor=author)
    rename(discussion, WORSE, actor=author)
    add_comment(discussion, text="Really?", actor=reporter)
    add_comment(discussion, text="No.", actor=owner)
    return discussion


@pytest.mark.parametrize("person", ["owner", "moderator"])
def test_owner_and_team_leave_the_earlier_titles_out(request, sign_in, insulted, person):
    them = sign_in(request.getfixturevalue(person))
    assert 'name="conceal"' in them.get(PAGE).content.decode()
    assert them.post(f"{PAGE}/rename", {"title": "It does not load", "conceal": "on"}).status_code == 303
    page = them.get(PAGE).content.decode()
    assert "and left the earlier titles out" in page
    assert page.count("the owner or the team left the titles out") == 2


def test_titles_left_out_are_nowhere(client, sign_in, pass_time, insulted, author, owner, reporter, moderator):
    rename(insulted, "It does not load", actor=owner, conceal=True)
    set_status(insulted, "closed", actor=owner)
    notify()
    seen = [f"{one.subject} {one.body} {one.alternatives}" for one in _mails(pass_time)]
    assert len(seen) >= 2
    pages = [PAGE, "/nok/tiny-model/discussions?status=all", "/nok/tiny-model/discussions?status=all&q=zirkonfalke"]
    pages += ["/inbox/discussions?show=all", f"/report/discussion/{insulted.public_id}", "/search?q=zirkonfalke"]
    at = f"/api/v1/discussions/{insulted.public_id}"
    pages += [at, f"{at}/timeline", f"/api/models{PAGE}", "/api/models/nok/tiny-model/discussions?status=all"]
    pages += [f"/api/v1/repositories/{insulted.repository.public_id}/discussions"]
    for viewer in (None, author, owner, reporter, moderator):
        browser = sign_in(viewer) if viewer else client
        answers = [browser.get(one) for one in pages]
        assert [one.status_code for one in answers if one.status_code not in (200, 302, 404)] == []
        assert answers[0].status_code == answers[6].status_code == answers[7].status_code == 200
        # A page of a search says again what was looked for.
        seen += [one.content.decode() for one in answers if "zirkonfalke" not in one.request["QUERY_STRING"]]
    words = [word for text in seen for word in (INSULT, WORSE, "zirkonfalke", "quarzluchs") if word in text]
    assert words == []


def test_titles_left_out_stay_as_evidence(insulted, owner):
    rename(insulted, "It does not load", actor=owner, conceal=True)
    rename(insulted, "It loads", actor=owner, conceal=True)
    events = insulted.events.filter(kind=DiscussionEvent.Kind.RENAMED).order_by("position")
    kept = [event.data["kept"] for event in events]
    assert [one.get("from") for one in kept] == ["How do I load this?", INSULT, WORSE, "It does not load"]
    assert [one.get("to") for one in kept] == [INSULT, WORSE, "It does not load", None]
    assert [event.shown_data for event in events] == [{"concealed": True}] * 3 + [{"concealed": True, "to": "It loads"}]


def test_opener_cannot_leave_titles_out(sign_in, insulted, author):
    client = sign_in(author)
    assert 'name="conceal"' not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}/rename", {"title": "Nothing", "conceal": "on"}).status_code == 403
    assert title(insulted) == WORSE
    assert INSULT in client.get(PAGE).content.decode()


def test_owner_cannot_leave_out_what_they_wrote(repository, owner, moderator):
    own = open_discussion(repository, title=INSULT, text="Text.", actor=owner)
    with pytest.raises(Forbidden, match="only the team"):
        rename(own, "News", actor=owner, conceal=True)
    rename(own, "News", actor=moderator, conceal=True)
    assert INSULT not in json.dumps([event.shown_data for event in own.events.all()])


def test_owner_cannot_leave_out_what_the_team_began(sign_in, owner, repository):
    open_discussion(repository, title="From us", text="Text.", actor=system_actor(), origin="report")
    assert 'name="conceal"' not in sign_in(owner).get(PAGE).content.decode()
    assert sign_in(owner).post(f"{PAGE}/rename", {"title": "Mine", "conceal": "on"}).status_code == 403


def test_titles_after_it_are_told_again(client, insulted, author, owner):
    rename(insulted, "It does not load", actor=owner, conceal=True)
    rename(insulted, "It loads now", actor=author)
    page = client.get(PAGE).content.decode()
    words = '<bdi class="words">{}</bdi>'
    assert f"from “{words.format('It does not load')}” to “{words.format('It loads now')}”" in page


def _mails(pass_time):
    pass_time(timedelta(days=2))
    while send_due_digests():
        pass
    return mail.outbox
