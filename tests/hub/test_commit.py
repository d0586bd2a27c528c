"""Commits on the wire: lines, contents, refusals (A1, K2). The clients' own ones are in client/."""

import base64
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions import hide
from community.models import Discussion
from moderation.cases.actions import decide_directly
from repositories import git
from repositories.actions import commit

URL = "/api/models/nok/tiny-model/commit/main"
HEADER = {"key": "header", "value": {"summary": "A commit", "description": "Why."}}
LARGE = bytes(range(256)) * 45_000


def file(path: str, content: bytes, **values: str) -> dict:
    return {"key": "file", "value": {"content": base64.b64encode(content).decode(), "path": path, **values}}


def lines(*some: object) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in some)


@pytest.fixture
def post(send, repository, owner):
    """post(line, …): what is answered to a commit of these lines, after its header."""
    return lambda *some, user=owner, url=URL, header=HEADER: send("post", url, lines(header, *some), user=user)


def test_commit(post, repository):
    before = repository.head
    response = post(
        file("a.txt", b"one", encoding="base64"), {"key": "file", "value": {"content": "ไทย", "path": "b.txt"}}
    )
    repository.refresh_from_db()
    assert response.json()["commitOid"] == repository.head != before
    assert response.json()["commitUrl"] == f"http://testserver/nok/tiny-model/commit/{repository.head}"
    assert git.read_file(repository, "a.txt") == b"one"
    assert git.read_file(repository, "b.txt").decode() == "ไทย"
    found = git.find_commit(repository, repository.head)
    assert (found.message, found.author) == ("A commit\n\nWhy.", "nok")


@pytest.mark.parametrize("size", [1_048_500, 1_048_576, 786_000, 5_000_001])
def test_long_lines(post, repository, size):
    content = (LARGE * 1)[:size]
    assert post(file("long.bin", content, encoding="base64"), file("b", b"b", encoding="base64")).status_code == 200
    repository.refresh_from_db()
    assert git.read_file(repository, "long.bin") == content
    assert git.read_file(repository, "b") == b"b"


def test_path_before_content(post, repository):
    value = {"path": "weights/large.bin", "encoding": "base64", "content": base64.b64encode(LARGE).decode()}
    assert post({"key": "file", "value": value}).status_code == 200
    repository.refresh_from_db()
    found = git.find_file(repository, "weights/large.bin")
    assert (found.size, found.sha256) == (len(LARGE), hashlib.sha256(LARGE).hexdigest())


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ({"key": "file", "value": {"content": "%%%", "path": "a", "encoding": "base64"}}, 400, "not base64"),
        ({"key": "file", "value": {"content": "x" * 2_000_000, "path": "a"}}, 400, "comes in base64"),
        ({"key": "file", "value": {"content": "é" * 2_000_000, "path": "a", "encoding": "base64"}}, 400, "not base64"),
        ({"key": "file", "value": {"content": "x", "path": "a", "encoding": "rot13"}}, 400, "encoding"),
        ({"key": "file", "value": {"content": 5, "path": "a"}}, 400, "content is missing"),
        ({"key": "file", "value": {"content": ""}}, 400, "path is missing"),
        ({"key": "file", "value": "x"}, 400, "key and value"),
        ({"key": "other", "value": {"path": "a"}}, 400, "Unknown key"),
        ({"key": "other", "value": {"path": "a" * 2_000_000}}, 400, "too long"),
        (file("../a", b"", encoding="base64"), 400, "a"),
        (file("a\ud800", b"", encoding="base64"), 400, "a"),
        (file("a\x00", b"", encoding="base64"), 400, "a"),
        (file(".git/config", b"", encoding="base64"), 400, ".git"),
        (file("README.md/x", b"", encoding="base64"), 400, "README.md"),
        ({"key": "lfsFile", "value": {"path": "a", "algo": "sha256", "oid": "0" * 64, "size": 5}}, 400, "content"),
        ({"key": "deletedFile", "value": {"path": "nothing"}}, 404, "A file with this name doesn't exist"),
        ({"key": "deletedFolder", "value": {"path": "nothing/"}}, 404, "A file with this name doesn't exist"),
        ([1], 400, "key and value"),
    ],
)  # fmt: skip
def test_bad_lines(post, repository, line, status, words):
    before = repository.head
    response = post(line)
    repository.refresh_from_db()
    assert (response.status_code, repository.head) == (status, before)
    assert words in response.json()["error"]


