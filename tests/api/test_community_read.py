"""Reading community tabs: what a viewer may see, nothing hidden, at a constant cost (K1, B1, B2)."""

import uuid

import pytest
from rest_framework.test import APIClient

from community.actions import (
    add_comment,
    change_tab,
    edit_comment,
    hide,
    open_discussion,
    react,
    rename,
    set_pinned,
    set_status,
)
from community.models import Discussion
from community.pull_requests import open_pull_request
from repositories.models import Visibility
from tests.api.conftest import code

ADDRESS = "/api/v1/repositories/models/nok/tiny-model/discussions"
SECRET = "a secret that was hidden"


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()


@pytest.fixture
def several(repository, author, owner, reporter):
    """Numbers 1 to 4: open, closed, a draft pull request, and one of somebody else."""
    for title in ("first", "second"):
        open_discussion(repository, title=title, text="Text.", actor=author)
    set_status(repository.discussions.get(number=2), "closed", actor=owner)
    open_pull_request(repository, [], title="third", text="Text.", actor=author)
    open_discussion(repository, title="fourth", text="Text.", actor=reporter)
    return list(repository.discussions.order_by("number"))


def url(thing, rest: str = "") -> str:
    kind = "discussions" if isinstance(thing, Discussion) else "comments"
    return f"/api/v1/{kind}/{thing.public_id}{rest}"


def numbers(response) -> list[int]:
    assert response.status_code == 200, response.json()
    return [one["number"] for one in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [4, 3, 2, 1]),
        ("?status=open", [4, 3, 1]),
        ("?status=closed", [2]),
        ("?kind=pull_request", [3]),
        ("?kind=discussion&status=open", [4, 1]),
        ("?author=IRIS", [4]),
        ("?author=nobody", []),
    ],
)
def test_filters(anybody, several, query, found):
    assert numbers(anybody.get(ADDRESS + query)) == found


def test_by_id_as_by_address(anybody, several, repository):
    by_id = anybody.get(f"/api/v1/repositories/{repository.public_id}/discussions").json()
    assert by_id == anybody.get(ADDRESS).json()
    assert by_id["results"][3] == anybody.get(url(several[0])).json() == anybody.get(f"{ADDRESS}/1").json()


@pytest.mark.parametrize("query", ["?status=lost", "?kind=planet", "?after=x"])
def test_filter_that_makes_no_sense(anybody, several, query):
    assert anybody.get(ADDRESS + query).status_code == 400


def test_list_in_pages(anybody, several, monkeypatch):
    monkeypatch.setattr("foundation.api.KeysetPagination.size", 3)
    first = anybody.get(f"{ADDRESS}?author=quentin&status=all")
    assert (numbers(first), first.json()["next"]) == ([3, 2, 1], None)
    second = anybody.get(anybody.get(ADDRESS).json()["next"])
    assert (numbers(second), second.json()["next"]) == ([1], None)


def test_shape(anybody, discussion, owner):
    set_pinned(discussion, True, actor=owner)
    shown = anybody.get(url(discussion)).json()
    assert (shown["number"], shown["title"], shown["author"]) == (1, "How do I load this?", "quentin")
    assert (shown["status"], shown["pinned"], shown["comment_count"]) == ("open", True, 1)
    assert shown["url"] == "http://testserver/nok/tiny-model/discussions/1"
    assert shown["pull_request"] is None


def test_timeline_in_one_order(anybody, discussion, author, owner):
    rename(discussion, "Loading", actor=author)
    answer = add_comment(discussion, text="Like this.", actor=owner)
    react(answer, "heart", actor=author)
    opening, renamed, last = anybody.get(url(discussion, "/timeline")).json()["results"]
    assert (opening["type"], opening["text"], opening["side"]) == ("comment", "It does not load here.", None)
    assert (renamed["type"], renamed["kind"]) == ("event", "renamed")
    assert renamed["data"] == {"from": "How do I load this?", "to": "Loading"}
    assert (last["side"], last["reactions"]) == ("owner", [{"kind": "heart", "count": 1, "own": False}])
    assert last == anybody.get(url(answer)).json()


def test_own_reaction(program, comment, author, reporter):
    for person in (author, reporter):
        react(comment, "eyes", actor=person)
    shown = program(author, "read").get(url(comment)).json()
    assert shown["reactions"] == [{"kind": "eyes", "count": 2, "own": True}]


