"""The list of a repository's discussions: filters, orders, pages, counts, what is pinned (B1)."""

import re

import pytest

from accounts.queries import system_actor
from community import listing
from community.actions import add_comment, open_discussion, set_pinned, set_status
from community.models import Discussion
from tests.community.listing import LIST, titles
from tests.repositories.reading import following, part, runs_something, text_of


@pytest.fixture
def opened(repository, author):
    """opened("title", **fields): a discussion of `author`, with these values in its row."""

    def make(title, *, actor=author, origin="person", **fields):
        row = open_discussion(repository, title=title, text="Text.", actor=actor, origin=origin)
        Discussion.objects.filter(pk=row.pk).update(**fields)
        row.refresh_from_db()
        return row

    return make


@pytest.fixture
def several(opened, reporter):
    """From the newest: team, merged, draft, theirs, closed, first."""
    opened("first")
    opened("closed", status="closed")
    opened("theirs", actor=reporter)
    opened("draft", status="draft", is_pull_request=True)
    opened("merged", status="merged", is_pull_request=True)
    opened("team", actor=system_actor(), origin="team")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "team draft theirs first"),
        ("status=open", "team draft theirs first"),
        ("status=closed", "merged closed"),
        ("status=merged", "merged"),
        ("status=all", "team merged draft theirs closed first"),
        ("status=nonsense", "team draft theirs first"),
        ("kind=pull_request", "draft"),
        ("kind=pull_request&status=all", "merged draft"),
        ("kind=discussion&status=all", "team theirs closed first"),
        ("kind=%27", "team draft theirs first"),
        ("author=Iris", "theirs"),
        ("author=@iris", "theirs"),
        ("author=quentin&status=closed&kind=discussion", "closed"),
        ("author=nobody-here", ""),
        ("author=%25", ""),
        ("origin=team&status=all", "team"),
        ("origin=team&author=iris", ""),
        ("order=nonsense", "team draft theirs first"),
    ],
)
def test_narrowed(client, several, query, expected):
    assert titles(client.get(f"{LIST}?{query}")) == expected.split()


def test_last_active_first(client, opened, author):
    old = opened("old")
    opened("new")
    add_comment(old, text="More.", actor=author)
    assert titles(client.get(LIST)) == ["new", "old"]
    assert titles(client.get(f"{LIST}?order=active")) == ["old", "new"]


@pytest.mark.parametrize("order", ["newest", "active"])
def test_filters_survive_paging(client, opened, reporter, monkeypatch, order):
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(5):
        opened(f"mine-{number}", status="closed")
        opened(f"theirs-{number}", actor=reporter, status="closed")
        opened(f"open-{number}")
    page = client.get(f"{LIST}?status=closed&author=quentin&order={order}")
    found = titles(page)
    while address := following(page):
        page = client.get(LIST + address)
        found += titles(page)
    assert found == [f"mine-{number}" for number in reversed(range(5))]


@pytest.mark.parametrize("order", ["newest", "active"])
@pytest.mark.parametrize("forged", ["nonsense", "WzFd", "WyJ4Il0", "W251bGwsMV0"])
def test_forged_page(client, repository, order, forged):
    assert client.get(f"{LIST}?order={order}&after={forged}").status_code == 400


def counted(response):
    return re.findall(r'<span class="count">([^<]*)</span>', part(response, "main").split("segments")[1])[:2]


def test_counts_are_of_what_the_other_filters_leave(client, several):
    assert counted(client.get(LIST)) == ["4", "2"]
    assert counted(client.get(f"{LIST}?kind=pull_request&status=closed")) == ["1", "1"]


def test_counts_end_somewhere(client, several, monkeypatch):
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    assert counted(client.get(LIST)) == ["3+", "2"]


def test_row_says_how_a_discussion_stands(client, opened, author, moderator):
    row = opened("Row")
    add_comment(row, text="More.", actor=author)
    set_status(row, "closed", actor=system_actor())
    page = text_of(client.get(f"{LIST}?status=all"))
    assert re.search(r"\b2<span class=\"visually-hidden\"> comments", page)
    assert 'class="state">closed' in page
    assert re.search(r'last active\s+<time datetime="', page)


def test_empty_lists_say_so(client, repository):
    assert "No discussion is open" in text_of(client.get(LIST))
    assert "No discussion is closed" in text_of(client.get(f"{LIST}?status=closed"))
    assert "Nobody has said anything yet" in text_of(client.get(f"{LIST}?status=all"))
    assert "We found nothing" in text_of(client.get(f"{LIST}?author=nok"))


def test_pinned_stand_on_top_once(client, opened, owner, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    rows = [opened(title) for title in ("a", "b", "c", "d")]
    set_pinned(rows[0], True, actor=owner)
    set_status(rows[0], "closed", actor=owner)
    set_pinned(rows[2], True, actor=owner)
    opened("e")
    first = client.get(LIST)
    assert re.search(r'<h2 id="pinned">', text_of(first))
    assert titles(first) == ["c", "a", "e", "d"]
    assert titles(client.get(LIST + following(first))) == ["b"]


@pytest.mark.parametrize("query", ["status=all", "kind=discussion", "author=quentin", "q=pinned"])
def test_pinned_are_in_their_place_in_a_narrowed_list(client, opened, owner, query):
    set_pinned(opened("pinned"), True, actor=owner)
    opened("newer, not pinned")
    page = client.get(f"{LIST}?{query}")
    assert titles(page) == ["newer, not pinned", "pinned"]
    assert 'id="pinned"' not in text_of(page)


def test_only_a_pinned_one_is_no_empty_list(client, opened, owner):
    set_pinned(opened("pinned"), True, actor=owner)
    assert "No discussion is open" not in text_of(client.get(LIST))


def test_no_more_queries_for_more_rows(client, sign_in, reporter, opened, owner, django_assert_num_queries):
    set_pinned(opened("pinned"), True, actor=owner)
    for number in range(32):
        opened(f"Number {number}")
    with django_assert_num_queries(8):  # repository, restrictions, tab, what ended, discussions, two counts, pinned
        assert len(titles(client.get(LIST))) == listing.PAGE + 1
    signed_in = sign_in(reporter)
    with django_assert_num_queries(13):  # and session, person, permissions, unread messages, subscription
        signed_in.get(LIST)


def test_links_keep_the_other_filters(client, several):
    page = text_of(client.get(f"{LIST}?kind=pull_request&order=active&author=quentin&after="))
    assert 'href="?kind=pull_request&amp;order=active&amp;author=quentin&amp;status=closed"' in page


def test_form_shows_what_is_chosen(client, several):
    page = text_of(client.get(f"{LIST}?kind=pull_request&origin=team&order=active&author=q%22x&status=closed&q=a%3Cb"))
    assert re.findall(r'<option value="(\w+)"\s+selected', page) == ["pull_request", "team", "active"]
    assert 'name="status" value="closed"' in page
    assert 'value="q&quot;x"' in page
    assert 'value="a&lt;b"' in page


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", "<img src=x onerror=a()>", "</mark><script>"])
def test_what_strangers_write_runs_nothing(client, opened, attack):
    opened(attack)
    for query in ("", "q=script", "q=%3C%2Fmark%3E", "q=onerror"):
        assert not runs_something(part(client.get(f"{LIST}?{query}"), "main"))
