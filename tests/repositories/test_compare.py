"""What differs between two commits, and that nobody can make it endless (B1)."""

import os
import random
import time

import pytest

from repositories import git
from repositories.git import LARGE, compare
from repositories.models import Repository
from tests.repositories.committing import add, puts, write

LONG = b"".join(b"line %d\n" % number for number in range(100))


def compared(before, after, **limits):
    """The comparison of two commits with these files."""
    repository = Repository()
    old = add(repository, before)
    new = add(repository, after, parent="")
    return git.diff(repository, old, new, **limits)


def shown(file):
    return [(line.kind, line.old, line.new, line.text) for hunk in file.hunks for line in hunk.lines]


def test_lines_with_their_numbers():
    after = LONG.replace(b"line 50\n", b"line fifty\nand more\n").replace(b"line 99\n", b"line 99")
    [file] = compared({"a": LONG}, {"a": after}).files
    assert (file.status, file.additions, file.deletions, file.binary, file.cut) == ("modified", 3, 2, False, False)
    assert [hunk.header for hunk in file.hunks] == ["@@ -48,7 +48,8 @@ line 46", "@@ -97,4 +98,4 @@ line 95"]
    assert shown(file)[2:7] == [
        (" ", 50, 50, "line 49"),
        ("-", 51, None, "line 50"),
        ("+", None, 51, "line fifty"),
        ("+", None, 52, "and more"),
        (" ", 52, 53, "line 51"),
    ]
    assert [line.ended for line in file.hunks[1].lines[-2:]] == [True, False]


def test_added_deleted_and_untouched():
    found = compared({"gone": b"1\n", "same": b"2\n"}, {"same": b"2\n", "folder/new": b"3\n"})
    assert [(file.path, file.status, file.additions, file.deletions) for file in found.files] == [
        ("folder/new", "added", 1, 0),
        ("gone", "deleted", 0, 1),
    ]
    assert (found.files[0].old, found.files[1].new) == (None, None)


def test_from_nothing_and_to_nothing():
    repository = Repository()
    head = add(repository, {"a": b"1\n"})
    assert [file.status for file in git.diff(repository, "", head).files] == ["added"]
    assert [file.status for file in git.diff(repository, head, "").files] == ["deleted"]
    assert git.diff(repository, head, head) == git.Comparison([])


def test_moved_with_and_without_a_change():
    found = compared({"old": LONG, "x/same": b"same\n"}, {"new": LONG + b"more\n", "y/same": b"same\n"})
    assert [(file.old_path, file.path, file.status, file.additions) for file in found.files] == [
        ("old", "new", "renamed", 1),
        ("x/same", "y/same", "renamed", 0),
    ]
    assert found.files[1].hunks == []


def test_executable_only():
    repository = Repository()
    [put] = puts(repository, {"run": b"x\n"})
    old, new = write(repository, [put]), write(repository, [git.Put("run", put.oid, executable=True)])
    [file] = git.diff(repository, old, new).files
    assert (file.status, file.old.executable, file.new.executable, file.hunks) == ("modified", False, True, [])


@pytest.mark.parametrize("content", [b"a\x00b", b"\xff\xfe", "é".encode("latin-1")], ids=["nul", "bytes", "latin"])
def test_what_is_no_text(content):
    [file] = compared({"a": b"text\n"}, {"a": content}).files
    assert (file.binary, file.hunks, file.new.size) == (True, [], len(content))


def test_large_files_by_size_and_hash():
    repository = Repository()
    old = write(repository, [git.Put("w", git.store_bytes(repository, bytes(LARGE + 1)).oid)])
    new = write(repository, [git.Put("w", git.store_bytes(repository, bytes(LARGE + 2)).oid)])
    [file] = git.diff(repository, old, new).files
    assert (file.binary, file.hunks, file.old.size, file.new.size) == (True, [], LARGE + 1, LARGE + 2)
    assert file.old.sha256 != file.new.sha256


def test_pointer_that_is_only_text_is_compared_as_text():
    pointer = git.pointer("1" * 64, 20_000_000)
    [file] = compared({"w": b"x\n"}, {"w": pointer}).files
    assert (file.binary, file.additions) == (False, 3)


def test_many_files_and_lines_are_cut_and_it_is_said():
    files = {f"{number:03}": LONG for number in range(20)}
    found = compared({"a": b""}, files, most_files=5, most_lines=250)
    assert (len(found.files), found.left_out) == (5, 16)
    assert [(len(shown(file)), file.additions, file.cut) for file in found.files] == [
        (100, 100, False),
        (100, 100, False),
        (50, 100, True),
        (0, 100, True),
        (0, 100, True),
    ]


def test_long_lines_are_cut():
    [file] = compared({"a": b""}, {"a": b"x" * 100_000}).files
    assert len(shown(file)[0][3]) == 2_001


def test_long_files_are_not_compared():
    [file] = compared({"a": b"x\n"}, {"a": b"x\n" * 200_000}).files
    assert (file.cut, file.hunks, file.new.size) == (True, [], 400_000)


def test_lines_that_look_like_a_patch():
    text = b"@@ -1 +1 @@\n--- a\n+++ b\n\\ No newline at end of file\n\x0c\xe2\x80\xa8x\r\n\n"
    [file] = compared({"a": b"x\n"}, {"a": text}).files
    lines = [line.text for line in file.hunks[0].lines if line.kind == "+"]
    assert lines == ["@@ -1 +1 @@", "--- a", "+++ b", "\\ No newline at end of file", "\x0c\u2028x\r", ""]


def test_hostile_texts_take_bounded_time(monkeypatch):
    dice = random.Random(1)
    size = compare.LONGEST_COMPARED // 2

    def hard():
        return b"\n".join(dice.choice([b"a", b"b"]) for _line in range(size))

    names = [f"{number}" for number in range(8)]
    repository = Repository()
    old = add(repository, {name: hard() for name in names})
    new = add(repository, {name: hard() for name in names}, parent="")
    start = time.monotonic()
    found = git.diff(repository, old, new)
    assert time.monotonic() - start < 30
    assert [bool(file.additions) for file in found.files] == [True] * 4 + [False] * 4


def test_many_moved_files_take_bounded_time():
    files = {f"{number}": os.urandom(200) for number in range(3_000)}
    start = time.monotonic()
    found = compared(files, {f"moved/{name}": content + b"x" for name, content in files.items()})
    assert time.monotonic() - start < 20
    assert found.left_out == 6_000 - 300


def test_words_that_changed_inside_a_line():
    [file] = compared({"a": b"one two three\nsame\nx\n"}, {"a": b"one 2 three\nsame\ny\nz\n"}).files
    parts = [(line.kind, line.parts) for line in file.hunks[0].lines if line.parts]
    assert parts == [
        ("-", ((False, "one "), (True, "two"), (False, " three"))),
        ("+", ((False, "one "), (True, "2"), (False, " three"))),
    ]
