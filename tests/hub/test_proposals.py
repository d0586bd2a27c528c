"""What a pull request proposes, through the client: its diff, its conflicts, and who may know them (A2, B1)."""

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete

from hub.proposals import unified
from repositories import git
from repositories.actions import commit
from repositories.models import Gating, Repository
from tests.repositories.committing import add, run_git

REPO = "nok/tiny-model"
BEFORE = {"a.txt": b"1\n2\n3\n", "gone.txt": b"bye\n", "old.txt": b"same\n" * 20, "open.txt": b"no end"}
AFTER = {"a.txt": b"1\ntwo\n3\n", "new.txt": b"hello", "moved.txt": b"same\n" * 20 + b"more\n", "open.txt": b"no end\n"}


@pytest.fixture
def propose(hub, reporter):
    """propose({"a.txt": b"…", "b.txt": None}): the number of a pull request with these files, None deletes."""

    def open_with(files):
        changes = [
            CommitOperationDelete(path) if content is None else CommitOperationAdd(path, content)
            for path, content in files.items()
        ]
        return hub(reporter).create_commit(REPO, changes, commit_message="Change it", create_pr=True).pr_num

    return open_with


def test_diff(hub, propose, repository, owner):
    commit(repository, {"a.txt": b"one\n"}, actor=owner, message="Add a file")
    details = hub().get_discussion_details(REPO, propose({"a.txt": b"two\n", "b/ü.txt": b"new"}))
    assert details.diff == (
        "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n"
        "diff --git a/b/ü.txt b/b/ü.txt\nnew file mode 100644\n--- /dev/null\n+++ b/b/ü.txt\n@@ -0,0 +1 @@\n+new\n"
        "\\ No newline at end of file\n"
    )
    assert (details.target_branch, details.conflicting_files) == ("refs/heads/main", [])


def test_git_applies_the_diff(tmp_path):
    """It says all that differs: additions, deletions, a moved file, last lines without an end."""
    repository = Repository()
    old = add(repository, BEFORE)
    new = add(repository, AFTER, parent="")
    diff = unified(git.diff(repository, old, new))
    assert "rename from old.txt\nrename to moved.txt\n" in diff
    folder, patch = tmp_path / "files", tmp_path / "patch"
    folder.mkdir()
    patch.write_text(diff)
    for name, content in BEFORE.items():
        (folder / name).write_bytes(content)
    run_git("apply", patch, folder=folder)
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == AFTER


def test_only_when_asked_for(send, propose, repository):
    number = propose({"a.txt": b"one\n"})
    assert "diff" not in send("get", f"/api/models/{REPO}/discussions/{number}").json()


def test_too_long_and_binary(hub, propose, repository):
    number = propose({"a.bin": b"\0\1", "b.txt": b"line\n" * 6_000})
    diff = hub().get_discussion_details(REPO, number).diff
    assert "\nBinary files /dev/null and b/a.bin differ\n" in diff
    assert diff.endswith("\nFiles /dev/null and b/b.txt differ\n")


def test_conflicts(hub, propose, repository, owner):
    number = propose({"a.txt": b"one\n", "b.txt": b"one\n"})
    commit(repository, {"a.txt": b"two\n"}, actor=owner, message="Add another")
    assert hub().get_discussion_details(REPO, number).conflicting_files == ["a.txt"]


def test_of_closed_files_nobody_learns_a_name(hub, propose, send, repository, owner, author):
    number = propose({"secret.txt": b"one\n"})
    commit(repository, {"secret.txt": b"two\n"}, actor=owner, message="Add another")
    repository.gating = Gating.MANUAL
    repository.save()
    details = hub(author).get_discussion_details(REPO, number)
    assert (details.diff, details.conflicting_files) == (None, True)
    assert hub(owner).get_discussion_details(REPO, number).conflicting_files == ["secret.txt"]
    answer = send("get", f"/api/models/{REPO}/discussions/{number}?diff=1", user=author)
    assert "secret.txt" not in answer.content.decode()


def test_nothing_is_there_yet(hub, reporter, owner):
    hub(owner).create_repo("nok/empty")
    details = hub(reporter).create_pull_request("nok/empty", "A draft")
    assert (details.diff, details.conflicting_files, details.status) == ("", [], "draft")
