"""Which paths a commit may have: nothing that harms whoever checks it out, on any system (A1)."""

import unicodedata
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repositories import git
from repositories.models import Repository
from repositories.names import clean_path, fold
from tests.repositories.committing import add, check, puts, run_git, write

NOT_A_PATH = [
    "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "...", ".. ", " ", "a/ /b", "a\\b", "..\\a",
    "a\nb", "a\x00b", "a\x7fb", "a\x85b", "a\u2028b", "a\u202eb", "a\u2066b", "a\ud800b", "\u200d", ".\u200c.",
    "x/" * 256 + "x",
]  # fmt: skip
DANGEROUS = [
    ".git", ".GIT/config", "a/.Git", ".git.", ".git ", ".git. .", ".g\u200cit", "\u200e.git", ".gi\u2060t", "git~1",
    "GIT~1/config", ".git::$INDEX_ALLOCATION", ".git:x", "git~1:x", ".gitmodules", ".GitModules", "gitmod~1",
    "GI7EBA~1", "C:", "C:/Windows", "c:evil", "README.md::$DATA", "x:$DATA",
]  # fmt: skip
FINE = [
    "a", ".gitignore", ".gitattributes", ".github/x", "git", "my.git", "...a", "a b", "-x", "~", "con", "aux.txt",
    "10:30.log", "ไทย/ก.txt", "👩‍👩‍👧.png", "می‌خواهم", "é", "e\u0301", "a\u200bb", "x" * 255, "ก" * 85,
]  # fmt: skip


@pytest.mark.parametrize("path", NOT_A_PATH, ids=ascii)
def test_what_is_no_path(path):
    with pytest.raises(ValidationError, match="is not a path of a file") as refusal:
        clean_path(path)
    refusal.value.messages[0].encode()  # can be shown


@pytest.mark.parametrize("path", DANGEROUS, ids=ascii)
def test_what_is_dangerous(path):
    with pytest.raises(ValidationError, match="reads as something else"):
        clean_path(path)


@pytest.mark.parametrize("path", ["x" * 256, "a/" + "ก" * 86], ids=["ascii", "thai"])
def test_name_that_no_system_stores(path):
    with pytest.raises(ValidationError, match="at most 255 bytes"):
        clean_path(path)


def test_what_is_fine():
    repository = Repository()
    fine = [path for path in FINE if path not in ("e\u0301",)]
    add(repository, dict.fromkeys(fine, b"x"))
    assert [file.path for file in git.list_files(repository)] == sorted(fine)
    check(repository)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("README.md", "readme.MD"),
        ("é", "e\u0301"),
        ("É", "e\u0301"),
        ("straße", "STRASSE"),
        ("Σας", "σασ"),
        ("a", "a."),
        ("a", "a "),
        ("a", "a\u200b"),
        ("data/x", "Data/y"),
        ("data/x", "DATA"),
        ("a/b/c", "a/B/d"),
        ("İ", "i\u0307"),
    ],
    ids=ascii,
)
def test_two_names_that_are_one_elsewhere(one, other):
    repository = Repository()
    with pytest.raises(ValidationError, match="would be one file on Windows and macOS"):
        add(repository, {one: b"1", other: b"2"})
    add(repository, {one: b"1"})
    with pytest.raises(ValidationError, match="would be one file on Windows and macOS"):
        add(repository, {other: b"2"})
    write(repository, [git.Delete(one), *puts(repository, {other: b"2"})])  # one takes the place of the other
    assert [file.path for file in git.list_files(repository)] == [other]


@pytest.mark.parametrize(
    ("there", "changes", "words"),
    [
        ({"a": b""}, {"a/b": b""}, "“a” is a file"),
        ({"a": b""}, {"a/b/c": b""}, "“a” is a file"),
        ({"a/b": b""}, {"a": b""}, "“a” is a folder"),
        ({}, {"a": b"", "a/b": b""}, "“a” is a folder"),
        ({"x/a/b": b""}, {"x/a": b""}, "“x/a” is a folder"),
    ],
)
def test_file_and_folder_of_one_name(there, changes, words):
    repository = Repository()
    add(repository, there)
    with pytest.raises(ValidationError, match=words):
        add(repository, changes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (git.Delete("nothing"), "no file “nothing”"),
        (git.Delete("a"), "no file “a”"),
        (git.Delete("a/b/c"), "no file “a/b/c”"),
        (git.Delete(""), "no file “”"),
        (git.Delete("../a/b"), "no file “../a/b”"),
        (git.DeleteFolder("a/b"), "no folder “a/b”"),
        (git.DeleteFolder("x"), "no folder “x”"),
        (git.DeleteFolder(""), "no folder “”"),
        (git.DeleteFolder("/"), "no folder “”"),
    ],
)
def test_deleting_what_is_not_there(change, words):
    repository = Repository()
    add(repository, {"a/b": b""})
    with pytest.raises(ValidationError, match=words):
        write(repository, [change])


def test_the_same_path_twice():
    repository = Repository()
    [put] = puts(repository, {"a": b""})
    with pytest.raises(ValidationError, match="comes twice"):
        write(repository, [put, put])


def test_deletions_come_first():
    repository = Repository()
    add(repository, {"a/b": b"1", "a/c": b"1", "f": b"1", "z/y": b"1"})
    changes = [*puts(repository, {"a": b"2", "f/g": b"2", "z/new": b"2"}), git.DeleteFolder("a/"), git.Delete("f")]
    write(repository, [*changes, git.DeleteFolder("z")])
    assert [file.path for file in git.list_files(repository)] == ["a", "f/g", "z/new"]
    write(repository, [git.Delete("f/g"), git.Delete("a"), git.Delete("z/new")])
    assert git.list_folder(repository) == []
    check(repository)


def test_collisions_that_are_there_already_may_be_left_and_deleted(monkeypatch):
    repository = Repository()
    with monkeypatch.context() as rules:
        rules.setattr("repositories.git.changes.fold", lambda name: name)
        add(repository, {"A": b"1", "a": b"1"})
    add(repository, {"other": b"1", "a": b"2"})
    write(repository, [git.Delete("A")])
    assert [file.path for file in git.list_files(repository)] == ["a", "other"]


PIECES = st.sampled_from(
    ["a", "A", "b", "é", "e\u0301", "É", ".", "..", ".git", "git~1", "x:", "\\", " ", "ß", "SS", "\u200d"]
)
NAMES = st.one_of(st.text(max_size=8), st.lists(PIECES, max_size=3).map("".join))
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(name):
    assert fold(fold(name)) == fold(name)
    assert fold(unicodedata.normalize("NFC", name)) == fold(unicodedata.normalize("NFD", name))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.dictionaries(PATHS, st.binary(max_size=3), max_size=4), min_size=1, max_size=4))
def test_whatever_is_accepted_can_be_checked_out_anywhere(commits):
    repository = Repository()
    there: dict[str, bytes] = {}
    for files in commits:
        with suppress(ValidationError):
            add(repository, files)
            there |= files
    if not repository.head:
        return
    assert {file.path: git.read_file(repository, file.path) for file in git.list_files(repository)} == there
    places = {"/".join(path.split("/")[: depth + 1]) for path in there for depth in range(path.count("/") + 1)}
    assert len({"/".join(map(fold, place.split("/"))) for place in places}) == len(places)
    run_git(
        "-C",
        git.location(repository),
        "-c",
        "core.protectNTFS=true",
        "-c",
        "core.protectHFS=true",
        "read-tree",
        repository.head,
    )
