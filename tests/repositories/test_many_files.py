"""10,000 files and more: stored, listed and changed quickly; how many there may be (A1)."""

import time

import pytest

from foundation.errors import Refused
from repositories import git
from repositories.git import commits
from repositories.models import Repository
from tests.repositories.committing import AT, add, check, puts, run_git, write

MANY = 10_000


def test_ten_thousand_files(tmp_path):
    """The bounds are ten times what an idle machine with two cores takes: 0.5, 0.3 and 0.2 s."""
    repository = Repository()
    changes = _timed(6, lambda: puts(repository, {f"{n % 100}/{n}.txt": b"content %d" % n for n in range(MANY)}))
    _timed(3, lambda: write(repository, changes))
    more = puts(repository, {f"flat/{n}": b"more %d" % n for n in range(MANY)})
    _timed(3, lambda: write(repository, more))
    files = _timed(2, lambda: git.list_files(repository))
    assert len(files) == 2 * MANY
    assert {file.path: file.size for file in files}["7/4207.txt"] == len("content 4207")
    _timed(2, lambda: add(repository, {"flat/one": b"1"}))
    _timed(2, lambda: write(repository, [git.DeleteFolder("flat")]))
    assert len(git.list_files(repository, sizes=False)) == MANY
    check(repository)
    git.export_refs(repository, {git.MAIN: repository.head})
    run_git("clone", "-q", git.location(repository), tmp_path / "clone")
    assert len(run_git("ls-files", folder=tmp_path / "clone").splitlines()) == MANY


def test_last_commits_of_a_large_folder():
    repository = Repository()
    first = add(repository, {f"{n}": b"%d" % n for n in range(MANY)})
    last = [add(repository, {f"{n}": b"changed"}) for n in range(30)]
    names = [f"{n}" for n in range(1_000)]
    found = _timed(3, lambda: git.last_commits(repository, "", repository.head, names))
    assert [found[f"{n}"].oid for n in range(30)] == last
    assert found["500"].oid == first


def test_more_than_fit_are_refused(monkeypatch):
    monkeypatch.setattr(commits, "MOST_FILES", 5)
    repository = Repository()
    add(repository, {f"a/{n}": b"" for n in range(5)})
    with pytest.raises(Refused, match="at most 5 files; with these it would have 6"):
        add(repository, {"b": b""})
    [put] = puts(repository, {"b": b""})
    write(repository, [put, git.Delete("a/0")])
    add(repository, {"b": b"changed"})
    assert git.write_commit(repository, [], parent=repository.head, author="nok", message="x", at=AT)


def _timed(seconds, do):
    start = time.monotonic()
    done = do()
    assert time.monotonic() - start < seconds
    return done
