"""Opening discussions and commenting: once for each request, whoever may (K1, B1)."""

import json
import uuid

import pytest
from rest_framework.test import APIClient

from community.actions import add_comment
from community.models import Comment, Discussion
from tests.api.conftest import code
from tests.api.test_at_once import at_once
from tests.conftest import concurrent

BODY = {"title": "  How do\n I load this? ", "text": "It does not load here."}


@pytest.fixture
def opening(repository) -> str:
    return f"/api/v1/repositories/{repository.public_id}/discussions"


@pytest.fixture
def commenting(discussion) -> str:
    return f"/api/v1/discussions/{discussion.public_id}/comments"


def test_opens(program, author, opening):
    response = program(author).post(opening, BODY)
    assert response.status_code == 201, response.json()
    made = Discussion.objects.get()
    assert (response.json()["id"], made.title, made.author) == (str(made.public_id), "How do I load this?", author)
    assert made.comments.get().text == BODY["text"]


def test_opens_at_an_address(program, author, repository):
    response = program(author).post("/api/v1/repositories/models/NOK/tiny-model/discussions", BODY)
    assert (response.status_code, response.json()["number"]) == (201, 1)


def test_comments(program, reporter, commenting, discussion):
    response = program(reporter).post(commenting, {"text": "Same **here**.\r\n"})
    assert response.status_code == 201, response.json()
    made = Comment.objects.latest("position")
    shown = response.json()
    assert (shown["id"], shown["position"], shown["author"]) == (str(made.public_id), 2, "iris")
    assert (made.text, made.discussion) == ("Same **here**.", discussion)
    assert shown["url"] == f"http://testserver{made.get_absolute_url()}"


def test_comments_cost(program, reporter, commenting, django_assert_max_num_queries):
    client = program(reporter)
    with django_assert_max_num_queries(22):
        client.post(commenting, {"text": "Same here."})


@pytest.mark.parametrize("sent_as", ["header", "body"])
@pytest.mark.parametrize("what", ["opening", "commenting"])
def test_same_request_twice_is_one_post(program, reporter, request, what, sent_as):
    path, client = request.getfixturevalue(what), program(reporter)
    headers = {"Idempotency-Key": "attempt 7"} if sent_as == "header" else {}
    body = BODY if sent_as == "header" else BODY | {"request_id": str(uuid.uuid4())}
    first, second = (client.post(path, body, headers=headers) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_two_people_may_use_the_same_key(program, reporter, author, commenting):
    answers = [
        program(one).post(commenting, {"text": "Hm."}, headers={"Idempotency-Key": "1"}) for one in (reporter, author)
    ]
    assert [one.status_code for one in answers] == [201, 201]


def test_other_words_under_a_key_are_not_lost(program, reporter, commenting, discussion):
    for text in ("One.", "Two."):
        assert program(reporter).post(commenting, {"text": text}, headers={"Idempotency-Key": "1"}).status_code == 201
    assert discussion.comments.filter(text__in=["One.", "Two."]).count() == 2


def test_request_id_of_somebody_else(program, reporter, author, discussion, commenting):
    request_id = uuid.uuid4()
    add_comment(discussion, text="Mine.", actor=author, request_id=request_id)
    response = program(reporter).post(commenting, {"text": "Mine.", "request_id": str(request_id)})
    assert (response.status_code, code(response)) == (409, "sent_before")


def test_token_without_write(program, reporter, commenting, discussion):
    response = program(reporter, "read").post(commenting, {"text": "Hm."})
    assert (response.status_code, code(response)) == (403, "permission_denied")
    assert discussion.comments.count() == 1


def test_nobody_posts_without_signing_in(opening, commenting):
    client = APIClient()
    for path in (opening, commenting):
        assert client.post(path, BODY, format="json").status_code == 401


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"title": "x" * 201}, "title"),
        ({"title": " \n "}, "title"),
        ({"title": "a\u0000b"}, "title"),
        ({"text": "x" * 65_537}, "text"),
        ({"text": "safe \u202etxt.exe"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": None}, "text"),
        ({"text": ["a"]}, "text"),
        ({"request_id": "1"}, "request_id"),
    ],
)
def test_bad_input_names_its_field(program, reporter, opening, change, attr):
    response = program(reporter).generic("POST", opening, json.dumps(BODY | change), content_type="application/json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == attr
    assert not Discussion.objects.exists()


@concurrent
def test_at_once(program, reporter, commenting, opening):
    for path in (commenting, opening):
        answers = at_once(lambda: program(reporter), path, BODY)
        assert {one.status_code for one in answers} <= {200, 201}
        assert len({one.json()["id"] for one in answers}) == 1
    assert Comment.objects.filter(author=reporter).count() == 2
