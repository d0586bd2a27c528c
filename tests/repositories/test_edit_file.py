"""Writing text files in the browser: a new one, and changing one that is there (A1)."""

import re

import pytest

from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.repositories.reading import text_of

EDIT, NEW = "/nok/tiny-model/edit/data/a b.txt", "/nok/tiny-model/new-file"


@pytest.fixture
def filled(repository, owner):
    commit(
        repository,
        {"data/a b.txt": b"one\ntwo\n", "x.bin": b"\0", "dos.txt": b"one\r\ntwo\r\n"},
        actor=owner,
        message="Add",
    )
    return repository


def form(repository, **fields):
    return {"parent": Repository.objects.get(pk=repository.pk).head, "message": "", **fields}


def content(repository, path="data/a b.txt"):
    repository.refresh_from_db()
    return git.read_file(repository, path)


def test_change_a_text(sign_in, owner, filled):
    client = sign_in(owner)
    assert re.search(r"<textarea[^>]*>\s*one\ntwo\n</textarea>", text_of(client.get(EDIT)))
    response = client.post(EDIT, form(filled, text="  one\r\n\r\nthree é\r\n\r\n", message="Say more"))
    assert (response.status_code, response["Location"]) == (303, "/nok/tiny-model/file/data/a%20b.txt")
    assert content(filled) == "  one\n\nthree é\n\n".encode()
    assert git.history(filled)[0].message == "Say more"


def test_lines_end_as_they_did(sign_in, owner, filled):
    address = "/nok/tiny-model/edit/dos.txt"
    assert sign_in(owner).post(address, form(filled, text="one\r\nthree\r\n")).status_code == 303
    assert content(filled, "dos.txt") == b"one\r\nthree\r\n"
    assert git.history(filled)[0].message == "Update dos.txt"


def test_somebody_else_saved_meanwhile(sign_in, owner, filled):
    client, opened = sign_in(owner), form(filled, text="Mine\n", message="Why")
    commit(filled, {"data/a b.txt": b"Theirs\n"}, actor=owner, message="First")
    response = client.post(EDIT, opened)
    page = text_of(response)
    assert response.status_code == 422
    assert "Your text is still here" in page
    assert re.search(r"<textarea[^>]*>\s*Mine\s*</textarea>", page)
    assert "Theirs" in page
    assert f'name="parent" value="{filled.head}"' in page.replace("\n", " ")
    assert client.post(EDIT, form(filled, text="Both\n")).status_code == 303


def test_the_card_has_its_own_form(sign_in, owner, filled):
    response = sign_in(owner).get("/nok/tiny-model/edit/README.md")
    assert response["Location"] == "/nok/tiny-model/card/edit"


@pytest.mark.parametrize(("path", "status"), [("x.bin", 415), ("nothing", 404), ("data", 404), ("data/", 404)])
def test_what_cannot_be_written_in_a_form(sign_in, owner, filled, path, status):
    client = sign_in(owner)
    for response in (client.get(f"/nok/tiny-model/edit/{path}"), client.post(f"/nok/tiny-model/edit/{path}", {})):
        assert response.status_code == status


def test_text_of_a_megabyte_fits_and_a_longer_one_is_told(sign_in, owner, filled):
    client = sign_in(owner)
    assert client.post(EDIT, form(filled, text="ก" * 333_333)).status_code == 303
    assert client.get(EDIT).status_code == 200
    response = client.post(EDIT, form(filled, text="ก" * 333_334))
    assert response.status_code == 422
    assert "This text is longer than 1 MB." in text_of(response)


def test_empty_text_is_an_empty_file(sign_in, owner, filled):
    assert sign_in(owner).post(EDIT, form(filled, text="")).status_code == 303
    assert content(filled) == b""
    assert sign_in(owner).get(EDIT).status_code == 200


def test_new_file(sign_in, owner, filled):
    client = sign_in(owner)
    assert 'value="data/"' in text_of(client.get(f"{NEW}?folder=data"))
    response = client.post(NEW, form(filled, path="data/new/labels.csv", text="a,b\r\n"))
    assert response["Location"] == "/nok/tiny-model/file/data/new/labels.csv"
    assert content(filled, "data/new/labels.csv") == b"a,b\n"
    assert git.history(filled)[0].message == "Add data/new/labels.csv"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("README.md", "These files are there already: README.md."),
        ("data", "“data” is a folder, so no file can have its name."),
        ("x.bin/y", "“x.bin” is a file, so nothing can lie below it."),
        ("data/", "is not a path of a file"),
        ("../x", "is not a path of a file"),
        ("DATA/x", "would be one file on Windows and macOS"),
        ("a/.git/config", "git or Windows reads as something else"),
        ("", "This field is required."),
        ("x" * 600, "at most 512 characters"),
    ],
)
def test_names_that_a_new_file_cannot_have(sign_in, owner, filled, path, words):
    response = sign_in(owner).post(NEW, form(filled, path=path, text="x"))
    assert response.status_code == 422
    assert words in text_of(response)
    assert re.search(r"<textarea[^>]*>\s*x</textarea>", text_of(response))


def test_new_file_after_somebody_else_committed(sign_in, owner, filled):
    client, opened = sign_in(owner), form(filled, path="n.txt", text="x")
    commit(filled, {"other.txt": b"1"}, actor=owner, message="First")
    assert "Save again to add your file to that." in text_of(client.post(NEW, opened))
    assert client.post(NEW, form(filled, path="n.txt", text="x")).status_code == 303


@pytest.mark.parametrize("address", [EDIT, NEW])
def test_strangers_and_visitors_do_not(client, sign_in, reporter, filled, address):
    assert client.get(address)["Location"].startswith("/accounts/login/")
    assert sign_in(reporter).get(address).status_code == 403
    assert sign_in(reporter).post(address, form(filled, path="x", text="x")).status_code == 403


@pytest.mark.parametrize("address", [EDIT, NEW])
def test_queries(sign_in, owner, filled, address, django_assert_max_num_queries):
    client = sign_in(owner)
    with django_assert_max_num_queries(7):
        assert client.get(address).status_code == 200
