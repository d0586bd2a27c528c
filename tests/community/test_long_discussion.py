"""A discussion with 5,000 comments costs as many queries on its last page as on its first (B1, issue "Numbers")."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_token
from community.actions import hide, open_discussion, react
from community.models import Comment, CommentVersion
from foundation import clock

LENGTH = 5_000
# What one request may ask, whoever sends it: far above what it takes, far below what a page of 100 comments would.
MOST = 30
PAGE, API, HUB = (
    "/nok/tiny-model/discussions/{0.number}?from={1}",
    "/api/v1/discussions/{0.public_id}/timeline?from={1}",
    "/api/models/nok/tiny-model/discussions/{0.number}?from={1}",
)


@pytest.fixture
def long_discussion(discussion, author, owner, reporter):
    """5,000 comments of three people; a hidden one and reactions on the first page, the middle one and the last."""
    people, yesterday = (author, owner, reporter), clock.now() - timedelta(days=1)
    comments = Comment.objects.bulk_create(
        Comment(
            discussion=discussion,
            author=people[number % 3],
            position=number,
            text=f"Number {number}; see @nok and `x`",
            created_at=yesterday,
        )
        for number in range(2, LENGTH + 1)
    )
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=one, number=1, text=one.text, author_id=one.author_id) for one in comments
    )
    discussion.last_position = discussion.comment_count = LENGTH
    discussion.save()
    for position in (50, 2450, 4950):
        comment = discussion.comments.get(position=position)
        react(comment, "heart", actor=owner)
        hide(discussion.comments.get(position=position + 1), category="spam", actor=owner)
    return discussion


@pytest.fixture
def viewers(sign_in, reporter, owner, moderator):
    """Clients of nobody, somebody, the owner and a moderator."""
    return [Client(), sign_in(reporter), sign_in(owner), sign_in(moderator)]


def cost(client, path, **headers) -> int:
    """How many queries a request takes that is not the first of its kind."""
    assert client.get(path, **headers).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path, **headers)
    return len(queries)


@pytest.mark.parametrize("address", [PAGE, API])
def test_every_page_takes_as_many_queries(long_discussion, viewers, address):
    for client in viewers:
        costs = {cost(client, address.format(long_discussion, start)) for start in (1, 2401, 4901)}
        assert len(costs) == 1
        assert costs.pop() <= MOST


def test_details_take_as_many_queries_as_those_of_a_short_one(long_discussion, repository, author, owner, reporter):
    short = open_discussion(repository, title="Short", text="Text.", actor=author)
    react(short.comments.get(), "heart", actor=owner)
    hide(short.comments.get(), category="spam", actor=owner)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {create_token(reporter, scope='read', actor=reporter)}"}
    costs = [cost(Client(), HUB.format(one, 1), **headers) for one in (short, long_discussion)]
    assert costs[0] == costs[1] <= MOST


def test_pages_hold_everything_once(long_discussion, client):
    path, positions = API.format(long_discussion, 1), []
    while path:
        page = client.get(path).json()
        positions += [one["position"] for one in page["results"]]
        path = page["next"]
    assert positions == list(range(1, LENGTH + 4))  # and three times that something was hidden


def test_address_of_a_comment_leads_to_its_page(long_discussion, client):
    comments = Comment.objects.select_related("discussion__repository__namespace").filter(discussion=long_discussion)
    for comment in comments.filter(position__in=(1, 100, 101, 4321, LENGTH)):
        address, _hash, anchor = comment.get_absolute_url().partition("#")
        assert f'id="{anchor}"' in client.get(address).content.decode()
        shown = client.get(API.format(long_discussion, 1).replace("from=1", f"comment={comment.public_id}")).json()
        assert comment.position in [one["position"] for one in shown["results"]]
