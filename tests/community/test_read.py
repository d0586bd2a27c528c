"""Reading a discussion: its timeline, who is who, what each viewer can do (B1)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import join_organization
from accounts.queries import system_actor
from community.actions import add_comment, close_all, hide, open_discussion, react, set_locked, set_status
from community.entries import note, write_comment
from community.models import Comment, DiscussionEvent
from community.projections import lock
from tests.repositories.reading import part, runs_something, text_of

LIST = "/nok/tiny-model/discussions"
PAGE = f"{LIST}/1"
Kind = DiscussionEvent.Kind


@pytest.fixture
def long_discussion(discussion, author):
    row = lock(discussion)
    for number in range(250):
        write_comment(row, author=author, text=f"Number {number};", quiet=True)
    return discussion


def pages_of(page):
    """Where the ways through a long discussion lead, by their words."""
    nav = re.search(r'<nav class="pager discussion-pages".*?</nav>', text_of(page), re.S)
    links = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', nav[0], re.S) if nav else []
    return {re.sub("<[^>]*>", "", words).strip(): address for address, words in links}


def test_comments_in_order_with_ways_to_report(client, comment, discussion):
    page = client.get(PAGE).content.decode()
    assert page.index("It does not load here.") < page.index("You people are idiots")
    assert f'href="/report/discussion/{discussion.public_id}"' in page
    assert page.count('href="/report/comment/') == 2
    assert f'id="comment-{comment.public_id}"' in page


def test_comments_in_pages_of_a_hundred(client, long_discussion):
    address, found = PAGE, []
    for _page in range(3):
        page = client.get(address)
        found += re.findall(r"Number (\d+);", text_of(page))
        address = PAGE + pages_of(page).get("Next", "")
    assert found == [str(number) for number in range(250)]
    assert pages_of(page) == {"Read from the beginning": PAGE, "Previous": "?from=101"}


def test_newest_page_holds_the_last_comment(client, long_discussion):
    first = client.get(PAGE)
    assert "1–100 of 251" in text_of(first)
    assert "Number 249;" in text_of(client.get(PAGE + pages_of(first)["Newest"]))


def test_short_one_has_no_pages(client, comment):
    assert pages_of(client.get(PAGE)) == {}


@pytest.mark.parametrize("start", ["x", "-1", "1.5", "9" * 20])
def test_page_that_is_none(client, discussion, start):
    assert client.get(f"{PAGE}?from={start}").status_code == 400


def test_address_of_a_comment_leads_to_its_page(client, long_discussion):
    for number in (3, 150, 249):
        comment = Comment.objects.select_related("discussion__repository__namespace").get(text=f"Number {number};")
        page = client.get(comment.get_absolute_url()).content.decode()
        assert f'id="comment-{comment.public_id}"' in page
        assert ("Number 0;" in page) == (number == 3)


def test_comments_and_events_in_one_order(client, discussion, comment, owner, author):
    set_locked(discussion, True, actor=owner)
    set_locked(discussion, False, actor=owner)
    add_comment(discussion, text="After it.", actor=author)
    page = client.get(PAGE).content.decode()
    places = [page.index(words) for words in ("does not load", "idiots", " locked this", " unlocked this", "After it.")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (Kind.OPENED, {}, "Ombud</span> says that this is ready for review"),
        (Kind.COMMITTED, {"oid": "a" * 40, "subject": "<b>"}, '>aaaaaaaaaa</span>: <bdi class="words">&lt;b&gt;</bdi>'),
        (Kind.MERGED, {"oid": "b" * 40}, "merged this as"),
        (Kind.REPORTED, {"clause": "spam"}, "A report opened this discussion"),
        (Kind.MEASURE_TAKEN, {"measure": "downgrade"}, "We downgraded this repository"),
        (Kind.MEASURE_TAKEN, {"measure": "something_new"}, "We took a measure"),
        (Kind.MEASURE_TAKEN, {}, "We took a measure"),
        (Kind.MEASURE_LIFTED, {"measure": "disable"}, "We opened access to the files"),
        (Kind.MEASURE_LIFTED, {}, "We lifted a measure"),
        (Kind.FEEDBACK_ASKED, {}, "We ask for your feedback"),
    ],
)
def test_events_in_plain_words(client, discussion, kind, data, words):
    note(discussion, kind, actor=system_actor(), data=data)
    assert words in client.get(PAGE).content.decode()


def test_closing_all_is_said(client, owner, discussion):
    close_all(discussion.repository, actor=owner)
    assert "closed all discussions, and this one with them" in client.get(PAGE).content.decode()


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
    for address in (LIST, PAGE):
        assert not runs_something(part(client.get(address), "main"))


def test_who_is_who(client, organization, make_repository, owner, reporter, author, moderator):
    ours = make_repository("ours", owner=organization)
    join_organization(reporter, organization, role="read", actor=owner)
    asked = open_discussion(ours, title="Who?", text="Who are you?", actor=author)
    for person in (reporter, moderator, system_actor()):
        add_comment(asked, text="Me.", actor=person)
    page = client.get("/mekong-lab/ours/discussions/1").content.decode()
    comments = [" ".join(re.findall(r'class="tag[a-z ]*">([^<]+)<', one)) for one in page.split("<li id=")[1:]]
    assert comments == ["opened this", "owner side", "team", "automation"]


def test_owner_of_a_personal_repository_is_marked(client, discussion, owner):
    add_comment(discussion, text="Me.", actor=owner)
    assert client.get(PAGE).content.decode().count("owner side") == 1


def test_queries_do_not_grow_with_comments(sign_in, make_user, discussion, reporter, owner, moderator):
    viewers = [Client(), *map(sign_in, (reporter, owner, moderator))]

    def costs():
        found = []
        for viewer in viewers:
            viewer.get(PAGE)
            with CaptureQueriesContext(connection) as queries:
                viewer.get(PAGE)
            found.append(len(queries))
        return found

    hide(add_comment(discussion, text="Text, @nok.", actor=reporter), category="spam", actor=owner)
    before = costs()
    for number in range(24):
        made = add_comment(discussion, text="Text, @nok and @mira.", actor=make_user(f"person-{number}"))
        react(made, "heart", actor=owner)
        if number % 2:
            hide(made, category="spam", actor=system_actor())
    assert costs() == before
    assert before[0] <= 10
    assert max(before) <= 25


def test_states_are_shown(client, discussion, moderator):
    set_locked(discussion, True, actor=system_actor())
    set_status(discussion, "closed", actor=system_actor())
    page = client.get(PAGE).content.decode()
    assert 'class="state stop">locked' in page
    assert 'class="state">closed' in page
