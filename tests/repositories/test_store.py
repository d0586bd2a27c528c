"""Storing content and commits, and what operators find on the disk (A1)."""

import fcntl
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from foundation.errors import Refused
from repositories import git
from repositories.actions import commit, commit_changes
from repositories.git import LARGE, refs
from repositories.models import Repository
from tests.repositories.committing import AT, add, check, puts, run_git, write


def test_real_git_reads_it(repository, owner, tmp_path):
    commit(repository, {"a/b/ไทย é.txt": b"x\x00\xff", "run.sh": b"#!/bin/sh\n"}, actor=owner, message="Add")
    commit(repository, {"a/b/ไทย é.txt": None, "new": b""}, actor=owner, message="Drop\n\nFor good.")
    git.export_refs(repository, {git.MAIN: repository.head})
    check(repository)
    run_git("clone", "-q", git.location(repository), tmp_path / "clone")
    files = {path.name for path in (tmp_path / "clone").iterdir()}
    assert files == {".git", "README.md", "run.sh", "new"}
    assert run_git("log", "--format=%an %s", folder=tmp_path / "clone").splitlines() == [
        "nok Drop",
        "nok Add",
        "nok Add the card",
    ]


def test_refs_are_what_was_exported_last(tmp_path):
    repository = Repository()
    first = add(repository, {"a": b"1"})
    second = add(repository, {"a": b"2"})
    git.export_refs(repository, {git.MAIN: first, git.pull_request_ref(7): second, git.pull_request_ref(8): ""})
    home = git.location(repository)
    assert run_git("-C", home, "show-ref").split() == [first, "refs/heads/main", second, "refs/pr/7"]
    run_git("-C", home, "update-ref", "refs/heads/main", second)  # by somebody else
    git.export_refs(repository, {git.MAIN: second})
    assert run_git("-C", home, "show-ref").split() == [second, "refs/heads/main"]
    run_git("clone", "-q", home, tmp_path / "clone")
    assert (tmp_path / "clone" / "a").read_bytes() == b"2"


def test_refs_of_nothing():
    repository = Repository()
    git.export_refs(repository, {git.MAIN: ""})
    check(repository)


@pytest.mark.parametrize(("name", "oid"), [("HEAD", "0" * 40), ("refs/heads/../x", "0" * 40), ("refs/pr/1", "x\ny")])
def test_refs_are_ours(name, oid):
    with pytest.raises(ValueError):
        git.export_refs(Repository(), {name: oid})


def test_stale_locks_go_and_fresh_ones_stay():
    repository = Repository()
    head = add(repository, {"a": b"1"})
    home = git.location(repository)
    stale, fresh = home / "packed-refs.lock", home / "refs" / "heads" / "main.lock"
    stale.touch()
    fresh.touch()
    os.utime(stale, (0, 0))
    git.export_refs(repository, {git.MAIN: head})
    assert not stale.exists()
    assert fresh.exists()
    assert refs.STALE == 600


def test_garbage_collection_by_operators_keeps_what_no_ref_names():
    repository = Repository()
    head = add(repository, {"a": b"1"})
    for path in git.location(repository).glob("objects/*/*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    run_git("-C", git.location(repository), "gc", "-q")
    assert git.read_file(repository, "a", head) == b"1"


@pytest.mark.parametrize("number", [1, 99, 100, 250])
def test_many_and_few_contents(number):
    repository = Repository()
    files = {f"{n % 7}/{n}": b"content %d" % n for n in range(number)}
    head = add(repository, files)
    assert {file.path: git.read_file(repository, file.path) for file in git.list_files(repository)} == files
    check(repository)
    packs = list(git.location(repository).glob("objects/pack/*.pack"))
    assert len(packs) == (number >= 100)
    assert head == add(repository, files, parent="")  # again: nothing new is written
    assert list(git.location(repository).glob("objects/pack/*.pack")) == packs


def test_many_folders_are_packed_too():
    repository = Repository()
    add(repository, {f"{n}/{n}": b"one content" for n in range(300)})
    assert len(git.list_files(repository)) == 300
    assert len(list(git.location(repository).glob("objects/pack/*.pack"))) == 1
    check(repository)


def test_contents_of_every_size_between_file_and_pack():
    repository = Repository()
    files = {f"{n}.bin": os.urandom(n * 1_000) for n in range(120)}
    add(repository, files)
    assert all(git.read_file(repository, path) == content for path, content in files.items())
    check(repository)


@pytest.mark.parametrize("number", [3, 150])
def test_everything_is_on_the_disk_before_it_counts(monkeypatch, number):
    """A power cut: what is renamed was synced before, and the folder it came to is synced after."""
    synced: list[int] = []
    published: list[tuple[int, int, int]] = []
    sync, rename = os.fsync, os.rename

    def noted_sync(descriptor):
        synced.append(os.fstat(descriptor).st_ino)
        sync(descriptor)

    def noted_rename(source, target):
        if "incoming" not in Path(target).parts:
            published.append((len(synced), Path(source).stat().st_ino, Path(target).parent.stat().st_ino))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "rename", noted_rename)
    repository = Repository()
    changes = puts(repository, {f"{name}/{name}": b"%d" % name for name in range(number)})
    stored = git.store_bytes(repository, bytes(LARGE + 1))
    write(repository, [*changes, git.Put("big", stored.oid)])
    git.export_refs(repository, {git.MAIN: repository.head})
    assert len(published) > 5
    for place, what, folder in published:
        assert what in synced[:place]
        assert folder in synced[place:]


