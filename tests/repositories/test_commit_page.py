"""A commit: who made it, when, why, and what it changed (A1)."""

import pytest

from accounts.queries import system_actor
from repositories import git
from repositories.actions import commit, restrict
from repositories.views import history
from tests.repositories.reading import runs_something, text_of


def address(oid):
    return f"/nok/tiny-model/commit/{oid}"


@pytest.fixture
def change(repository, owner):
    before = {"code.py": b"a = 1\nb = 2\nc = 3\n", "old.txt": b"same\n" * 20, "gone.txt": b"1\n", "x.bin": b"\0"}
    commit(repository, before, actor=owner, message="Before")
    after = {
        "code.py": b"a = 1\nb = '<script>alert(1)</script>'\nc = 3",
        "old.txt": None,
        "new.txt": b"same\n" * 20,
        "gone.txt": None,
        "x.bin": b"\0\1",
        "empty.txt": b"",
    }
    commit(repository, after, actor=owner, message="Say <b>why</b>\n\nAt length.")
    return repository


def test_what_changed_in_words_and_numbers(client, change):
    page = text_of(client.get(address(change.head)))
    assert "Say &lt;b&gt;why&lt;/b&gt;" in page
    assert "At length." in page
    assert "+2" in page
    assert '<span class="visually-hidden">added: </span>b = &#x27;&lt;script&gt;' in page
    assert '<span class="visually-hidden">removed: </span>b = 2' in page
    assert "(no line end at the end of the file)" in page
    assert "Only its name changed." in page
    assert "This is no text, so we do not show what changed" in page
    assert "The file is empty." in page
    for word in ("new", "deleted", "moved"):
        assert f'<span class="tag">{word}</span>' in page
    assert not runs_something(page.partition("<main")[2])


def test_leads_to_its_parents_and_its_files(client, change):
    newest, middle, oldest = git.history(change)
    page = text_of(client.get(address(newest.oid)))
    assert address(middle.oid) in page
    assert f"/nok/tiny-model/files?at={newest.oid}" in page
    first = text_of(client.get(address(oldest.oid)))
    assert "Before it:" not in first
    assert "added: </span># tiny-model" in first


def test_merge_shows_what_it_brought(client, change, owner):
    parent = git.history(change)[1].oid
    side = git.write_commit(
        change, [git.Put("side.txt", git.store_bytes(change, b"1\n").oid)], parent=parent, author="x", message="x",
        at=change.updated_at,
    )  # fmt: skip
    from repositories.actions.merging import merge

    oid = merge(change, side, actor=owner, message="Merge", pull_request=1)
    page = text_of(client.get(address(oid)))
    assert "What it brought into main" in page
    assert "side.txt" in page
    assert "code.py" not in page.partition('id="changes"')[2]
    assert client.get(address(side)).status_code == 200


def test_many_files_and_long_changes_are_cut_and_it_is_said(client, repository, owner, monkeypatch):
    monkeypatch.setattr(history, "MOST_FILES", 3)
    files = {f"f{number}.txt": b"x\n" * 300 for number in range(5)}
    commit(repository, {**files, "f1.txt": b"x" * 300_000}, actor=owner, message="Many")
    page = text_of(client.get(address(repository.head)))
    assert "2 more files are not shown here." in page
    assert "There is more than we show here" in page
    assert page.count('<details class="panel flush difference"') == 3
    # Those with more than 200 changed lines are folded.
    assert page.count("open>") == 1


@pytest.mark.parametrize("oid", ["0" * 40, "HEAD", "x", "ก", "a/b"])
def test_what_is_no_commit(client, repository, oid):
    assert client.get(address(oid)).status_code == 404


def test_those_who_may_not_have_the_files_do_not_read_them_here(client, repository):
    restrict(repository, kind="disabled", reason="Why.", actor=system_actor())
    response = client.get(address(repository.head))
    assert response.status_code == 403
    assert "A small model for tests." not in text_of(response)


def test_queries(client, change, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert client.get(address(change.head)).status_code == 200
