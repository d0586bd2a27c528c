"""Looking at what one writes before it is sent (B1)."""

import pytest

from community.models import Comment, Discussion
from repositories.actions import change_settings
from tests.repositories.reading import runs_something

PREVIEW = "/nok/tiny-model/discussions/preview"
PAGE = "/nok/tiny-model/discussions/1"


def test_as_it_will_be_shown(sign_in, reporter, repository):
    page = sign_in(reporter).post(PREVIEW, {"text": "**Hello** @nok and @nobody-here"}).content.decode()
    assert "<strong>Hello</strong>" in page
    assert '<a href="/nok"' in page
    assert "@nobody-here</p>" in page
    assert "<html" not in page


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=a()>"])
def test_runs_nothing(sign_in, reporter, repository, attack):
    assert not runs_something(sign_in(reporter).post(PREVIEW, {"text": attack}).content.decode())


@pytest.mark.parametrize(("text", "message"), [("", "This field is required."), ("x\u202ey", "U+202E")])
def test_what_cannot_be_sent_cannot_be_previewed(sign_in, reporter, repository, text, message):
    response = sign_in(reporter).post(PREVIEW, {"text": text})
    assert (response.status_code, message in response.content.decode()) == (422, True)


def test_without_javascript_the_form_comes_back_with_it(sign_in, reporter, discussion):
    client = sign_in(reporter)
    values = {"text": "*Thanks.*", "request_id": "6dea637f-c4e2-4fff-b544-3a7766471e51", "preview": "1"}
    for path, more in ((f"{PAGE}/comment", {}), ("/nok/tiny-model/discussions/new", {"title": "New"})):
        response = client.post(path, {**values, **more})
        page = response.content.decode()
        assert (response.status_code, "<em>Thanks.</em>" in page) == (200, True)
        assert ">\n*Thanks.*</textarea>" in page
        assert values["request_id"] in page
    assert (Comment.objects.count(), Discussion.objects.count()) == (1, 1)


def test_for_those_who_see_the_repository(client, sign_in, reporter, owner, repository):
    assert client.post(PREVIEW, {"text": "Hello"})["Location"].startswith("/accounts/login/")
    change_settings(repository, actor=owner, visibility="private")
    assert sign_in(reporter).post(PREVIEW, {"text": "Hello"}).status_code == 404