NO_COMMITS = {
    "empty": b"",
    "blank": b"\n\n",
    "half": b"{",
    "deep": b"[" * 100_000,
    "binary": b"\xff\xfe",
    "no value": b'{"key": "file"}',
    "no summary": b'{"key": "header", "value": {}}',
    "long": b"x" * 3_000_000,
}


@pytest.mark.parametrize("raw", NO_COMMITS.values(), ids=NO_COMMITS)
def test_no_commit(send, repository, owner, raw):
    assert send("post", URL, raw, user=owner).status_code == 400


WORDS = st.sampled_from(["key", "value", "path", "content", "encoding", "oid", "summary"]) | st.text()
PLAIN = st.none() | st.booleans() | st.integers() | st.text()
ANYTHING = st.recursive(PLAIN, lambda some: st.lists(some) | st.dictionaries(WORDS, some), max_leaves=8)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(ANYTHING)
def test_whatever_is_sent_is_no_fault(post, said):
    response = post(said, {"key": "file", "value": said}, {"key": "deletedFolder", "value": said})
    assert response.status_code in (200, 400, 404, 413)


def test_the_same_again_is_no_commit(post, repository):
    post(file("a.txt", b"one", encoding="base64"), file("large.bin", LARGE, encoding="base64"))
    repository.refresh_from_db()
    again = post(file("large.bin", LARGE, encoding="base64"))
    assert again.json()["commitOid"] == repository.head
    assert len(git.history(repository)) == 2


def test_a_large_file_that_is_there_is_copied_by_its_hash(post, repository):
    post(file("large.bin", LARGE, encoding="base64"))
    oid = hashlib.sha256(LARGE).hexdigest()
    post({"key": "lfsFile", "value": {"path": "copy.bin", "algo": "sha256", "oid": oid}})
    repository.refresh_from_db()
    assert git.find_file(repository, "copy.bin").sha256 == oid


def test_a_large_file_of_another_repository_is_not(send, post, make_repository, owner):
    other = make_repository("other")
    commit(other, {"large.bin": LARGE}, actor=owner, message="Add it")
    oid = hashlib.sha256(LARGE).hexdigest()
    assert post({"key": "lfsFile", "value": {"path": "copy.bin", "algo": "sha256", "oid": oid}}).status_code == 400


def test_too_large(post, repository, settings):
    settings.LARGEST_FILE = 1000
    response = post(file("small.bin", b"x" * 1001, encoding="base64"))
    assert response.status_code == 413
    assert "small.bin" in response.json()["error"]
    settings.LARGEST_FILE = 3_000_000
    assert post(file("large.bin", LARGE, encoding="base64")).status_code == 413


def test_parent(post, repository, owner):
    before = repository.head
    commit(repository, {"x": b"x"}, actor=owner, message="Meanwhile")
    late = {"key": "header", "value": {"summary": "Late", "parentCommit": before}}
    response = post(file("y", b"y", encoding="base64"), header=late)
    assert response.status_code == 412
    assert "Somebody changed these files" in response.json()["error"]


@pytest.mark.parametrize("revision", ["other", "refs/heads/other", "refs/pr/7", "0" * 40])
def test_no_such_branch(post, revision):
    url = URL.replace("main", revision)
    assert post(file("y", b"y", encoding="base64"), url=url).status_code == 404


def test_who_may(send, post, reporter, owner):
    line = file("y", b"y", encoding="base64")
    assert post(line, user=reporter).status_code == 403
    assert post(line, user=None).status_code == 401
    assert send("post", URL, lines(HEADER, line), user=owner, scope="read").status_code == 403


def test_proposed(post, repository, reporter):
    response = post(file("y", b"y", encoding="base64"), user=reporter, url=f"{URL}?create_pr=1")
    opened = Discussion.objects.get()
    assert response.json()["pullRequestUrl"] == "http://testserver/nok/tiny-model/discussions/1"
    assert response.json()["commitOid"] == opened.pull_request.head
    assert (opened.title, opened.comments.get().text) == ("A commit", "Why.")
    hidden = {"key": "header", "value": {"summary": "safe \u202etxt"}}
    assert post(file("y", b"y"), user=reporter, url=f"{URL}?create_pr=1", header=hidden).status_code == 400


