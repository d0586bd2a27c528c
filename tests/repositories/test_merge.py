"""Merging commits: what fits together does, what does not is a conflict, and nothing is written to find out (B1)."""

import pytest

from foundation.errors import Refused
from repositories import git
from repositories.git import LARGE
from repositories.models import Repository
from tests.repositories.committing import AT, add, check, puts, write

LINES = b"".join(b"line %d\n" % number for number in range(20))


@pytest.fixture
def sides():
    """sides(base, ours, theirs): files of a first commit, and what each side changes after it (None deletes)."""
    repository = Repository()

    def change(files, parent):
        deletions = [git.Delete(path) for path, content in files.items() if content is None]
        contents = {path: content for path, content in files.items() if content is not None}
        return write(repository, [*deletions, *puts(repository, contents)], parent=parent)

    def make(base, ours, theirs):
        first = change(base, "")
        return repository, change(ours, first), change(theirs, first)

    return make


def files_at(repository, oid):
    return {file.path: git.read_file(repository, file.path, oid) for file in git.list_files(repository, oid)}


def merge(repository, ours, theirs):
    return git.write_merge(repository, ours, theirs, author="mira", message="Merge", at=AT)


def test_different_files(sides):
    repository, ours, theirs = sides({"a": b"1", "b": b"1", "c/d": b"1"}, {"a": b"2"}, {"b": None, "c/e": b"2"})
    before = sorted(git.location(repository).rglob("*"))
    assert git.try_merge(repository, ours, theirs).conflicts == []
    assert sorted(git.location(repository).rglob("*")) == before
    oid = merge(repository, ours, theirs)
    assert files_at(repository, oid) == {"a": b"2", "c/d": b"1", "c/e": b"2"}
    found = git.find_commit(repository, oid)
    assert (found.parents, found.author) == ((ours, theirs), "mira")
    assert git.merge_base(repository, ours, oid) == ours
    check(repository)


def test_different_lines_of_one_file(sides):
    ours, theirs = LINES.replace(b"line 2\n", b"ours\n"), LINES.replace(b"line 17\n", b"theirs\n")
    repository, ours, theirs = sides({"a": LINES}, {"a": ours}, {"a": theirs})
    oid = merge(repository, ours, theirs)
    assert git.read_file(repository, "a", oid) == LINES.replace(b"line 2\n", b"ours\n").replace(b"line 17", b"theirs")
    check(repository)


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ({"a": LINES}, {"a": b"ours\n"}, {"a": b"theirs\n"}),
        ({"a": b"1"}, {"a": None}, {"a": b"2"}),
        ({"a": b"1"}, {"a": b"2"}, {"a": None}),
        ({"x": b"1"}, {"a": b"1"}, {"a": b"2"}),
        ({"a": b"\x00" + LINES}, {"a": b"\x00" + LINES + b"1"}, {"a": b"\x001" + LINES}),
        ({"x": b"1"}, {"a/b": b"1"}, {"a": b"2"}),
        ({"x": b"1"}, {"a": b"1"}, {"a/b": b"2"}),
        ({"x": b"1"}, {"A": b"1"}, {"a": b"1"}),
        ({"x": b"1"}, {"é": b"1"}, {"e\u0301": b"1"}),
    ],
    ids=["lines", "we deleted", "they deleted", "added", "binary", "folder", "file", "case", "accent"],
)
def test_conflicts(sides, base, ours, theirs):
    repository, ours, theirs = sides(base, ours, theirs)
    [path] = git.try_merge(repository, ours, theirs).conflicts
    assert path.lower() in ("a", "e\u0301")
    with pytest.raises(Refused, match="Both sides changed these files") as refusal:
        merge(repository, ours, theirs)
    assert refusal.value.code == "conflict"


def test_both_did_the_same(sides):
    change = {"a": b"2", "b": None, "new": b"3"}
    repository, ours, theirs = sides({"a": b"1", "b": b"1"}, change, change)
    assert files_at(repository, merge(repository, ours, theirs)) == {"a": b"2", "new": b"3"}


def test_ours_did_not_move(sides):
    repository, _ours, theirs = sides({"a": b"1"}, {"a": b"2"}, {"a": b"3"})
    base = git.merge_base(repository, _ours, theirs)
    oid = merge(repository, base, theirs)
    assert git.find_commit(repository, oid).parents == (base, theirs)
    assert files_at(repository, oid) == {"a": b"3"}


def test_into_nothing():
    repository = Repository()
    theirs = add(repository, {"a": b"1"})
    assert git.merge_base(repository, "", theirs) == ""
    assert files_at(repository, merge(repository, "", theirs)) == {"a": b"1"}


def test_without_a_common_commit():
    repository = Repository()
    ours, theirs = add(repository, {"a": b"1", "same": b"1"}), add(repository, {"b": b"1", "same": b"1"}, parent="")
    assert git.merge_base(repository, ours, theirs) == ""
    assert files_at(repository, merge(repository, ours, theirs)) == {"a": b"1", "b": b"1", "same": b"1"}


def test_executable_of_one_side_and_text_of_the_other(sides):
    repository, ours, theirs = sides({"run": b"1"}, {"run": b"2"}, {"x": b"1"})
    found = git.find_file(repository, "run", theirs)
    theirs = write(repository, [git.Put("run", found.oid, executable=True)], parent=theirs)
    for one, other in ((ours, theirs), (theirs, ours)):
        file = git.find_file(repository, "run", merge(repository, one, other))
        assert file.executable
        assert git.read_file(repository, "run", repository.head) == b"1"


def test_large_files_are_never_mixed(sides):
    repository, ours, theirs = sides({"x": b"1"}, {"x": b"2"}, {"y": b"1"})
    for number, name in enumerate(("ours", "theirs")):
        stored = git.store_bytes(repository, bytes(LARGE + 1 + number))
        head = write(repository, [git.Put("w", stored.oid)], parent=ours if name == "ours" else theirs)
        ours, theirs = (head, theirs) if name == "ours" else (ours, head)
    assert git.try_merge(repository, ours, theirs).conflicts == ["w"]


def test_large_file_of_one_side(sides):
    repository, ours, theirs = sides({"x": b"1"}, {"x": b"2"}, {"y": b"1"})
    stored = git.store_bytes(repository, bytes(LARGE + 1))
    theirs = write(repository, [git.Put("w", stored.oid)], parent=theirs)
    oid = merge(repository, ours, theirs)
    assert git.find_file(repository, "w", oid).sha256 == stored.sha256


def test_long_texts_are_not_merged(sides):
    long = b"x\n" * 150_000
    repository, ours, theirs = sides({"a": long}, {"a": b"1\n" + long}, {"a": long + b"2\n"})
    assert git.try_merge(repository, ours, theirs).conflicts == ["a"]
