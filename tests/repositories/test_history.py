"""Reading the history: of all, of one path, and who changed what last (A1)."""

import pytest

from repositories import git
from repositories.models import Repository
from tests.repositories.committing import add, write


@pytest.fixture
def story():
    """main: a, b, a again, merge of a side branch that added s/x; the commits by name."""
    repository = Repository()
    made = {"first": add(repository, {"a": b"1", "s/y": b"1"})}
    made["second"] = add(repository, {"b": b"1"})
    made["side"] = add(repository, {"s/x": b"1"}, parent=made["first"])
    repository.head = made["second"]
    made["third"] = add(repository, {"a": b"2"})
    made["merge"] = git.write_merge(
        repository, made["third"], made["side"], author="nok", message="Merge", at=git.history(repository)[0].at
    )
    repository.head = made["merge"]
    return repository, made


def names(commits, made):
    known = {oid: name for name, oid in made.items()}
    return [known[commit.oid] for commit in commits]


def test_all_of_it_in_pages(story):
    repository, made = story
    everything = git.history(repository)
    assert names(everything, made)[0] == "merge"
    assert names(everything, made)[-1] == "first"
    assert len(everything) == 5
    assert [*git.history(repository, 2), *git.history(repository, 3, skip=2)] == everything
    assert names(git.history(repository, start=made["side"]), made) == ["side", "first"]
    assert git.history(Repository()) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", ["third", "first"]),
        ("b", ["second"]),
        ("s/x", ["side"]),
        ("s", ["side", "first"]),
        ("nothing", []),
    ],
)
def test_of_one_path(story, path, expected):
    repository, made = story
    assert names(git.history(repository, path=path), made) == expected


def test_of_one_path_that_was_deleted(story):
    repository, made = story
    made["gone"] = write(repository, [git.Delete("b")])
    assert names(git.history(repository, path="b"), made) == ["gone", "second"]


def test_search_of_a_path_is_bounded(story):
    repository, _made = story
    assert git.history(repository, path="b", most=2) == []


def test_last_commits(story):
    repository, made = story
    found = git.last_commits(repository, "", repository.head, ["a", "b", "s", "nothing"])
    assert {name: names([commit], made)[0] for name, commit in found.items()} == {
        "a": "third",
        "b": "second",
        "s": "merge",
    }
    below = git.last_commits(repository, "s", repository.head, ["x", "y"])
    assert names([below["x"], below["y"]], made) == ["merge", "first"]
    assert git.last_commits(repository, "a", repository.head, ["x"]) == {}
    assert git.last_commits(repository, "", "1" * 40, ["a"]) == {}
    assert set(git.last_commits(repository, "", repository.head, ["a", "b", "s"], most=2)) == {"a", "s"}
    assert names(git.last_commits(repository, "", made["second"], ["a"]).values(), made) == ["first"]


@pytest.mark.parametrize("oid", ["", "x", "HEAD", "1" * 40, "ก" * 40, "first ten"])
def test_commits_that_are_none(story, oid):
    repository, made = story
    oid = made["first"][:10] if oid == "first ten" else oid
    assert not git.in_history(repository, oid)
    assert git.find_commit(repository, oid or "0") is None
    if oid:
        assert git.list_files(repository, oid) == []
        assert git.find_file(repository, "a", oid) is None
        assert git.list_folder(repository, "", oid) is None
        assert git.history(repository, start=oid) == []


def test_reading_makes_nothing_where_the_files_are_away():
    repository = Repository(head="1" * 40)
    assert git.find_commit(repository, repository.head) is None
    assert git.find_content(repository, "1" * 40) is None
    assert (git.list_files(repository), git.history(repository), git.read_file(repository, "a")) == ([], [], None)
    assert not git.in_history(repository, "2" * 40)
    assert not git.location(repository).exists()


def test_a_tree_is_no_commit_and_a_commit_no_content(story):
    repository, _made = story
    assert git.find_content(repository, repository.head) is None
    assert git.find_content(repository, "x") is None
    [folder] = [entry for entry in git.list_folder(repository) if entry.is_folder]
    assert git.list_folder(repository, "", folder.oid) is None


@pytest.mark.parametrize("path", ["", "s", "s/", "/a", "a/x", "../a", "s//x", "."])
def test_what_is_no_file(story, path):
    repository, _made = story
    assert git.find_file(repository, path) is None
    assert git.read_file(repository, path) is None
