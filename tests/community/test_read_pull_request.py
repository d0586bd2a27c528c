"""Reading what a pull request proposes: in short, line by line, commit by commit, and bounded (B1)."""

import re
import time

import pytest

from community.pull_requests import commit_to_pull_request, merge_pull_request, open_pull_request
from repositories.actions import commit
from tests.community.conftest import changes_of

PAGE = "/nok/tiny-model"
CARD = b"---\nlicense: mit\ntags: [text, not-for-all-audiences]\n---\n# tiny-model\n\nA small model for tests.\n"


@pytest.fixture
def read(client):
    """read("/discussions/1/files"): the text of a page, without its tags."""

    def text(path: str, reader=client) -> str:
        response = reader.get(f"{PAGE}{path}")
        assert response.status_code == 200
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", response.content.decode()))

    return text


def test_in_short_beside_the_conversation(propose, read):
    propose({"README.md": CARD, "a.txt": b"1\n2\n"})
    page = read("/discussions/1")
    assert "2 files changed +4 lines added −2 lines removed" in page
    assert "README.md +2 lines added −2 lines removed" in page
    assert "a.txt new +2 lines added" in page
    assert "The owner decides whether to merge it." in page


def test_what_it_means_for_the_card_in_words(propose, read):
    propose({"README.md": CARD})
    for path in ("/discussions/1", "/discussions/1/files"):
        page = read(path)
        assert "Tags this repository “Not For All Audiences”" in page
        assert "Changes the license from apache-2.0 to mit." in page


def test_line_by_line_with_the_words_that_changed(propose, client):
    propose({"README.md": CARD})
    page = client.get(f"{PAGE}/discussions/1/files").content.decode()
    assert '<span class="visually-hidden">removed: </span>license: <b>apache-2.0</b></code>' in page
    assert '<span class="visually-hidden">added: </span>license: <b>mit</b></code>' in page
    assert '<summary data-row tabindex="0">' in page


def test_markup_in_files_is_text(propose, client):
    propose({"a.txt": b"<script>alert(1)</script>\n", "<b>.txt": b"x\n"})
    page = client.get(f"{PAGE}/discussions/1/files").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;.txt" in page


def test_moved_deleted_and_what_is_no_text(repository, owner, propose, read):
    commit(repository, {"old.txt": b"one\ntwo\n", "gone.txt": b"x\n"}, actor=owner, message="Add")
    propose({"old.txt": None, "new.txt": b"one\ntwo\n", "gone.txt": None, "w.bin": b"\x00" * 2_048})
    page = read("/discussions/1/files")
    assert "old.txt → is now new.txt moved" in page
    assert "gone.txt deleted −1 lines removed" in page
    assert "w.bin new no text" in page
    assert "This is no text: 2.0 KB. Download the whole file" in page


def test_the_whole_file_as_it_is_proposed(propose, client, repository):
    propose({"long.txt": b"x\n" * 200_000})
    page = client.get(f"{PAGE}/discussions/1/files").content.decode()
    [address] = re.findall(r'href="([^"]+)">Download the whole file', page)
    response = client.get(address)
    assert (response.status_code, len(response.content)) == (200, 400_000)
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(f"{PAGE}/discussions/1/files/none.txt").status_code == 404


def test_commits_newest_first_and_one_of_them(propose, repository, author, client, read):
    opened = propose({"a.txt": b"1\n"}, title="Add a")
    second = commit_to_pull_request(
        opened, changes_of(repository, {"a.txt": b"2\n"}), actor=author, message="Better\n\nBecause."
    )
    page = read("/discussions/1/commits")
    assert page.index("Better") < page.index("Add a quentin")
    assert "Add the card" not in page
    one = read(f"/discussions/1/commits/{second}")
    assert "Because." in one
    assert "a.txt +1 lines added −1 lines removed" in one
    for oid in (repository.head, "0" * 40, "x", "refs"):
        assert client.get(f"{PAGE}/discussions/1/commits/{oid}").status_code == 404


def test_what_was_merged_stays_what_it_was(propose, repository, owner, read):
    opened = propose({"a.txt": b"1\n"})
    commit(repository, {"b.txt": b"ours\n"}, actor=owner, message="Add b")
    merge_pull_request(opened, actor=owner)
    commit(repository, {"a.txt": b"later\n"}, actor=owner, message="Later")
    page = read("/discussions/1/files")
    assert "1 file changed +1 lines added −0" in page
    assert "later" not in page
    assert "nok merged this on" in page


def test_closed_says_so(propose, sign_in, author, read):
    propose({"a.txt": b"1\n"})
    sign_in(author).post(f"{PAGE}/discussions/1/status", {"status": "closed"})
    assert "This pull request is closed: what it proposes was not merged." in read("/discussions/1")
    sign_in(author).post(f"{PAGE}/discussions/1/status", {"status": "open"})
    assert "This pull request is closed" not in read("/discussions/1/files")


def test_a_draft_without_commits(repository, author, read):
    open_pull_request(repository, [], title="Soon", text="Wait.", actor=author)
    assert "0 files changed" in read("/discussions/1")
    assert "No file differs." in read("/discussions/1/files")
    assert "This draft waits for its first change." in read("/discussions/1/commits")


@pytest.mark.parametrize("path", ["files", "commits", f"commits/{'0' * 40}", "files/a.txt"])
def test_a_discussion_has_no_changes(client, discussion, path):
    assert client.get(f"{PAGE}/discussions/{discussion.number}/{path}").status_code == 404


def test_many_files_and_lines_are_cut_and_it_is_said(propose, client, read):
    propose({f"{number:03}.txt": b"line\n" * 30 for number in range(310)})
    start = time.monotonic()
    page = read("/discussions/1/files")
    assert time.monotonic() - start < 5
    assert page.count("added: line") == 5_000
    assert "There is more than we show here" in page
    assert "10 more files are not shown here." in page
    assert "Read the changes of all 310 files" in read("/discussions/1")


@pytest.mark.parametrize("path", ["", "/files", "/commits"])
def test_queries_do_not_grow(propose, sign_in, owner, repository, author, path, django_assert_max_num_queries):
    opened = propose({f"{number}.txt": b"line\n" for number in range(50)})
    for number in range(10):
        changes = changes_of(repository, {"a.txt": b"%d" % number})
        commit_to_pull_request(opened, changes, actor=author, message=f"Number {number}")
    client = sign_in(owner)
    with django_assert_max_num_queries(26 if not path else 15):
        assert client.get(f"{PAGE}/discussions/1{path}").status_code == 200
