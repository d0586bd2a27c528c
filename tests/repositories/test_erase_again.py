"""Erased bytes that somebody committed again, and pull requests that move while files are erased (C6)."""

import threading

import pygit2
import pytest
from django.db import transaction

from community.actions.erasing import destroy_files, erase_files
from community.models import PullRequest
from community.pull_requests import commit_to_pull_request, open_pull_request
from repositories import git
from repositories.actions import commit
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
