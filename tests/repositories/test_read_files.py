"""Files and history: reading them, at the head and at earlier commits (A1)."""

import pytest

from repositories import git
from repositories.actions import commit, create_repository


@pytest.fixture
def filled(repository, owner):
    files = {
        "config.json": b'{"a": "<script>alert(1)</script>"}',
        "data/weights é?#.bin": b"\x00\x01\xff",
        "big.txt": b"x" * 1_000_001,
        "latin.txt": "é".encode("latin-1"),
    }
    commit(repository, files, actor=owner, message="Add <b>files</b>")
    return repository


def test_list(client, filled):
    page = client.get("/nok/tiny-model/files").content.decode()
    assert "README.md" in page
    assert 'href="/nok/tiny-model/file/data/weights%20%C3%A9%3F%23.bin"' in page
    assert "976.6" in page


def test_text_is_shown_escaped(client, filled):
    page = client.get("/nok/tiny-model/file/config.json").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_readme_is_rendered_without_front_matter(client, filled):
    page = client.get("/nok/tiny-model/file/README.md").content.decode()
    assert '<article class="prose"' in page
    assert "license:" not in page


@pytest.mark.parametrize("path", ["data/weights%20%C3%A9%3F%23.bin", "big.txt", "latin.txt"])
def test_other_files_by_size_and_id_only(client, filled, path):
    page = client.get(f"/nok/tiny-model/file/{path}").content.decode()
    assert "We do not show this file" in page
    assert any(file.oid in page for file in git.list_files(filled))


@pytest.mark.parametrize("path", ["nothing", "data", "data/", "/README.md", "../../etc/passwd", "a//b", "%2e%2e/x"])
@pytest.mark.parametrize("page", ["file", "raw"])
def test_path_that_is_no_file(client, filled, path, page):
    assert client.get(f"/nok/tiny-model/{page}/{path}").status_code == 404


def test_history_leads_to_earlier_states(client, filled):
    newest, oldest = git.history(filled)
    page = client.get("/nok/tiny-model/history").content.decode()
    assert "Add &lt;b&gt;files&lt;/b&gt;" in page
    assert f"/nok/tiny-model/files?at={oldest.oid}" in page
    earlier = client.get(f"/nok/tiny-model/files?at={oldest.oid}").content.decode()
    assert "config.json" not in earlier
    assert "This is the state at commit" in earlier
    assert client.get(f"/nok/tiny-model/file/config.json?at={oldest.oid}").status_code == 404
    assert client.get(f"/nok/tiny-model/raw/config.json?at={newest.oid}").status_code == 200


def test_history_in_pages(client, repository, owner):
    for number in range(55):
        commit(repository, {"n.txt": str(number).encode()}, actor=owner, message=f"Number {number};")
    first = client.get("/nok/tiny-model/history").content.decode()
    assert "Number 54;" in first
    start = first.partition("?start=")[2][:40]
    second = client.get(f"/nok/tiny-model/history?start={start}").content.decode()
    assert "Number 4;" not in first
    assert "Number 4;" in second
    assert "Add the card" in second


def test_commit_that_is_not_in_the_history(client, filled, make_repository):
    other = make_repository("other")
    orphan = git.write_commit(filled, {"x": b"never published"}, author="x", message="x", at=filled.created_at)
    for oid in (other.head, orphan, "0" * 40, "z" * 40, "HEAD", "main", filled.head[:10], "ก" * 40):
        for page in ("files", "file/README.md", "raw/README.md"):
            assert client.get(f"/nok/tiny-model/{page}?at={oid}").status_code == 404
        assert client.get(f"/nok/tiny-model/history?start={oid}").status_code == 404


def test_repository_without_any_file(client, owner):
    create_repository(owner.namespace, "bare", kind="model", actor=owner)
    assert "There are no files yet" in client.get("/nok/bare/files").content.decode()
    assert "There is no history yet" in client.get("/nok/bare/history").content.decode()
    assert client.get("/nok/bare/raw/README.md").status_code == 404


def test_many_files_are_cut_and_it_is_said(client, repository, owner):
    commit(repository, {f"f{number}": b"" for number in range(1001)}, actor=owner, message="Many")
    assert "2 more files are not listed here." in client.get("/nok/tiny-model/files").content.decode()


@pytest.mark.parametrize("page", ["files", "file/README.md", "history"])
def test_queries(client, filled, page, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert client.get(f"/nok/tiny-model/{page}").status_code == 200
