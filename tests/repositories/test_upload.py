"""Uploading files from the browser: all in one commit, or nothing (A1)."""

import tempfile
import threading
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from accounts.actions import join_organization
from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.conftest import concurrent
from tests.repositories.reading import text_of

UPLOAD = "/nok/tiny-model/upload"


def form(repository, *files, **fields):
    """What the page sends: files as (name, content)."""
    head = Repository.objects.get(pk=repository.pk).head
    return {"upload": [SimpleUploadedFile(*file) for file in files], "parent": head, **fields}


def contents(repository):
    repository.refresh_from_db()
    return {file.path: git.read_file(repository, file.path) for file in git.list_files(repository)}


def test_several_files_in_one_commit(sign_in, owner, repository):
    client = sign_in(owner)
    assert 'enctype="multipart/form-data"' in text_of(client.get(UPLOAD))
    sent = form(repository, ("a.txt", b"one"), ("ไทย é.bin", b"\0\xff" * 50_000), ("empty", b""), message="Say why")
    response = client.post(UPLOAD, sent, follow=True)
    assert response.redirect_chain == [("/nok/tiny-model/files", 303)]
    assert "We committed 3 files." in text_of(response)
    found = contents(repository)
    assert (found["a.txt"], found["ไทย é.bin"], found["empty"]) == (b"one", b"\0\xff" * 50_000, b"")
    newest, before = git.history(repository)
    assert (newest.message, newest.author, newest.parents) == ("Say why", "nok", (before.oid,))


def test_into_a_folder_that_is_new(sign_in, owner, repository):
    page = text_of(sign_in(owner).get(f"{UPLOAD}?folder=data/new"))
    assert 'value="data/new"' in page
    response = sign_in(owner).post(UPLOAD, form(repository, ("a.txt", b"1"), folder="/data/new/"))
    assert response["Location"] == "/nok/tiny-model/files/data/new"
    assert contents(repository)["data/new/a.txt"] == b"1"
    assert git.history(repository)[0].message == "Upload data/new/a.txt"


def test_large_file_beside_git(sign_in, owner, repository):
    content = bytes(range(256)) * 45_000
    assert sign_in(owner).post(UPLOAD, form(repository, ("big.bin", content), ("a", b"1"))).status_code == 303
    repository.refresh_from_db()
    file = git.find_file(repository, "big.bin")
    assert file.sha256
    with git.open_file(repository, file) as stream:
        assert stream.read() == content
    assert git.read_file(repository, "a") == b"1"


def test_what_is_there_is_replaced_only_when_that_is_said(sign_in, owner, repository):
    client, sent = sign_in(owner), [("README.md", b"# Mine\n"), ("new.txt", b"1")]
    response = client.post(UPLOAD, form(repository, *sent))
    assert response.status_code == 422
    assert "These files are there already: README.md." in text_of(response)
    assert "new.txt" not in contents(repository)
    assert client.post(UPLOAD, form(repository, *sent, replace="on")).status_code == 303
    assert contents(repository) == {"README.md": b"# Mine\n", "new.txt": b"1"}


def test_somebody_else_committed_meanwhile(sign_in, owner, repository):
    client, sent = sign_in(owner), form(repository, ("a.txt", b"1"), message="Mine")
    commit(repository, {"b.txt": b"2"}, actor=owner, message="Theirs")
    response = client.post(UPLOAD, sent)
    page = text_of(response).replace("\n", " ")
    assert response.status_code == 422
    assert "Somebody changed this repository after you opened this page." in page
    assert f'name="parent" value="{repository.head}"' in page
    assert 'value="Mine"' in page
    assert client.post(UPLOAD, form(repository, ("a.txt", b"1"))).status_code == 303
    assert set(contents(repository)) == {"README.md", "a.txt", "b.txt"}


@pytest.mark.parametrize(
    ("files", "fields", "words"),
    [
        ([], {}, "Choose at least one file."),
        ([("a", b"1"), ("a", b"2")], {}, "You chose two files called “a”."),
        ([(".git", b"1")], {}, "git or Windows reads as something else"),
        ([("a", b"1")], {"folder": "../up"}, "“../up” is not a path of a file."),
        ([("a", b"1")], {"folder": "README.md"}, "“README.md” is a file, so nothing can lie below it."),
        ([("a", b"1"), ("A", b"2")], {}, "would be one file on Windows and macOS"),
        ([("a", b"1")], {"message": "x" * 201}, "at most 200 characters"),
        ([("a", b"1")], {"message": "a\u202eb"}, "U+202E"),
        ([("a", b"1")], {"parent": "nonsense"}, "Somebody changed this repository"),
    ],
)
def test_what_cannot_be_committed_is_said_and_nothing_is(sign_in, owner, repository, files, fields, words):
    response = sign_in(owner).post(UPLOAD, form(repository, *files, **fields))
    assert response.status_code == 422
    assert words in text_of(response)
    assert list(contents(repository)) == ["README.md"]


def test_file_over_the_limit_is_named_with_the_limit(sign_in, owner, repository, settings):
    settings.LARGEST_FILE = 1_000_000
    sent = form(repository, ("small", b"1"), ("huge.bin", b"x" * 1_000_001), ("fits", b"x" * 1_000_000))
    response = sign_in(owner).post(UPLOAD, sent)
    assert response.status_code == 422
    assert "“huge.bin” is too large: one file has at most 976.6\xa0KB." in text_of(response)
    assert list(contents(repository)) == ["README.md"]


