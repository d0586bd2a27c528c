"""Opening a discussion (B1, F5)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actions import posting
from accounts.queries import system_actor
from community.models import Comment, Discussion
from foundation import clock

NEW = "/nok/tiny-model/discussions/new"


def form(**changes):
    return {"title": "Where is the data?", "text": "I looked *everywhere*.", "request_id": uuid4(), **changes}


@pytest.fixture
def ban(author):
    starts = clock.now()
    reason = "You called people idiots."
    return posting.restrict(
        author,
        kind="posting_ban",
        reason=reason,
        starts_at=starts,
        ends_at=starts + timedelta(48),
        actor=system_actor(),
    )


def test_person_opens_one(sign_in, author, repository):
    client = sign_in(author)
    assert 'name="request_id" value="' in client.get(NEW).content.decode().replace("\n", " ")
    response = client.post(NEW, form())
    assert (response.status_code, response["Location"]) == (303, "/nok/tiny-model/discussions/1")
    assert "<em>everywhere</em>" in client.get(response["Location"]).content.decode()


def test_double_click_opens_one(sign_in, author, repository):
    values = form()
    client = sign_in(author)
    assert {client.post(NEW, values)["Location"] for _time in range(2)} == {"/nok/tiny-model/discussions/1"}
    assert (Discussion.objects.count(), Comment.objects.count()) == (1, 1)


def test_id_of_the_request_of_somebody_else(sign_in, author, reporter, repository):
    values = form()
    sign_in(author).post(NEW, values)
    response = sign_in(reporter).post(NEW, values)
    assert response.status_code == 409
    assert Discussion.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": " \n "}, "This field is required."),
        ({"title": "x" * 201}, "please shorten it to at most 200"),
        ({"title": "abc\u202etxt.exe"}, "U+202E"),
        ({"text": "abc\u2066def"}, "U+2066"),
        ({"text": "abc\x1bdef"}, "U+001B"),
        ({"text": "abc\x00def"}, "Null characters are not allowed."),
        ({"text": "x" * 100_000}, "please shorten it to at most 65536"),
        ({"request_id": "nonsense"}, "Enter a valid UUID."),
    ],
)
def test_form_says_what_is_wrong_and_keeps_the_text(sign_in, author, repository, change, message):
    response = sign_in(author).post(NEW, form(**change))
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert ("everywhere" in page) == ("text" not in change)
    assert not Discussion.objects.exists()


def test_title_is_one_line(sign_in, author, repository):
    sign_in(author).post(NEW, form(title="one\r\n two"))
    assert Discussion.objects.get().title == "one two"


@pytest.mark.usefixtures("ban")
def test_banned_person_reads_why_and_until_when(sign_in, author, repository):
    client = sign_in(author)
    page = client.get(NEW).content.decode()
    assert "You can post again on" in page
    assert "You called people idiots." in page
    assert "<textarea" not in page
    refused = client.post(NEW, form())
    assert refused.status_code == 403
    assert "You called people idiots." in refused.content.decode()
    assert f'<input value="{form()["title"]}" readonly>' in refused.content.decode()
    assert f"readonly>{form()['text']}</textarea>" in refused.content.decode()
    assert not Discussion.objects.exists()


@pytest.mark.usefixtures("ban")
def test_ban_ends_by_itself(sign_in, author, repository, pass_time):
    pass_time(timedelta(days=48, seconds=1))
    client = sign_in(author)
    assert "<textarea" in client.get(NEW).content.decode()
    assert client.post(NEW, form()).status_code == 303


def test_visitor_signs_in_first(client, repository):
    for response in (client.get(NEW), client.post(NEW, form())):
        assert response["Location"] == f"/accounts/login/?next={NEW}"


def test_private_repository_is_not_there(sign_in, author, make_repository):
    make_repository("secret", visibility="private")
    assert sign_in(author).post("/nok/secret/discussions/new", form()).status_code == 404
