"""Pull requests: proposing, reading, merging; the tag that comes in by one (B1, A4)."""

from uuid import uuid4

import pytest

from community.actions import set_status
from community.models import Discussion
from community.pull_requests import commit_to_pull_request, merge_pull_request, open_draft
from foundation.errors import Forbidden, Refused
from repositories import git
from repositories.actions import commit
from repositories.labels import add_tag
from repositories.models import Repository

PAGE = "/nok/tiny-model"
BETTER = b"---\nlicense: apache-2.0\ntags: [text]\n---\n# tiny-model\n\nA small model for tests, and its limits.\n"


def head_of(repository) -> str:
    return Repository.objects.get(pk=repository.pk).head


def test_a_stranger_suggests_a_card_and_the_owner_merges_it(sign_in, author, owner, repository):
    before = repository.head
    client = sign_in(author)
    shown = client.get(f"{PAGE}/card/suggest").content.decode()
    assert "A small model for tests." in shown
    form = {
        "title": "Say more",
        "text": "People ask.",
        "card": BETTER.decode(),
        "parent": before,
        "request_id": uuid4(),
    }
    response = client.post(f"{PAGE}/card/suggest", form)
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}/discussions/1")
    page = client.get(f"{PAGE}/discussions/1").content.decode()
    assert "README.md" in page
    assert "Merge into main" not in page
    assert "and its limits" in client.get(f"{PAGE}/discussions/1/files").content.decode()
    assert head_of(repository) == before

    page = sign_in(owner).get(f"{PAGE}/discussions/1").content.decode()
    assert "Merge into main" in page
    assert sign_in(owner).post(f"{PAGE}/discussions/1/merge").status_code == 303
    repository.refresh_from_db()
    assert repository.card == BETTER.decode()
    assert {one.oid for one in git.history(repository)} >= {before, repository.head}
    merged = Discussion.objects.get()
    assert (merged.status, merged.pull_request.merge_commit) == ("merged", repository.head)
    assert "merged this on" in client.get(f"{PAGE}/discussions/1").content.decode()


def test_double_click_opens_one(sign_in, author, repository):
    form = {"title": "More", "text": "Why.", "card": BETTER.decode(), "parent": repository.head, "request_id": uuid4()}
    client = sign_in(author)
    assert {client.post(f"{PAGE}/card/suggest", form)["Location"] for _time in range(2)} == {f"{PAGE}/discussions/1"}


def test_only_the_owner_side_merges(propose, repository, author, reporter, owner):
    opened = propose({"README.md": BETTER})
    for person in (author, reporter):
        with pytest.raises(Forbidden):
            merge_pull_request(opened, actor=person)
    assert merge_pull_request(opened, actor=owner) == head_of(repository)
    with pytest.raises(Refused, match="closed or merged"):
        merge_pull_request(opened, actor=owner)


def test_a_draft_is_opened_before_it_is_merged(propose, author, owner, reporter):
    opened = propose({"a.txt": b"a"}, draft=True)
    with pytest.raises(Refused, match="draft"):
        merge_pull_request(opened, actor=owner)
    with pytest.raises(Forbidden):
        open_draft(opened, actor=reporter)
    open_draft(opened, actor=author)
    merge_pull_request(opened, actor=owner)


@pytest.mark.parametrize("opens", [open_draft, lambda draft, actor: set_status(draft, "open", actor=actor)])
def test_opening_a_draft_is_the_same_in_both_ways(propose, author, owner, reporter, moderator, opens):
    for number, person in enumerate([author, owner], 1):
        opened = propose({"a.txt": b"a"}, draft=True)
        for other in (reporter, moderator):
            with pytest.raises(Forbidden):
                opens(opened, actor=other)
        opens(opened, actor=person)
        opened.refresh_from_db()
        assert (opened.number, opened.status) == (number, "open")
        assert [(one.kind, one.actor) for one in opened.events.all()] == [("opened", person)]


def test_main_and_the_proposal_change_different_files(propose, repository, owner):
    opened = propose({"a.txt": b"theirs"})
    commit(repository, {"b.txt": b"ours"}, actor=owner, message="Add b")
    merge_pull_request(opened, actor=owner)
    repository.refresh_from_db()
    assert (git.read_file(repository, "a.txt"), git.read_file(repository, "b.txt")) == (b"theirs", b"ours")


def test_both_changed_the_same_file(sign_in, propose, repository, owner):
    opened = propose({"a.txt": b"theirs"})
    commit(repository, {"a.txt": b"ours"}, actor=owner, message="Add a")
    before = head_of(repository)
    page = sign_in(owner).get(opened.get_absolute_url()).content.decode()
    assert "cannot be merged" in page
    assert "Merge into main" not in page
    with pytest.raises(Refused, match=r"a\.txt"):
        merge_pull_request(opened, actor=owner)
    assert head_of(repository) == before
    opened.refresh_from_db()
    assert opened.status == "open"


def test_more_commits_of_the_opener(propose, repository, author, reporter, owner):
    opened = propose({"a.txt": b"1"})
    second = [git.Put("a.txt", git.store_bytes(repository, b"2").oid)]
    with pytest.raises(Forbidden):
        commit_to_pull_request(opened, second, actor=reporter, message="Mine")
    commit_to_pull_request(opened, second, actor=author, message="Better")
    merge_pull_request(opened, actor=owner)
    repository.refresh_from_db()
    assert git.read_file(repository, "a.txt") == b"2"


def test_the_tag_comes_in_by_a_pull_request_and_keeps_its_origin(propose, repository, owner, author, client):
    opened = propose({"README.md": add_tag(repository.card).encode()}, title="Tag it")
    assert not Repository.objects.get().nfaa
    merge_pull_request(opened, actor=owner)
    tagged = Repository.objects.get()
    assert (tagged.nfaa, tagged.nfaa_pull_request, tagged.nfaa_by) == (True, opened.number, owner)
    commit(repository, {"README.md": BETTER}, actor=owner, message="No")
    assert Repository.objects.get().nfaa_pull_request is None
