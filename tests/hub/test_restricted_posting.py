"""Whoever may not post is refused through the client by every way, and reads on (F5; checks 24 to 26, 28)."""

import re

import pytest
from huggingface_hub.errors import HfHubHTTPError

from accounts.queries import system_actor
from community.actions import add_comment, open_discussion, set_locked
from community.models import Comment, Discussion, TabSettings
from moderation.cases.actions import decide_directly

REPO = "nok/tiny-model"
WAYS = {
    "comment": lambda api, key: api.comment_discussion(REPO, 1, "Me again"),
    "discussion": lambda api, key: api.create_discussion(REPO, "Me again"),
    "pull request": lambda api, key: api.create_pull_request(REPO, "Me again"),
    "upload": lambda api, key: upload(api, REPO, create_pr=True),
    "upload to a pull request": lambda api, key: upload(api, REPO, revision="refs/pr/2"),
    "rename": lambda api, key: api.rename_discussion(REPO, 1, "Me again"),
    "edit": lambda api, key: api.edit_discussion_comment(REPO, 1, key, "Me again"),
    "close": lambda api, key: api.change_discussion_status(REPO, 1, "closed"),
    "open a draft": lambda api, key: api.change_discussion_status(REPO, 2, "open"),
}


def upload(api, repository, **options):
    return api.upload_file(path_or_fileobj=b"Mine.", path_in_repo="a.txt", repo_id=repository, **options)


@pytest.fixture
def api(hub, comment, author):
    """The client of `author`, who has a draft too."""
    api = hub(author)
    api.create_pull_request(REPO, "A draft")
    return api


@pytest.fixture
def decide(comment, clause, moderator):
    """decide("posting_ban"): a measure for what `author` wrote."""
    return lambda kind: decide_directly(
        comment, kind=kind, clause=clause("harassment"), reason="You called people idiots.", actor=moderator
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("posting_ban", r"again on .+ \d\d:\d\d"),
        ("deactivate", "cannot post in community tabs. Our reason: You called"),
    ],
)
def test_a_sanction_stands_in_every_way(api, decide, comment, way, kind, words):
    decide(kind)
    before = Discussion.objects.count(), Comment.objects.count()
    with pytest.raises(HfHubHTTPError, match=words) as raised:
        WAYS[way](api, comment.public_id.hex)
    assert raised.value.response.status_code == 403
    assert (Discussion.objects.count(), Comment.objects.count()) == before


def test_without_a_sanction_every_way_is_open(api, comment):
    for way in sorted(WAYS, key="close".__eq__):  # at last: nobody comments in what is closed
        WAYS[way](api, comment.public_id.hex)
    assert (Discussion.objects.count(), Comment.objects.count()) == (5, 7)


@pytest.mark.parametrize("kind", ["posting_ban", "deactivate"])
def test_reading_and_own_repositories_stay_open(api, decide, make_repository, author, kind):
    decide(kind)
    make_repository("mine", owner=author)
    assert api.get_discussion_details(REPO, 1).num == 1
    assert len(list(api.get_repo_discussions(REPO))) == 2
    assert upload(api, "quentin/mine").oid


def test_locked(hub, discussion, reporter, owner, moderator):
    set_locked(discussion, True, reason="heated", actor=system_actor())
    for user in (reporter, owner):
        with pytest.raises(HfHubHTTPError, match="the team ended it") as raised:
            hub(user).comment_discussion(REPO, 1, "And me.")
        assert raised.value.response.status_code == 403
        assert "Reason: too heated." in str(raised.value)
    assert hub(moderator).comment_discussion(REPO, 1, "We ended this.").author == "mira"


def test_the_owner_writes_where_the_owner_locked(hub, discussion, reporter, owner):
    set_locked(discussion, True, actor=owner)
    with pytest.raises(HfHubHTTPError, match="the owner ended it"):
        hub(reporter).comment_discussion(REPO, 1, "And me.")
    assert hub(owner).comment_discussion(REPO, 1, "That was it.").author == "nok"


@pytest.mark.parametrize("way", ["comment", "upload"])
def test_too_much_in_a_short_time(hub, make_user, discussion, settings, way):
    settings.NEW_ACCOUNT_POSTS_PER_HOUR = 2
    new = make_user("newcomer", days_old=0)
    for number in range(2):
        add_comment(discussion, text=f"Number {number}.", actor=new)
    with pytest.raises(HfHubHTTPError, match=r"You can post again") as raised:
        WAYS[way](hub(new), "")
    response = raised.value.response
    seconds = int(response.headers["Retry-After"])
    assert (response.status_code, response.headers["RateLimit"]) == (429, f'"posts";r=0;t={seconds}')
    assert 3_500 < seconds <= 3_600
    assert "RateLimit-Policy" not in response.headers
    assert re.search(rf"Retry after {seconds} seconds", str(raised.value))
    assert f"Try again in {seconds} seconds." in response.json()["error"]


def test_a_tab_that_is_off_shows_what_the_team_began(hub, repository, discussion, reporter, owner, moderator):
    team = open_discussion(
        repository, title="About this model", text="Please answer.", actor=moderator, origin=Discussion.Origin.TEAM
    )
    TabSettings.objects.create(repository=repository, on=False, changed_by=owner)
    seen = {
        user: [one.num for one in hub(user).get_repo_discussions(REPO)] for user in (None, reporter, owner, moderator)
    }
    assert seen == {None: [2], reporter: [2], owner: [2, 1], moderator: [2, 1]}
    with pytest.raises(HfHubHTTPError, match="turned this community tab off") as raised:
        hub(reporter).get_discussion_details(REPO, 1)
    assert raised.value.response.status_code == 404
    with pytest.raises(HfHubHTTPError, match="turned this community tab off") as raised:
        hub(reporter).create_discussion(REPO, "Hello")
    assert raised.value.response.status_code == 403
    assert hub(reporter).comment_discussion(REPO, team.number, "Here I am.").author == "iris"
