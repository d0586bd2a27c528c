"""Deleting a file or a folder: gone from now on, kept in the history (A1)."""

import pytest

from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.repositories.reading import text_of

DELETE = "/nok/tiny-model/delete"


@pytest.fixture
def filled(repository, owner):
    files = {"a.txt": b"1", "data/x/one.txt": b"1", "data/x/two.txt": b"2", "data/z.txt": b"3"}
    commit(repository, files, actor=owner, message="Add")
    return repository


def form(repository, **fields):
    return {"parent": Repository.objects.get(pk=repository.pk).head, "message": "", **fields}


def paths(repository):
    repository.refresh_from_db()
    return [file.path for file in git.list_files(repository)]


def test_a_file(client, sign_in, owner, filled):
    page = text_of(sign_in(owner).get(f"{DELETE}/a.txt"))
    assert "It stays in the history" in page
    assert "a.txt" in paths(filled)
    head = filled.head
    response = sign_in(owner).post(f"{DELETE}/a.txt", form(filled, message="Not needed"), follow=True)
    assert response.redirect_chain == [("/nok/tiny-model/files", 303)]
    assert "We deleted a.txt. The history keeps it." in text_of(response)
    assert "a.txt" not in paths(filled)
    assert git.history(filled)[0].message == "Not needed"
    assert client.get(f"/nok/tiny-model/raw/a.txt?at={head}").status_code == 200


def test_a_folder_with_all_that_lies_in_it(sign_in, owner, filled):
    client = sign_in(owner)
    assert "The folder and the 2 files in it will be gone" in text_of(client.get(f"{DELETE}/data/x"))
    assert client.post(f"{DELETE}/data/x", form(filled))["Location"] == "/nok/tiny-model/files/data"
    assert paths(filled) == ["README.md", "a.txt", "data/z.txt"]
    assert git.history(filled)[0].message == "Delete data/x"


def test_the_last_file_of_a_folder_takes_the_folder_with_it(sign_in, owner, repository):
    commit(repository, {"a/b/c.txt": b"1"}, actor=owner, message="Add")
    response = sign_in(owner).post(f"{DELETE}/a/b/c.txt", form(repository))
    assert response["Location"] == "/nok/tiny-model/files"


def test_the_card_goes_like_any_file(sign_in, owner, filled):
    assert sign_in(owner).post(f"{DELETE}/README.md", form(filled)).status_code == 303
    filled.refresh_from_db()
    assert (filled.card, filled.license) == ("", "")


@pytest.mark.parametrize("path", ["nothing", "data/nothing", "../x", "data//x"])
def test_what_is_not_there(sign_in, owner, filled, path):
    client = sign_in(owner)
    assert client.get(f"{DELETE}/{path}").status_code == 404
    assert client.post(f"{DELETE}/{path}", form(filled)).status_code == 404


@pytest.mark.parametrize("parent", ["", "0" * 40, "nonsense"])
def test_somebody_else_committed_meanwhile(sign_in, owner, filled, parent):
    response = sign_in(owner).post(f"{DELETE}/a.txt", form(filled, parent=parent))
    assert response.status_code == 409
    assert "Somebody changed these files after you opened them." in text_of(response)
    assert "a.txt" in paths(filled)


def test_strangers_and_visitors_do_not(client, sign_in, reporter, filled):
    assert client.get(f"{DELETE}/a.txt")["Location"].startswith("/accounts/login/")
    assert sign_in(reporter).get(f"{DELETE}/a.txt").status_code == 403
    assert sign_in(reporter).post(f"{DELETE}/a.txt", form(filled)).status_code == 403


def test_queries(sign_in, owner, filled, django_assert_max_num_queries):
    client = sign_in(owner)
    with django_assert_max_num_queries(7):
        assert client.get(f"{DELETE}/data").status_code == 200
