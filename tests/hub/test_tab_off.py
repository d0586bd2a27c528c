"""While a tab is off, what strangers propose in it is served to nobody but those who read on (B2)."""

import pytest

from community.actions import change_tab
from community.pull_requests import open_pull_request
from tests.community.conftest import changes_of
from tests.repositories.reading import text_of

API, PAGE = "/api/models/nok/tiny-model", "/nok/tiny-model"


@pytest.fixture
def proposed(repository, owner, author):
    changes = changes_of(repository, {"rude.txt": b"rude words\n"})
    opened = open_pull_request(repository, changes, title="Rude title", text="Rude.", actor=author)
    change_tab(repository, on=False, newcomers=0, actor=owner)
    return opened


def places(head):
    for revision in ("refs%2Fpr%2F1", head):
        yield f"{PAGE}/resolve/{revision}/rude.txt"
        yield from (f"{API}/{what}/{revision}" for what in ("tree", "commits", "revision"))


def test_it_is_not_there_for_strangers(client, send, proposed, author, reporter):
    for user in (None, author, reporter):
        for path in places(proposed.pull_request.head):
            response = send("get", path, user=user)
            assert (response.status_code, response["X-Error-Code"]) == (404, "RevisionNotFound"), path
        missing = send("get", f"{API}/tree/refs%2Fpr%2F9", user=user)
        assert missing.content == send("get", f"{API}/tree/refs%2Fpr%2F1", user=user).content.replace(b"pr/1", b"pr/9")
        assert send("get", f"{API}/refs?include_prs=1", user=user).json()["pullRequests"] == []


def test_who_reads_on_has_it(send, proposed, owner, moderator):
    for user in (owner, moderator):
        for path in places(proposed.pull_request.head):
            assert send("get", path, user=user).status_code == 200, path
        assert len(send("get", f"{API}/refs?include_prs=1", user=user).json()["pullRequests"]) == 1


def test_on_again_it_is_there(send, proposed, repository, owner):
    change_tab(repository, on=True, newcomers=0, actor=owner)
    for path in places(proposed.pull_request.head):
        assert send("get", path).status_code == 200, path


@pytest.mark.parametrize("what", ["comment", "discussion"])
def test_nobody_reads_its_words_in_the_form_that_reports(sign_in, proposed, owner, moderator, reporter, what):
    target = proposed.comments.get() if what == "comment" else proposed
    address = f"/report/{what}/{target.public_id}"
    response, missing = (sign_in(reporter).get(path) for path in (address, f"/report/{what}/{owner.public_id}"))
    assert (response.status_code, missing.status_code) == (404, 404)
    assert "Rude" not in text_of(response)
    assert "We find nothing here" in text_of(response)
    assert "We find nothing here" in text_of(missing)
    for person in (owner, moderator):
        assert "Rude" in text_of(sign_in(person).get(address))