def test_hidden_text_is_nowhere(anybody, program, discussion, author, owner):
    secret = add_comment(discussion, text=SECRET, actor=author)
    add_comment(discussion, text=f"> {SECRET}\n\nIndeed.", actor=owner)
    edit_comment(secret, text=f"{SECRET}, edited", actor=author)
    edit_comment(secret, text=SECRET, actor=author)
    react(secret, "heart", actor=owner)
    hide(secret, category="abuse", actor=owner)
    for client in (anybody, program(author), program(owner)):
        for path in (url(discussion, "/timeline"), url(secret), url(discussion), ADDRESS):
            response = client.get(path)
            assert response.status_code == 200
            assert SECRET not in response.content.decode()
    shown = anybody.get(url(secret)).json()
    assert (shown["text"], shown["hidden"], shown["hidden_because"], shown["reactions"]) == ("", True, "abuse", [])


@pytest.mark.parametrize("place", ["from=101", "comment"])
def test_page_of_a_position_and_of_a_comment(anybody, written, discussion, place):
    comments = [written(f"Number {number}") for number in range(2, 104)]
    place = f"comment={comments[-1].public_id}" if place == "comment" else place
    page = anybody.get(url(discussion, f"/timeline?{place}")).json()
    assert [one["position"] for one in page["results"]] == [101, 102, 103]
    before = anybody.get(page["previous"]).json()
    assert (len(before["results"]), before["next"]) == (100, page["previous"].replace("from=1", "from=101"))


def test_page_that_is_none(anybody, discussion):
    assert anybody.get(url(discussion, "/timeline?from=x")).status_code == 400
    assert anybody.get(url(discussion, "/timeline?from=99999")).json()["results"] == []


def test_missing_and_private_things_are_the_same(anybody, program, repository, discussion, comment, reporter):
    repository.visibility = Visibility.PRIVATE
    repository.save()
    hidden = [url(discussion), url(discussion, "/timeline"), url(comment)]
    hidden += [f"/api/v1/repositories/{repository.public_id}/discussions", ADDRESS, f"{ADDRESS}/1"]
    missing = [path.replace(str(discussion.public_id), str(uuid.uuid4())) for path in hidden]
    missing = [path.replace(str(comment.public_id), str(uuid.uuid4())) for path in missing]
    missing = [path.replace(str(repository.public_id), str(uuid.uuid4())).replace("nok", "nix") for path in missing]
    for client in (anybody, program(reporter)):
        for one, other in zip(hidden, missing, strict=True):
            private, nothing = client.get(one), client.get(other)
            assert (private.status_code, private.json()) == (404, nothing.json())


def test_owner_reads_in_private(program, repository, discussion, comment, owner):
    repository.visibility = Visibility.PRIVATE
    repository.save()
    client = program(owner, "read")
    assert numbers(client.get(ADDRESS)) == [1]
    assert client.get(url(comment)).json()["text"] == comment.text


def test_tab_that_is_off(anybody, program, repository, discussion, comment, owner, moderator):
    change_tab(repository, on=False, newcomers=0, actor=owner)
    assert numbers(anybody.get(ADDRESS)) == []
    for path in (url(discussion), url(discussion, "/timeline"), url(comment), f"{ADDRESS}/1"):
        assert code(anybody.get(path)) == "tab_off"
        assert program(owner).get(path).status_code == program(moderator).get(path).status_code == 200


def test_query_counts(anybody, program, reporter, several, comment, django_assert_max_num_queries):
    signed_in = program(reporter, "read")
    with django_assert_max_num_queries(5):  # repository, restrictions, tab, what ended, list
        anybody.get(ADDRESS)
    with django_assert_max_num_queries(1):
        anybody.get(url(comment.discussion))
    with django_assert_max_num_queries(5):  # discussion, comments, events, team, reactions
        anybody.get(url(comment.discussion, "/timeline"))
    with django_assert_max_num_queries(6):
        signed_in.get(url(comment.discussion, "/timeline"))
    with django_assert_max_num_queries(3):
        anybody.get(url(comment))


def test_list_costs_the_same_at_any_length(anybody, repository, author, several, django_assert_num_queries):
    for number in range(20):
        open_discussion(repository, title=f"Number {number}", text="Text.", actor=author)
        open_pull_request(repository, [], title=f"Number {number}", text="Text.", actor=author)
    with django_assert_num_queries(5):
        assert len(numbers(anybody.get(ADDRESS))) == 44