def test_upload_over_the_limit_is_a_413_that_says_so(sign_in, owner, repository, settings):
    settings.LARGEST_UPLOAD = 1_000
    response = sign_in(owner).post(UPLOAD, form(repository, ("a", b"x" * 1_000)))
    assert response.status_code == 413
    assert "This is too much at once: one upload has at most 1000\xa0bytes." in text_of(response)


def test_too_many_files_are_a_413_that_says_so(sign_in, owner, repository, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    response = sign_in(owner).post(UPLOAD, form(repository, *[(f"f{number}", b"1") for number in range(4)]))
    assert response.status_code == 413
    assert "one upload has at most 3." in text_of(response)


def test_a_thousand_files_need_one_open_file(sign_in, owner, repository):
    sent = form(repository, *[(f"f{number:04}.txt", b"%d" % number * 2_000) for number in range(1_000)])
    assert sign_in(owner).post(UPLOAD, sent).status_code == 303
    found = contents(repository)
    assert len(found) == 1_001
    assert found["f0777.txt"] == b"777" * 2_000


def test_full_disk_is_said(sign_in, owner, repository, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "write", full)
    response = sign_in(owner).post(UPLOAD, form(repository, ("a", b"1")))
    assert response.status_code == 507
    assert "There is no room left for files." in text_of(response)


def test_length_that_is_no_number(sign_in, owner, repository):
    response = sign_in(owner).post(UPLOAD, form(repository, ("a", b"1")), CONTENT_LENGTH="a lot")
    assert response.status_code == 422


def test_body_that_ends_too_early(sign_in, owner, repository):
    body = b'--x\r\nContent-Disposition: form-data; name="upload"; filename="a.txt"\r\n\r\nhalf of'
    response = sign_in(owner).post(UPLOAD, body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in (400, 422)
    assert list(contents(repository)) == ["README.md"]


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "text/plain", ""])
def test_body_that_is_no_form(sign_in, owner, repository, kind):
    assert sign_in(owner).post(UPLOAD, b"nonsense", content_type=kind).status_code in (400, 422)


def test_strangers_are_refused_before_anything_is_read(client, sign_in, owner, reporter, organization, repository):
    class Unread(BytesIO):
        def read(self, *_):
            raise AssertionError("read")

    def post(visitor, address):
        kind = "multipart/form-data; boundary=x"
        return visitor.generic("POST", address, "x" * 99, kind, **{"wsgi.input": Unread()})

    assert post(client, UPLOAD)["Location"] == f"/accounts/login/?next={UPLOAD}"
    assert post(sign_in(reporter), UPLOAD).status_code == 403
    assert sign_in(reporter).get(UPLOAD).status_code == 403


def test_readers_of_an_organization_do_not_and_writers_do(
    sign_in, owner, reporter, author, organization, make_repository
):
    repository = make_repository("ours", owner=organization)
    join_organization(reporter, organization, role="read", actor=owner)
    join_organization(author, organization, role="write", actor=owner)
    address = "/mekong-lab/ours/upload"
    assert sign_in(reporter).post(address, form(repository, ("a", b"1"))).status_code == 403
    assert sign_in(author).post(address, form(repository, ("a", b"1"))).status_code == 303


def test_form_without_its_token_is_refused(owner, repository):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(UPLOAD, form(repository, ("a.txt", b"1"))).status_code == 403
    client.get(UPLOAD)
    token = client.cookies["csrftoken"].value
    assert client.post(UPLOAD, form(repository, ("a.txt", b"1"), csrfmiddlewaretoken=token)).status_code == 303


def test_for_htmx_only_what_is_wrong_then_where_to_go(sign_in, owner, repository):
    client, htmx = sign_in(owner), {"HX-Request": "true"}
    wrong = client.post(UPLOAD, form(repository, ("README.md", b"1"), ("b", b"2")), headers=htmx)
    assert wrong.status_code == 422
    assert "These files are there already: README.md." in text_of(wrong)
    assert "<html" not in text_of(wrong)
    assert '<input type="file"' not in text_of(wrong)
    right = client.post(UPLOAD, form(repository, ("b", b"2")), headers=htmx)
    assert (right.status_code, right["HX-Redirect"]) == (200, "/nok/tiny-model/files")


def test_other_pages_take_no_files(sign_in, owner, repository):
    response = sign_in(owner).post(
        "/nok/tiny-model/like", {"like": "1", "file": SimpleUploadedFile("a", b"x" * 5_000_000)}
    )
    assert response.status_code == 303


@concurrent
def test_of_two_at_once_one_wins_and_the_other_is_told(sign_in, owner, repository):
    sent = [form(repository, (f"{number}.txt", b"1")) for number in range(4)]
    statuses = []

    def post(fields):
        statuses.append(sign_in(owner).post(UPLOAD, fields).status_code)
        connections.close_all()

    threads = [threading.Thread(target=post, args=[fields]) for fields in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 422, 422, 422]
    assert len(contents(repository)) == 2


def test_queries(sign_in, owner, repository, django_assert_max_num_queries):
    client = sign_in(owner)
    with django_assert_max_num_queries(7):
        assert client.get(UPLOAD).status_code == 200
