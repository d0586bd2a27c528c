"""Commenting in a discussion (B1, F5)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actions import posting
from accounts.queries import system_actor
from community.actions import set_locked, set_status
from community.models import Comment, Discussion
from foundation import clock
from repositories.actions import change_settings

PAGE = "/nok/tiny-model/discussions/1"
COMMENT = f"{PAGE}/comment"
VERBS = ("comment", "status", "lock", "pin", "rename")


def form(text="Thank you.", **changes):
    return {"text": text, "request_id": uuid4(), **changes}


def ban(person, hours=48):
    starts = clock.now()
    ends = starts + timedelta(hours=hours) if hours else None
    posting.restrict(
        person, kind="posting_ban", reason="You insulted.", starts_at=starts, ends_at=ends, actor=system_actor()
    )


def test_person_comments_and_is_led_to_it(sign_in, reporter, discussion):
    client = sign_in(reporter)
    response = client.post(COMMENT, form())
    made = Comment.objects.get(author=reporter)
    assert (response.status_code, response["Location"]) == (303, made.get_absolute_url())
    assert "Thank you." in client.get(response["Location"]).content.decode()


def test_double_click_makes_one(sign_in, reporter, discussion):
    client, values = sign_in(reporter), form()
    assert len({client.post(COMMENT, values)["Location"] for _time in range(2)}) == 1
    assert Comment.objects.filter(author=reporter).count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "abc\u202edef"}, "U+202E"),
        ({"text": "abc\x08def"}, "U+0008"),
        ({"text": "x" * 100_000}, "please shorten it to at most 65536"),
        ({"request_id": "x"}, "Enter a valid UUID."),
    ],
)
def test_form_says_what_is_wrong(sign_in, reporter, discussion, change, message):
    response = sign_in(reporter).post(COMMENT, form(**change))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Comment.objects.count() == 1


def test_emoji_and_thai_with_their_joiners_are_kept(sign_in, reporter, discussion):
    text = "👩‍👩‍👧 ภาษาไทย मी‌ल"
    sign_in(reporter).post(COMMENT, form(text))
    assert Comment.objects.get(author=reporter).text == text


def test_banned_person_reads_why_instead_of_the_form(sign_in, author, discussion):
    ban(author)
    client = sign_in(author)
    page = client.get(PAGE).content.decode()
    assert "You can post again on" in page
    assert "<textarea" not in page
    refused = client.post(COMMENT, form())
    assert refused.status_code == 403
    words = page.partition("You can post again on")[2].partition("</p>")[0]
    assert f"You can post again on{words}" in refused.content.decode()
    assert Comment.objects.count() == 1


def test_ban_without_an_end_says_so(sign_in, author, discussion):
    ban(author, hours=0)
    assert "You cannot post in community tabs. Our reason: You insulted." in sign_in(author).get(PAGE).content.decode()


def test_closed_keeps_the_text_in_the_form(sign_in, reporter, discussion, owner):
    set_status(discussion, "closed", actor=owner)
    client = sign_in(reporter)
    assert "<textarea" not in client.get(PAGE).content.decode()
    response = client.post(COMMENT, form("A long answer."))
    assert response.status_code == 409
    page = response.content.decode()
    assert 'This discussion is closed. <a href="/nok/tiny-model/discussions/new">Open a new one</a>' in page
    assert "A long answer." in page
    assert Comment.objects.count() == 1


def test_banned_in_between_keeps_the_text_to_copy(sign_in, author, discussion):
    ban(author)
    page = sign_in(author).post(COMMENT, form("A long answer.")).content.decode()
    assert "readonly>A long answer.</textarea>" in page
    assert 'href="/standing"' in page


def test_comment_that_closes(sign_in, author, discussion):
    client = sign_in(author)
    assert 'name="close"' in client.get(PAGE).content.decode()
    assert client.post(COMMENT, form("Solved.", close="1")).status_code == 303
    discussion.refresh_from_db()
    assert (discussion.status, discussion.comments.last().text) == ("closed", "Solved.")


def test_whoever_may_not_close_leaves_no_comment_either(sign_in, reporter, discussion):
    client = sign_in(reporter)
    assert 'name="close"' not in client.get(PAGE).content.decode()
    response = client.post(COMMENT, form("Solved.", close="1"))
    assert (response.status_code, "Solved." in response.content.decode()) == (403, True)
    discussion.refresh_from_db()
    assert (discussion.status, discussion.comment_count) == ("open", 1)


def test_locked_is_for_the_team(sign_in, reporter, moderator, discussion):
    set_locked(discussion, True, actor=system_actor())
    client = sign_in(reporter)
    assert "the team ended it" in client.get(PAGE).content.decode()
    assert client.post(COMMENT, form()).status_code == 403
    assert "<textarea" in sign_in(moderator).get(PAGE).content.decode()
    assert sign_in(moderator).post(COMMENT, form()).status_code == 303


def test_visitor_signs_in_and_comes_back_to_the_discussion(client, discussion):
    assert client.post(COMMENT, form())["Location"] == f"/accounts/login/?next={PAGE}"
    assert "Sign in to answer" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_the_address_of_a_verb_leads_to_the_page_and_changes_nothing(sign_in, author, discussion, method):
    before = Discussion.objects.values().get()
    for verb in VERBS:
        answer = getattr(sign_in(author), method)(f"{PAGE}/{verb}", form(status="closed", title="Other"))
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert (Discussion.objects.values().get(), Comment.objects.count()) == (before, 1)
    assert sign_in(author).put(f"{PAGE}/comment").status_code == 405


def test_what_is_private_is_not_there(sign_in, reporter, owner, discussion, repository):
    change_settings(repository, actor=owner, visibility="private")
    for verb in VERBS:
        assert sign_in(reporter).post(f"{PAGE}/{verb}", form(status="closed")).status_code == 404
    assert sign_in(owner).post(COMMENT, form()).status_code == 303


def test_discussion_that_is_not_there(sign_in, reporter, repository):
    assert sign_in(reporter).post("/nok/tiny-model/discussions/7/comment", form()).status_code == 404