def test_only_their_own_pull_request(post, repository, reporter, author, owner):
    post(file("y", b"y", encoding="base64"), user=reporter, url=f"{URL}?create_pr=1")
    url = URL.replace("main", "refs/pr/1")
    assert post(file("z", b"z", encoding="base64"), user=author, url=url).status_code == 403
    assert post(file("z", b"z", encoding="base64"), user=owner, url=url).status_code == 200
    assert post(file("z2", b"z", encoding="base64"), user=reporter, url=url).status_code == 200


def test_banned_from_posting(post, repository, author, moderator, clause, comment):
    decide_directly(
        comment, kind="posting_ban", clause=clause("harassment"), reason="You called people idiots.", actor=moderator
    )
    response = post(file("y", b"y", encoding="base64"), user=author, url=f"{URL}?create_pr=1")
    assert response.status_code == 403
    assert "You can post again on" in response.json()["error"]


@pytest.mark.parametrize("path", ["a.txt", "large.bin", "nothing"])
def test_preupload(send, post, repository, owner, path):
    post(file("a.txt", b"one", encoding="base64"), file("large.bin", LARGE, encoding="base64"))
    asked = {"files": [{"path": path, "sample": "", "size": 3}]}
    (told,) = send("post", URL.replace("commit", "preupload"), asked, user=owner).json()["files"]
    assert (told["path"], told["uploadMode"], told["shouldIgnore"]) == (path, "regular", False)
    assert told.get("oid") == ("43dd47ea691c90a5fa7827892c70241913351963" if path == "a.txt" else None)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"files": "x"}, 400),
        ({"files": ["x"]}, 400),
        ({"files": [{"path": 5}]}, 400),
        ({"files": [{"path": "a"}] * 1_001}, 413),
        ({"files": [{"path": "a", "size": 51 * 1024**3}]}, 413),
        ({"files": [{"path": "a\ud800"}, {"path": "a\x00"}, {"path": ""}, {"path": "/"}]}, 200),
    ],
)
def test_bad_questions(send, repository, owner, asked, status):
    assert send("post", URL.replace("commit", "preupload"), asked, user=owner).status_code == status


PROPOSE = f"{URL}?create_pr=1"


def test_what_becomes_the_comment_stands_nowhere_else(client, send, post, repository, owner, reporter):
    header = {"key": "header", "value": {"summary": "A  summary", "description": "Rude words."}}
    answer = post(file("a.txt", b"one", encoding="base64"), user=reporter, url=PROPOSE, header=header).json()
    comment = Discussion.objects.get().comments.get()
    assert comment.text == "Rude words."
    hide(comment, category="abuse", actor=owner)
    for path in (
        "/nok/tiny-model/discussions/1",
        "/nok/tiny-model/discussions/1/commits",
        f"/nok/tiny-model/discussions/1/commits/{answer['commitOid']}",
    ):
        page = client.get(path)
        assert (page.status_code, "A summary" in page.content.decode()) == (200, True)
        assert "Rude words" not in page.content.decode()
    listed = send("get", "/api/models/nok/tiny-model/commits/refs%2Fpr%2F1").json()
    assert (listed[0]["title"], listed[0]["message"]) == ("A summary", "")


def test_a_summary_of_many_lines_stands_in_the_title_alone(post, repository, reporter):
    header = {"key": "header", "value": {"summary": "One\n\ntwo " + "x" * 300}}
    answer = post(file("a.txt", b"one", encoding="base64"), user=reporter, url=PROPOSE, header=header).json()
    opened = Discussion.objects.get()
    assert opened.title.startswith("One two xxx")
    assert git.find_commit(repository, answer["commitOid"]).message == opened.title


@pytest.mark.parametrize("values", [{"summary": "\u200b"}, {"summary": "Fine", "description": "\u200d"}])
def test_a_proposal_says_something(post, repository, reporter, values):
    response = post(
        file("a", b"", encoding="base64"), user=reporter, url=PROPOSE, header={"key": "header", "value": values}
    )
    assert (response.status_code, Discussion.objects.exists()) == (400, False)
