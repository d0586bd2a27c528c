"""The history of a repository, and of one file in it, as pages (A1)."""

from urllib.parse import quote

import pytest

from repositories import git
from repositories.actions import commit, create_repository, merge
from repositories.models import Repository
from tests.repositories.reading import text_of

HISTORY = "/nok/tiny-model/history"


def test_leads_to_commits_and_to_earlier_states(client, repository, owner):
    commit(repository, {"a.txt": b"1"}, actor=owner, message="Add <b>files</b>")
    newest, oldest = git.history(repository)
    page = text_of(client.get(HISTORY))
    assert "Add &lt;b&gt;files&lt;/b&gt;" in page
    for one in (newest, oldest):
        assert f"/nok/tiny-model/files?at={one.oid}" in page
        assert f"/nok/tiny-model/commit/{one.oid}" in page


def test_in_pages(client, repository, owner):
    for number in range(55):
        commit(repository, {"n.txt": str(number).encode()}, actor=owner, message=f"Number {number};")
    first = text_of(client.get(HISTORY))
    assert "Number 54;" in first
    repository.refresh_from_db()
    start, following = repository.head, f"?start={repository.head}&skip=50"
    assert following.replace("&", "&amp;") in first
    commit(repository, {"n.txt": b"meanwhile"}, actor=owner, message="Meanwhile")
    second = text_of(client.get(HISTORY + following))
    assert "Number 4;" not in first
    assert "Number 4;" in second
    assert "Add the card" in second
    of_file = text_of(client.get(f"{HISTORY}?path=n.txt"))
    assert f"?start={repository.head}&amp;skip=50&amp;path=n.txt" in of_file
    assert start != repository.head


def test_both_sides_of_a_merge_on_later_pages(client, repository, owner):
    side = commit(repository, {"side.txt": b"1"}, actor=owner, message="On the side")
    base = git.history(repository)[1].oid
    Repository.objects.filter(pk=repository.pk).update(head=base)
    for number in range(60):
        commit(repository, {"n.txt": str(number).encode()}, actor=owner, message=f"Number {number};")
    merge(repository, side, actor=owner, message="Bring it in", pull_request=1)
    repository.refresh_from_db()
    pages = "".join(text_of(client.get(f"{HISTORY}?skip={skip}")) for skip in (0, 50))
    assert all(f"Number {number};" in pages for number in range(60))
    assert "On the side" in pages


@pytest.mark.parametrize("path", ["data/é?#.txt", "data"])
def test_of_one_file_or_folder(client, repository, owner, path):
    commit(repository, {"data/é?#.txt": b"1"}, actor=owner, message="Add this one")
    commit(repository, {"other.txt": b"1"}, actor=owner, message="Add another")
    page = text_of(client.get(f"{HISTORY}?path={quote(path)}"))
    assert "Add this one" in page
    assert "Add another" not in page
    assert "Add the card" not in page


@pytest.mark.parametrize("path", ["nothing", "/", "..", "a//b", "%FF", "x" * 5_000])
def test_of_what_was_never_there(client, repository, path):
    response = client.get(f"{HISTORY}?path={path}")
    assert response.status_code == 200
    assert "No commit changed this" in text_of(response)


def test_of_a_repository_without_any_file(client, owner):
    create_repository(owner.namespace, "bare", kind="model", actor=owner)
    assert "There is no history yet" in text_of(client.get("/nok/bare/history"))


def test_queries(client, repository, django_assert_num_queries):
    with django_assert_num_queries(3):  # repository, restrictions, names
        assert client.get(HISTORY).status_code == 200
