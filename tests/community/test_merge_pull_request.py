"""Merging: one action on git and database, its words, and what happens at the same time (B1)."""

import threading

import pytest
from django.db import connection

from community.actions import open_discussion
from community.models import Discussion
from community.pull_requests import commit_to_pull_request, merge_pull_request, merging
from foundation.errors import Refused
from repositories import git, scanning
from repositories.actions import commit, head
from repositories.models import Repository
from tests.community.conftest import changes_of
from tests.conftest import concurrent
from tests.repositories.committing import check

PAGE = "/nok/tiny-model"


def message_of_head() -> str:
    repository = Repository.objects.get()
    return git.find_commit(repository, repository.head).message


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Say more (#1)"),
        ({"title": "", "message": ""}, "Say more (#1)"),
        ({"title": "Say it", "message": ""}, "Say it"),
        ({"title": "Say  it", "message": "Because\r\npeople ask."}, "Say it\n\nBecause\npeople ask."),
        ({"message": "Because."}, "Because."),
    ],
)
def test_the_words_of_the_commit(propose, sign_in, owner, form, message):
    propose({"a.txt": b"a"})
    assert sign_in(owner).post(f"{PAGE}/discussions/1/merge", form).status_code == 303
    assert message_of_head() == message


@pytest.mark.parametrize("form", [{"title": "x" * 300}, {"message": "x" * 70_000}, {"title": "a\x00b"}])
def test_words_that_cannot_be_taken_stay_in_the_form(propose, sign_in, owner, form):
    opened = propose({"a.txt": b"a"})
    response = sign_in(owner).post(f"{PAGE}/discussions/1/merge", form)
    assert response.status_code == 422
    assert "Please look at the fields marked below" in response.content.decode()
    opened.refresh_from_db()
    assert opened.status == "open"


@pytest.mark.parametrize("place", [(head, "read_head"), (scanning, "request_scans"), (merging, "write_event")])
def test_an_error_at_any_step_leaves_neither_half(propose, repository, owner, place, monkeypatch):
    opened = propose({"README.md": b"# Other\n"})
    before = Repository.objects.get()

    def fail(*_args, **_more):
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(*place, fail)
        with pytest.raises(OSError, match="the disk is gone"):
            merge_pull_request(opened, actor=owner)
    repository, opened = Repository.objects.get(), Discussion.objects.get()
    assert (repository.head, repository.card) == (before.head, before.card)
    assert (opened.status, opened.pull_request.merge_commit) == ("open", "")
    assert not opened.events.exists()
    merge_pull_request(opened, actor=owner)
    assert Repository.objects.get().card == "# Other\n"


def at_once(*works):
    """Run each in a thread of its own, all starting together; returns what each returned or the code it was refused."""
    outcomes: list = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(place, work):
        start.wait()
        try:
            outcomes[place] = work()
        except Refused as refusal:
            outcomes[place] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def fresh(number=1):
    return Discussion.objects.select_related("repository__namespace").get(number=number)


@concurrent
def test_merging_twice_at_once_happens_once(propose, owner):
    propose({"a.txt": b"a"})
    outcomes = at_once(*[lambda: bool(merge_pull_request(fresh(), actor=owner))] * 4)
    assert sorted(outcomes, key=str) == [True, "closed", "closed", "closed"]
    assert [len(one.parents) for one in git.history(Repository.objects.get())][:1] == [2]


@concurrent
def test_main_moves_while_it_is_merged(propose, owner):
    propose({"theirs.txt": b"theirs"})

    def move(number):
        files = {f"ours{number}.txt": b"ours"}
        return lambda: commit(Repository.objects.get(), files, actor=owner, message="Ours")

    at_once(*map(move, range(3)), lambda: merge_pull_request(fresh(), actor=owner))
    repository = Repository.objects.get()
    paths = {file.path for file in git.list_files(repository)}
    assert paths == {"README.md", "theirs.txt", "ours0.txt", "ours1.txt", "ours2.txt"}
    assert fresh().status == "merged"
    assert git.in_history(repository, fresh().pull_request.merge_commit)
    check(repository)


@concurrent
def test_main_changes_the_same_file_while_it_is_merged(propose, owner):
    propose({"a.txt": b"theirs"})
    merged, _moved = at_once(
        lambda: bool(merge_pull_request(fresh(), actor=owner)),
        lambda: commit(Repository.objects.get(), {"a.txt": b"ours"}, actor=owner, message="Ours"),
    )
    assert fresh().status == {True: "merged", "conflict": "open"}[merged]
    assert git.read_file(Repository.objects.get(), "a.txt") == b"ours"


@concurrent
def test_a_commit_that_comes_while_it_is_merged_is_in_it_or_refused(propose, owner, author):
    opened = propose({"a.txt": b"1"})
    changes = changes_of(opened.repository, {"a.txt": b"2"})
    committed, _merged = at_once(
        lambda: commit_to_pull_request(fresh(), changes, actor=author, message="More"),
        lambda: merge_pull_request(fresh(), actor=owner),
    )
    assert git.read_file(Repository.objects.get(), "a.txt") == (b"1" if committed == "closed" else b"2")


@concurrent
def test_numbers_have_no_gaps_between_merges_and_proposals(propose, repository, owner, author):
    propose({"a.txt": b"a"})

    def discuss():
        return open_discussion(repository, title="A", text="B", actor=author).number

    def suggest():
        return propose({"b.txt": b"b"}).number

    at_once(discuss, suggest, lambda: merge_pull_request(fresh(), actor=owner), discuss, suggest)
    numbers = Discussion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]
    assert Repository.objects.get().last_discussion == 5
