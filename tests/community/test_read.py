"""Reading the community tab: the list, a discussion, who is who (B1)."""

import re
from datetime import timedelta

import pytest

from accounts.actions import join_organization
from accounts.queries import system_actor
from community.actions import add_comment, open_discussion, set_locked, set_status
from community.models import Comment
from foundation import clock
from tests.repositories.reading import following, part, runs_something, text_of

LIST = "/nok/tiny-model/discussions"


def titles(response):
    return re.findall(r'class="name" href="[^"]+">([^<]+)<', response.content.decode())


@pytest.fixture
def long_discussion(discussion, author):
    now = clock.now()
    Comment.objects.bulk_create(
        Comment(
            discussion=discussion, author=author, text=f"Number {number};", created_at=now + timedelta(0, number // 9)
        )
        for number in range(250)
    )
    return discussion


def test_list_by_status(client, repository, author, owner):
    for title in ("one", "two", "three"):
        open_discussion(repository, title=title, text="Text.", actor=author)
    set_status(repository.discussions.get(title="two"), "closed", actor=owner)
    assert titles(client.get(LIST)) == ["three", "one"]
    assert titles(client.get(f"{LIST}?status=closed")) == ["two"]
    assert titles(client.get(f"{LIST}?status=all")) == ["three", "two", "one"]
    assert titles(client.get(f"{LIST}?status=nonsense")) == ["three", "one"]


def test_list_in_pages(client, repository, author, django_assert_num_queries):
    for number in range(32):
        open_discussion(repository, title=f"Number {number}", text="Text.", actor=author)
    with django_assert_num_queries(3):  # repository, restrictions, discussions
        first = client.get(LIST)
    assert titles(first)[0] == "Number 31"
    assert titles(client.get(LIST + following(first))) == ["Number 1", "Number 0"]


def test_list_counts_comments(client, comment):
    assert re.search(r"\b2<span class=\"visually-hidden\"> comments", client.get(LIST).content.decode())


def test_empty_list(client, repository):
    assert "No discussion is open" in client.get(LIST).content.decode()


def test_comments_in_order_with_ways_to_report(client, comment, discussion):
    page = client.get(f"{LIST}/1").content.decode()
    assert page.index("It does not load here.") < page.index("You people are idiots")
    assert f'href="/report/discussion/{discussion.public_id}"' in page
    assert page.count('href="/report/comment/') == 2
    assert f'id="comment-{comment.public_id}"' in page


def test_comments_in_pages_of_a_hundred(client, long_discussion):
    address, found = f"{LIST}/1", []
    for _page in range(3):
        page = client.get(address)
        found += re.findall(r"Number (\d+);", text_of(page))
        address = f"{LIST}/1" + following(page)
    assert found == [str(number) for number in range(250)]
    assert not following(page)


def test_address_of_a_comment_leads_to_its_page(client, long_discussion):
    for number in (3, 150, 249):
        comment = Comment.objects.get(text=f"Number {number};")
        page = client.get(comment.get_absolute_url()).content.decode()
        assert f'id="comment-{comment.public_id}"' in page
        assert ("Number 0;" in page) == (number == 3)


@pytest.mark.parametrize("forged", ["nonsense", "6dea637f-c4e2-4fff-b544-3a7766471e51", "%00"])
def test_address_of_a_comment_that_is_not_there(client, discussion, forged):
    assert client.get(f"{LIST}/1?comment={forged}").status_code == (400 if forged == "%00" else 200)


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999999"])
def test_discussion_that_is_not_there(client, discussion, number):
    assert client.get(f"{LIST}/{number}").status_code == 404


def test_number_of_another_repository(client, discussion, make_repository):
    make_repository("other")
    assert client.get("/nok/other/discussions/1").status_code == 404


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=a()>"])
def test_comment_and_title_of_a_stranger_run_nothing(client, repository, author, attack):
    open_discussion(repository, title=attack, text=attack, actor=author)
    for address in (LIST, f"{LIST}/1"):
        assert not runs_something(part(client.get(address), "main"))


def test_who_is_who(client, organization, make_repository, owner, reporter, author, moderator):
    ours = make_repository("ours", owner=organization)
    join_organization(reporter, organization, role="read", actor=owner)
    asked = open_discussion(ours, title="Who?", text="Who are you?", actor=author)
    for person in (reporter, moderator, system_actor()):
        add_comment(asked, text="Me.", actor=person)
    page = client.get("/mekong-lab/ours/discussions/1").content.decode()
    comments = [" ".join(re.findall(r'class="tag">([^<]+)<', one)) for one in page.split("<li id=")[1:]]
    assert comments == ["", "owner side", "team", "automation"]


def test_owner_of_a_personal_repository_is_marked(client, discussion, owner):
    add_comment(discussion, text="Me.", actor=owner)
    assert client.get(f"{LIST}/1").content.decode().count("owner side") == 1


def test_queries_do_not_grow_with_comments(client, sign_in, reporter, discussion, make_user, django_assert_num_queries):
    for number in range(12):
        add_comment(discussion, text="Text.", actor=make_user(f"person-{number}"))
    with django_assert_num_queries(5):  # repository, restrictions, discussion, comments, team
        client.get(f"{LIST}/1")
    signed_in = sign_in(reporter)
    with django_assert_num_queries(11):  # and session, person, own restriction, two permissions, unread messages
        signed_in.get(f"{LIST}/1")


def test_states_are_shown(client, discussion, moderator):
    set_locked(discussion, True, actor=moderator)
    set_status(discussion, "closed", actor=moderator)
    page = client.get(f"{LIST}/1").content.decode()
    assert 'class="state stop">locked' in page
    assert 'class="state">closed' in page
