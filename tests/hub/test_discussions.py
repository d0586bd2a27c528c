"""Discussions through the client: lists, opening, commenting, pull requests (B1; checks 19, 20, 30)."""

import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from community.actions import open_discussion, set_status
from community.models import Comment
from repositories.models import Visibility

REPO = "nok/tiny-model"


def test_list(hub, repository, discussion, author, owner):
    second = open_discussion(repository, title="Another", text="One.", actor=owner)
    set_status(second, "closed", actor=owner)
    api = hub()
    assert [one.num for one in api.get_repo_discussions(REPO)] == [2, 1]
    assert [one.num for one in api.get_repo_discussions(REPO, discussion_status="open")] == [1]
    assert [one.title for one in api.get_repo_discussions(REPO, author="NOK")] == ["Another"]
    assert list(api.get_repo_discussions(REPO, discussion_type="pull_request")) == []


def test_pages(hub, repository, author, monkeypatch):
    monkeypatch.setattr("hub.views.discussions.PAGE", 2)
    for number in range(5):
        open_discussion(repository, title=f"Number {number}", text="Text.", actor=author)
    assert [one.num for one in hub().get_repo_discussions(REPO)] == [5, 4, 3, 2, 1]


def test_details(hub, comment, author):
    details = hub().get_discussion_details(REPO, 1)
    assert (details.title, details.author, details.status) == ("How do I load this?", author.username, "open")
    assert [one.content for one in details.events] == ["It does not load here.", comment.text]


def test_open_and_comment(hub, repository, reporter):
    api = hub(reporter)
    opened = api.create_discussion(REPO, "  A question ", description="Does it **work**?")
    assert (opened.num, opened.title, opened.author) == (1, "A question", "iris")
    added = api.comment_discussion(REPO, 1, "It does.")
    assert (added.content, added.author) == ("It does.", "iris")
    assert "<strong>work</strong>" in opened.events[0]._event["data"]["latest"]["html"]
    assert Comment.objects.count() == 2


def test_closed(hub, discussion, reporter, owner):
    set_status(discussion, "closed", actor=owner)
    with pytest.raises(HfHubHTTPError, match="closed") as raised:
        hub(reporter).comment_discussion(REPO, 1, "And me.")
    assert raised.value.response.status_code == 409


def test_scope_and_nobody(hub, endpoint, discussion, reporter):
    with pytest.raises(HfHubHTTPError, match="scope is read"):
        hub(reporter, "read").comment_discussion(REPO, 1, "And me.")
    with pytest.raises(HfHubHTTPError, match="token"):
        hub().comment_discussion(REPO, 1, "And me.")
    assert Comment.objects.count() == 1


def test_session_cannot_post(sign_in, discussion, reporter):
    """No page of another site can post in somebody's name: only a token counts."""
    response = sign_in(reporter).post(
        f"/api/models/{REPO}/discussions/1/comment", {"comment": "Hi"}, content_type="application/json"
    )
    assert response.status_code == 401


def test_a_file_is_proposed_opened_and_merged(hub, repository, reporter, owner):
    """Check 30, with whole folders in client/: the commits of a pull request arrive on main by merging it."""
    theirs, ours = hub(reporter), hub(owner)
    number = theirs.create_pull_request(REPO, "Notes").num
    content, revision = b"Proposed.", f"refs/pr/{number}"
    proposed = theirs.upload_file(path_or_fileobj=content, path_in_repo="notes.txt", repo_id=REPO, revision=revision)
    assert not ours.file_exists(REPO, "notes.txt")
    assert [one.num for one in ours.get_repo_discussions(REPO, discussion_type="pull_request")] == [number]
    details = ours.get_discussion_details(REPO, number)
    assert (details.is_pull_request, details.merge_commit_oid, details.conflicting_files) == (True, None, [])
    assert theirs.change_discussion_status(REPO, number, "open").new_status == "open"
    with pytest.raises(HfHubHTTPError) as refused:
        theirs.merge_pull_request(REPO, number)
    assert refused.value.response.status_code == 403
    ours.merge_pull_request(REPO, number, comment="Thank you.")
    merged = ours.get_discussion_details(REPO, number)
    repository.refresh_from_db()
    assert (merged.status, merged.merge_commit_oid) == ("merged", repository.head)
    assert [one.type for one in merged.events] == ["comment", "commit", "status-change", "status-change", "comment"]
    committed, opened, over, thanks = merged.events[1:]
    assert (committed.summary, committed.oid) == ("Upload notes.txt with huggingface_hub", proposed.oid)
    assert ([opened.new_status, over.new_status], thanks.content) == (["open", "merged"], "Thank you.")
    assert ours.file_exists(REPO, "notes.txt")


def test_an_empty_pull_request_is_a_draft_that_nobody_can_merge(hub, repository, owner):
    api = hub(owner)
    number = api.create_pull_request(REPO, "Later").num
    assert api.get_discussion_details(REPO, number).status == "draft"
    api.change_discussion_status(REPO, number, "open")
    with pytest.raises(HfHubHTTPError):
        api.merge_pull_request(REPO, number)


def test_private(hub, discussion, repository, reporter):
    repository.visibility = Visibility.PRIVATE
    repository.save()
    with pytest.raises(RepositoryNotFoundError):
        hub(reporter).get_discussion_details(REPO, 1)
    with pytest.raises(RepositoryNotFoundError):
        hub(reporter).create_discussion(REPO, "Hello")


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"comment": 5}', 400),
        ('{"comment": "  "}', 400),
        ('{"comment": "safe \\u202etxt"}', 400),
        ('{"comment": "a\\u0000b"}', 400),
        ('{"comment": "\\ud800"}', 400),
        ('{"comment": "' + "x" * 100_000 + '"}', 400),
        ('{"comment": "' + "x" * 3_000_000 + '"}', 413),
    ],
)
def test_bad_input(client, discussion, reporter, raw, status):
    from accounts.actions import create_token

    secret = create_token(reporter, scope="write", actor=reporter)
    response = client.post(
        f"/api/models/{REPO}/discussions/1/comment",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert response.status_code == status
    assert response.json()["error"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("path", ["discussions?p=-1", "discussions?p=²", "discussions?status=x", "discussions?type=x"])
def test_bad_queries(client, repository, path):
    assert client.get(f"/api/models/{REPO}/{path}").status_code == 400


def test_unknown_number_and_endpoint(client, repository):
    assert client.get(f"/api/models/{REPO}/discussions/99").status_code == 404
    assert client.get(f"/api/models/{REPO}/nothing").json() == {"error": "This hub does not answer here"}


def test_query_count(client, repository, author, django_assert_max_num_queries):
    for number in range(5):
        open_discussion(repository, title=f"Number {number}", text="Text.", actor=author)
    with django_assert_max_num_queries(6):
        assert client.get(f"/api/models/{REPO}/discussions").json()["count"] == 5
