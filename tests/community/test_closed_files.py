"""Files that are closed to somebody do not leak through what pull requests propose; the card alone is public (A2)."""

import pytest

from accounts.queries import system_actor
from community.pull_requests import commit_to_pull_request, open_pull_request, update_from_main
from foundation.errors import Forbidden
from repositories.actions import change_settings, commit
from repositories.actions.restrictions import restrict
from tests.community.conftest import changes_of

PAGE = "/nok/tiny-model"
BETTER = b"---\nlicense: apache-2.0\n---\n# tiny-model\n\nA small model for tests, and its limits.\n"
WORD = "fileword"


@pytest.fixture(params=["gated", "disabled"])
def closed(request, repository, owner, author, propose):
    """The repository with a secret file, proposed changes to it (1) and to the card (2), and its files closed."""
    commit(repository, {"secret.txt": WORD.encode() * 3}, actor=owner, message="Add it")
    first = propose({"secret.txt": f"{WORD} two\n".encode()})
    second = commit_to_pull_request(first, changes_of(repository, {"b.txt": b"x\n"}), actor=author, message="And b")
    propose({"README.md": BETTER})
    if request.param == "gated":
        change_settings(repository, actor=owner, gating="manual")
    else:
        restrict(repository, kind="disabled", reason="Under review.", actor=system_actor())
    first.refresh_from_db()
    return first, second


def everywhere(discussion, oid):
    head = discussion.pull_request.head
    return [
        f"{PAGE}/discussions/1",
        f"{PAGE}/discussions/1/files",
        f"{PAGE}/discussions/1/files/secret.txt",
        f"{PAGE}/discussions/1/files/README.md",
        f"{PAGE}/discussions/1/commits",
        f"{PAGE}/discussions/1/commits/{oid}",
        f"{PAGE}/commit/{head}",
        f"{PAGE}/raw/secret.txt?at={head}",
        f"{PAGE}/files?at={head}",
        f"{PAGE}/history?start={head}",
        f"{PAGE}/resolve/refs%2Fpr%2F1/secret.txt",
        f"{PAGE}/resolve/{head}/secret.txt",
        f"{PAGE}/resolve/{oid}/secret.txt",
        "/api/models/nok/tiny-model/tree/refs%2Fpr%2F1",
        "/api/models/nok/tiny-model/revision/refs%2Fpr%2F1",
        "/api/models/nok/tiny-model/commits/refs%2Fpr%2F1",
        "/api/models/nok/tiny-model/discussions/1",
        "/api/models/nok/tiny-model/discussions/1?diff=1",
    ]


def test_strangers_and_the_opener_read_nothing_of_them(closed, client, sign_in, reporter, author):
    first, second = closed
    for who in (client, sign_in(reporter), sign_in(author)):
        for path in everywhere(first, second):
            response = who.get(path)
            assert response.status_code < 500, path
            content = b"".join(response) if response.streaming else response.content
            assert WORD.encode() not in content, path
            assert b"secret.txt" not in content.replace(path.encode(), b""), path


def test_the_card_stays_readable(closed, client):
    assert "and its limits" in client.get(f"{PAGE}/discussions/2/files").content.decode()
    assert "README.md" in client.get(f"{PAGE}/discussions/2").content.decode()
    assert client.get(f"{PAGE}/discussions/2/commits").status_code == 200
    assert client.get(f"{PAGE}/discussions/2/files/README.md").status_code == 403


def test_the_owner_reads_all(closed, sign_in, owner):
    client = sign_in(owner)
    assert WORD in client.get(f"{PAGE}/discussions/1/files").content.decode()
    assert WORD.encode() in client.get(f"{PAGE}/discussions/1/files/secret.txt").content


def test_a_file_moved_to_the_card_is_no_card(make_repository, owner, author, client):
    repository = make_repository("other")
    commit(repository, {"README.md": None, "secret.txt": f"{WORD}\n".encode() * 20}, actor=owner, message="No card")
    changes = changes_of(repository, {"secret.txt": None, "README.md": f"{WORD}\n".encode() * 21})
    open_pull_request(repository, changes, title="Move it", text="So.", actor=author)
    assert WORD in client.get("/nok/other/discussions/1/files").content.decode()
    change_settings(repository, actor=owner, gating="manual")
    for path in ("", "/files", "/commits"):
        assert WORD not in client.get(f"/nok/other/discussions/1{path}").content.decode()


def test_bringing_main_in_shows_the_opener_nothing_of_it(repository, owner, author, propose, sign_in):
    opened = propose({"README.md": BETTER})
    change_settings(repository, actor=owner, gating="manual")
    commit(repository, {"secret.txt": WORD.encode()}, actor=owner, message="Later")
    oid = update_from_main(opened, actor=author)
    client = sign_in(author)
    assert "and its limits" in client.get(f"{PAGE}/discussions/1/files").content.decode()
    assert client.get(f"{PAGE}/discussions/1/commits/{oid}").status_code == 403
    assert WORD not in client.get(f"{PAGE}/discussions/1/commits").content.decode()


def test_nobody_proposes_to_a_disabled_repository(repository, author, reporter, owner, propose, sign_in):
    opened = propose({"README.md": BETTER})
    restrict(repository, kind="disabled", reason="Under review.", actor=system_actor())
    with pytest.raises(Forbidden, match="disabled"):
        commit_to_pull_request(opened, changes_of(repository, {"a": b"1"}), actor=author, message="More")
    with pytest.raises(Forbidden, match="disabled"):
        open_pull_request(repository, changes_of(repository, {"a": b"1"}), title="A", text="B", actor=reporter)
    page = sign_in(reporter).get(f"{PAGE}/card/suggest").content.decode()
    assert "changes to its files cannot be proposed now" in page
    assert "Open the pull request" not in page
    open_pull_request(repository, changes_of(repository, {"a": b"1"}), title="A", text="B", actor=owner)


def test_private_is_not_there(repository, owner, propose, client, sign_in, author):
    opened = propose({"README.md": BETTER})
    change_settings(repository, actor=owner, visibility="private")
    for who in (client, sign_in(author)):
        for path in everywhere(opened, opened.pull_request.head):
            assert who.get(path).status_code in (401, 403, 404), path


@pytest.mark.parametrize(("path", "is_named"), [("secret.txt", False), ("README.md", True)])
def test_bringing_main_in_names_no_closed_file(repository, owner, author, propose, sign_in, path, is_named):
    propose({path: BETTER})
    commit(repository, {path: b"Other words.\n"}, actor=owner, message="Ours")
    change_settings(repository, actor=owner, gating="manual")
    response = sign_in(author).post(f"{PAGE}/discussions/1/update")
    page = response.content.decode()
    assert (response.status_code, path in page, "Both sides changed" in page) == (409, is_named, True)
    assert path in sign_in(owner).post(f"{PAGE}/discussions/1/update").content.decode()
