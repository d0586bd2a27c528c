"""Erased bytes that somebody committed again, and pull requests that move while files are erased (C6)."""

import threading

import pygit2
import pytest
from django.db import transaction

from community.actions.erasing import destroy_files, erase_files
from community.models import PullRequest
from community.pull_requests import commit_to_pull_request, open_pull_request
from repositories import git
from repositories.actions import commit, commit_changes
from tests.cases.test_lock_order import SOON, at_once
from tests.conftest import concurrent

WORDS = b"Words that had to go, and are allowed since: " + b"w" * 100


@pytest.fixture
def repository(make_repository, owner):
    """A repository of many small files, in a pack."""
    repository = make_repository("again")
    files = {"a.txt": WORDS, "b.txt": b"Others", **{f"many-{number}.txt": b"%d" % number for number in range(101)}}
    commit(repository, files, actor=owner, message="Many")
    repository.refresh_from_db()
    return repository


def erase(repository, path):
    erase_files(repository, [path])
    destroy_files(repository)
    repository.refresh_from_db()


def is_whole(repository, head):
    """Whether every object of its history is there, and is what its id says."""
    store = pygit2.Repository(str(git.location(repository)))
    for one in store.walk(head):
        pending = [one.tree]
        while pending:
            for entry in pending.pop():
                if isinstance(entry, pygit2.Tree):
                    pending.append(entry)
                elif pygit2.hash(entry.data) != entry.id:
                    return False
    return True


@pytest.mark.parametrize("large", [False, True])
def test_main_keeps_what_was_committed_again(repository, owner, monkeypatch, large):
    if large:
        monkeypatch.setattr("repositories.git.storing.LARGE", 50)
    content = WORDS * 2
    commit(repository, {"c.txt": content}, actor=owner, message="Another")
    erase(repository, "c.txt")
    commit(repository, {"folder/c.txt": content}, actor=owner, message="Again")
    erase(repository, "b.txt")
    assert is_whole(repository, repository.head)
    with git.open_file(repository, git.find_file(repository, "folder/c.txt")) as stream:
        assert stream.read() == content
    assert git.find_file(repository, "b.txt") is None


def test_a_pull_request_keeps_what_it_proposes_again(repository, author):
    erase(repository, "a.txt")
    change = git.Put("again.txt", git.store_bytes(repository, WORDS).oid)
    proposal = open_pull_request(repository, [change], title="Again", text="Please.", actor=author)
    erase(repository, "b.txt")
    head = PullRequest.objects.get(discussion=proposal).head
    assert is_whole(repository, head)
    assert git.read_file(repository, "again.txt", head) == WORDS
    assert git.find_file(repository, "b.txt", head) is None


@pytest.fixture
def destroyed_meanwhile(monkeypatch):
    """destroyed_meanwhile(repository, job): what is erased is destroyed after `job` wrote a commit, before it locks."""

    def run(repository, job):
        written, destroyed = threading.Event(), threading.Event()
        write = git.write_commit

        def written_first(*args, **values):
            oid = write(*args, **values)
            if not written.is_set():
                written.set()
                assert destroyed.wait(10)
            return oid

        def destroy():
            assert written.wait(10)
            destroy_files(repository)
            destroyed.set()

        monkeypatch.setattr(git, "write_commit", written_first)
        return at_once(job, destroy)[0]

    return run


@concurrent
@pytest.mark.parametrize("large", [False, True])
def test_what_a_commit_sends_again_while_it_is_destroyed_is_kept_anew(
    repository, owner, monkeypatch, destroyed_meanwhile, large
):
    if large:
        monkeypatch.setattr("repositories.git.storing.LARGE", 50)
    content = WORDS * 2
    commit(repository, {"c/c.txt": content}, actor=owner, message="Another")
    erase_files(repository, ["c/c.txt"])
    repository.refresh_from_db()
    files = {"c/c.txt": content}  # the same folder too
    done = destroyed_meanwhile(repository, lambda: commit(repository, files, actor=owner, message="Again"))
    repository.refresh_from_db()
    assert repository.head == done
    assert is_whole(repository, repository.head)
    with git.open_file(repository, git.find_file(repository, "c/c.txt")) as stream:
        assert stream.read() == content


@concurrent
@pytest.mark.parametrize("way", ["commit", "pull request"])
def test_a_content_that_was_stored_before_it_was_destroyed_has_to_be_sent_again(
    repository, owner, author, destroyed_meanwhile, way
):
    erase_files(repository, ["a.txt"])
    repository.refresh_from_db()
    change = git.Put("again.txt", git.store_bytes(repository, WORDS).oid)
    ways = {
        "commit": lambda: commit_changes(repository, [change], actor=owner, message="Again"),
        "pull request": lambda: open_pull_request(repository, [change], title="Again", text="Please.", actor=author),
    }
    before = repository.head
    refused = destroyed_meanwhile(repository, ways[way])
    assert isinstance(refused, git.BadChange)
    assert (refused.code, refused.path) == ("no_content", "again.txt")
    repository.refresh_from_db()
    assert repository.head == before
    assert not PullRequest.objects.exists()


@concurrent
@pytest.mark.parametrize("way", ["commit", "pull request"])
def test_a_folder_that_is_destroyed_is_written_again(repository, owner, author, destroyed_meanwhile, way):
    """What lay in it is there again, so it is the folder alone that is gone."""
    commit(repository, {"f/c.txt": WORDS * 2}, actor=owner, message="Another")
    erase_files(repository, ["f/c.txt"])
    repository.refresh_from_db()
    commit(repository, {"c.txt": WORDS * 2}, actor=owner, message="Again")
    change = git.Put("f/c.txt", git.find_file(repository, "c.txt").oid)
    ways = {
        "commit": lambda: commit_changes(repository, [change], actor=owner, message="There too"),
        "pull request": lambda: open_pull_request(repository, [change], title="Again", text="Please.", actor=author),
    }
    done = destroyed_meanwhile(repository, ways[way])
    head = done if way == "commit" else PullRequest.objects.get().head
    assert is_whole(repository, head)
    assert git.read_file(repository, "f/c.txt", head) == WORDS * 2


@concurrent
def test_a_commit_to_a_pull_request_meanwhile_is_neither_lost_nor_leaves_the_file(repository, author):
    change = git.Put("one.txt", git.store_bytes(repository, b"one").oid)
    proposal = open_pull_request(repository, [change], title="One", text="Please.", actor=author)
    later = git.Put("two.txt", git.store_bytes(repository, b"two").oid)
    written, go = threading.Event(), threading.Event()

    def propose():
        with transaction.atomic():
            commit_to_pull_request(proposal, [later], actor=author, message="Two")
            written.set()
            go.wait(10)

    def erase_meanwhile():
        written.wait(10)
        threading.Timer(SOON, go.set).start()
        erase(repository, "a.txt")

    assert at_once(propose, erase_meanwhile) == [None, None]
    head = PullRequest.objects.get(discussion=proposal).head
    assert is_whole(repository, head)
    assert git.read_file(repository, "two.txt", head) == b"two"
    assert git.find_file(repository, "a.txt", head) is None
