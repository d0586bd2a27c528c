"""The files of a repository, one folder at a time, at the head and at earlier commits (A1)."""

import re

import pytest

from repositories import folders, git
from repositories.actions import commit, create_repository
from repositories.models import Scan
from tests.repositories.reading import following, text_of

FILES = "/nok/tiny-model/files"


@pytest.fixture
def filled(repository, owner):
    files = {"config.json": b"{}" * 500_000, "data/a/deep.txt": b"1", "data/weights é?#.bin": b"\x00", "Zoo.txt": b""}
    commit(repository, files, actor=owner, message="Add <b>files</b>")
    return repository


def names_of(page):
    return re.findall(r'/(?:files|file)/[^"]*">([^<]+)<', text_of(page).partition("<tbody>")[2])


def test_folders_come_first(client, filled):
    assert names_of(client.get(FILES)) == ["data", "README.md", "Zoo.txt", "config.json"]


def test_a_folder_with_the_way_back(client, filled):
    page = client.get(f"{FILES}/data/a")
    assert names_of(page)[-1] == "deep.txt"
    assert f'<a href="{FILES}/data">data</a>' in text_of(page)
    assert '<span aria-current="page">a</span>' in text_of(page)


def test_sizes_last_changes_and_names_that_need_care(client, filled):
    page = text_of(client.get(f"{FILES}/data")) + text_of(client.get(FILES))
    assert "976.6" in page
    assert 'href="/nok/tiny-model/file/data/weights%20%C3%A9%3F%23.bin"' in page
    assert "Add &lt;b&gt;files&lt;/b&gt;" in page
    assert f"/nok/tiny-model/commit/{filled.head}" in page
    assert "Add the card" in page


def test_at_an_earlier_commit(client, filled):
    _newest, oldest = git.history(filled)
    page = client.get(f"{FILES}?at={oldest.oid}")
    assert names_of(page) == ["README.md"]
    assert "This is the state at commit" in text_of(page)
    assert client.get(f"{FILES}/data?at={oldest.oid}").status_code == 404


@pytest.mark.parametrize("folder", ["nothing", "config.json", "data/", "/data", "data//a", "..", ".", "%2e%2e"])
def test_what_is_no_folder(client, filled, folder):
    assert client.get(f"{FILES}/{folder}").status_code == 404


def test_pages_of_a_long_folder(client, filled, monkeypatch):
    monkeypatch.setattr(folders.open_folder, "__kwdefaults__", {"after": "", "size": 2})
    first = client.get(FILES)
    assert names_of(first) == ["data", "README.md"]
    assert "2 of 4 files and folders are on this page." in text_of(first)
    second = client.get(FILES + following(first))
    assert names_of(second) == ["Zoo.txt", "config.json"]
    assert following(second) == ""


def test_page_after_a_folder_and_at_a_commit(filled):
    page = folders.open_folder(filled, "", filled.head, full=False, size=1)
    assert page.next == f"after=data%2F&at={filled.head}"
    rest = folders.open_folder(filled, "", filled.head, full=False, after="data/")
    assert [row.name for row in rest.rows] == ["README.md", "Zoo.txt", "config.json"]
    assert [row.name for row in folders.open_folder(filled, "data", "", full=False, after="a/").rows] == [
        "weights é?#.bin"
    ]


@pytest.mark.parametrize("after", ["zzz", "%00", "%ff", "/", "a" * 5_000])
def test_forged_page(client, filled, after):
    assert client.get(f"{FILES}?after={after}").status_code in (200, 400)


def test_ten_thousand_files_in_one_folder(client, repository, owner, django_assert_num_queries):
    commit(
        repository, {f"many/{number:05}.txt": b"%d" % number for number in range(10_000)}, actor=owner, message="All"
    )
    with django_assert_num_queries(3):
        first = client.get(f"{FILES}/many")
    assert "500 of 10,000 files and folders are on this page." in text_of(first)
    assert names_of(client.get(f"{FILES}/many" + following(first)))[-1] == "00999.txt"


def test_repository_without_any_file(client, owner):
    create_repository(owner.namespace, "bare", kind="model", actor=owner)
    assert "There are no files yet" in text_of(client.get("/nok/bare/files"))
    assert client.get("/nok/bare/raw/README.md").status_code == 404
    assert client.get("/nok/bare/files/data").status_code == 404


def test_only_editors_get_buttons_and_only_at_the_head(client, sign_in, owner, reporter, filled):
    for visitor in (client, sign_in(reporter)):
        assert "Upload files" not in text_of(visitor.get(FILES))
    page = text_of(sign_in(owner).get(f"{FILES}/data"))
    assert "/nok/tiny-model/upload?folder=data" in page
    assert "/nok/tiny-model/new-file?folder=data" in page
    assert "/nok/tiny-model/delete/data" in page
    assert "Upload files" not in text_of(sign_in(owner).get(f"{FILES}?at={filled.head}"))


@pytest.fixture
def scanned(filled):
    """config.json runs code, Zoo.txt holds a secret."""
    found = {file.path: file.oid for file in git.list_files(filled)}
    code = {"kind": "pickle", "level": "unsafe", "code": "dangerous_import", "detail": "os.system", "line": None}
    secret = {"kind": "secret", "level": "caution", "code": "github_token", "detail": "", "line": 3}
    for path, level, finding in (("config.json", "unsafe", code), ("Zoo.txt", "caution", secret)):
        scan = Scan.objects.filter(repository=filled, oid=found[path])
        scan.update(level=level, findings={"findings": [finding], "reason": ""})
    return filled


def test_everybody_is_warned_of_code_and_nobody_is_pointed_at_secrets(client, sign_in, reporter, scanned):
    for visitor in (client, sign_in(reporter)):
        page = text_of(visitor.get(FILES))
        assert page.count("unsafe: loading this file can run code") == 1
        assert "look closer" not in page


def test_owner_and_team_see_that_something_was_found(sign_in, owner, moderator, scanned):
    for visitor in (sign_in(owner), sign_in(moderator)):
        page = text_of(visitor.get(FILES))
        assert "unsafe: loading this file can run code" in page
        assert "look closer" in page


def test_queries(client, scanned, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert client.get(FILES).status_code == 200