def test_nothing_is_kept_after_an_error():
    repository = Repository()

    def break_off():
        with git.incoming(repository) as box:
            for number in range(150):
                box.add_bytes(b"%d" % number)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert not list(git.location(repository).glob("objects/*/*"))
    assert not list(Path(git.location(repository).parent.parent / "incoming").iterdir())


def test_stream_is_read_in_pieces_and_bounded(settings):
    class Slow(BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, 7))

    repository = Repository()
    assert git.store_content(repository, Slow(b"x" * 100), limit=100).size == 100
    with pytest.raises(ValidationError) as refusal:
        git.store_content(repository, Slow(b"x" * 101), limit=100)
    assert "one file has at most 100" in " ".join(refusal.value.messages)
    settings.LARGEST_FILE = 9
    with pytest.raises(ValidationError):
        git.store_bytes(repository, b"0123456789")


def test_full_disk_is_said(monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    repository = Repository()
    git.store_bytes(repository, b"1")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused) as refusal:
        git.store_bytes(repository, b"2")
    assert (refusal.value.status, refusal.value.code) == (507, "no_room")


def test_put_of_what_was_never_stored():
    with pytest.raises(ValidationError) as refusal:
        write(Repository(), [git.Put("a", "1" * 40)])
    assert "We do not have the content of “a”" in refusal.value.messages[0]


def test_on_an_earlier_commit_and_on_two():
    repository = Repository()
    first = add(repository, {"a": b"1"})
    left = add(repository, {"b": b"2"})
    right = add(repository, {"c": b"3"}, parent=first)
    both = add(repository, {"d": b"4"}, parent=left, second_parent=right)
    assert [file.path for file in git.list_files(repository, right)] == ["a", "c"]
    found = git.find_commit(repository, both)
    assert found.parents == (left, right)
    assert (found.author, found.email, found.at) == ("nok", "nok@users.ombud.invalid", AT)
    assert git.in_history(repository, right)
    assert not git.in_history(repository, right, left)


@pytest.mark.parametrize("parent", ["1" * 40, "nonsense", "HEAD"])
def test_parent_that_is_not_there(parent):
    with pytest.raises(Refused) as refusal:
        write(Repository(), [], parent=parent)
    assert refusal.value.status == 404


def test_message_is_kept_whole_or_refused():
    repository = Repository()
    head = write(repository, [], message="One\x00two \ud800 ไทย")
    assert git.find_commit(repository, head).message == "Onetwo ? ไทย"
    with pytest.raises(ValidationError, match="65537"):
        write(repository, [], message="x" * 65_537)


def test_executable():
    repository = Repository()
    [put] = puts(repository, {"run.sh": b"x"})
    write(repository, [git.Put("run.sh", put.oid, executable=True)])
    assert git.find_file(repository, "run.sh").executable
    assert run_git("-C", git.location(repository), "ls-tree", repository.head).startswith("100755 blob")


def test_content_is_stored_before_the_row_is_locked(repository, owner, django_assert_num_queries):
    stored = git.store_bytes(repository, b"x")
    before = repository.head
    oid = commit_changes(repository, [git.Put("a/b", stored.oid)], actor=owner, message="Add", parent=before)
    oid = commit_changes(repository, [git.DeleteFolder("a")], actor=owner, message="Delete", parent=oid)
    assert repository.head == oid
    with pytest.raises(Refused) as refusal:
        commit_changes(repository, [git.Put("a", stored.oid)], actor=owner, message="Late", parent=before)
    assert refusal.value.code == "stale"


def test_sweep_takes_what_died_and_is_old():
    repository = Repository()
    git.store_bytes(repository, b"1")
    drafts = git.location(repository).parent.parent / "incoming"
    dead, young, alive = drafts / "dead", drafts / "young", drafts / "alive"
    for folder in (dead, young, alive):
        folder.mkdir()
        (folder / "content").write_bytes(b"half")
    for folder in (dead, alive):
        os.utime(folder, (0, 0))
    holder = os.open(alive, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    assert git.sweep_leftovers(timedelta(hours=1)) == 1
    assert sorted(path.name for path in drafts.iterdir()) == ["alive", "young"]
    os.close(holder)
    assert git.sweep_leftovers(timedelta(hours=1)) == 1
