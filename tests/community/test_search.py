"""Searching the discussions of a repository: titles and shown comments, any case, any script; never what is hidden."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions import add_comment, edit_comment, hide, open_discussion, unhide
from community.searching import AFTER, BEFORE, excerpt
from tests.community.listing import LIST, excerpts, titles
from tests.repositories.reading import following, text_of


@pytest.fixture
def search(client):
    """search("words", **more): the list narrowed to them."""
    return lambda text, **more: client.get(LIST, {"q": text, **more})


@pytest.fixture
def said(repository, author):
    """said("title", "text", …): a discussion with these comments."""

    def make(title, *texts):
        row = open_discussion(repository, title=title, text=texts[0] if texts else "Text.", actor=author)
        for text in texts[1:]:
            add_comment(row, text=text, actor=author)
        return row

    return make


@pytest.mark.parametrize(
    "text", ["loader", "LOADER", "oade", "ÉTÉ", "50%", "a_b", "โมเดล", "ดี", "\\n", "two  spaces", "👍 ok", "'; --"]
)
def test_any_part_in_any_case_and_script(search, said, text):
    said("Other", "Nothing of it.")
    said("In a comment", "First.", r"Loader: été, 50%, a_b, โมเดลนี้ดีมาก, \n, two  spaces, 👍 ok, '; --")
    assert titles(search(text)) == ["In a comment"]
    assert excerpts(search(text))[0].count("<mark>") == 1


def test_titles_are_found_and_marked(search, said):
    said("Where is the <Loader>?")
    page = search("<load")
    assert titles(page) == ["Where is the <Loader>?"]
    assert "Where is the <mark>&lt;Load</mark>er&gt;?" in text_of(page)
    assert not excerpts(page)


@pytest.mark.parametrize("text", ["%", "_", "load%er", "l_ader"])
def test_signs_of_patterns_are_letters(search, said, text):
    said("Loader", "The loader.")
    assert titles(search(text + "x"[: 2 - len(text)])) == []


def test_excerpt_leads_to_the_first_comment_that_says_it(search, said):
    row = said("One", "No.", f"{'before ' * 30}**needle**\n\n{'after ' * 60}", "needle again")
    page = text_of(search("NEEDLE"))
    second = row.comments.get(position=2)
    (shown,) = excerpts(search("NEEDLE"))
    assert f'href="{row.get_absolute_url()}?comment={second.public_id}#comment-{second.public_id}"' in page
    assert re.fullmatch(r"….* \*\*<mark>needle</mark>\*\* (after )+.*…", shown)
    assert len(shown) < BEFORE + AFTER + len("<mark>needle</mark>……") + 1


def test_only_of_this_repository(search, client, said, make_repository, author):
    said("Ours", "needle")
    open_discussion(make_repository("other"), title="needle", text="needle", actor=author)
    assert titles(search("needle")) == ["Ours"]


def test_hidden_comments_and_what_quotes_them_are_never_found(search, said, owner, author):
    row = said("One", "First.", "The needle is here.")
    hidden = row.comments.get(position=2)
    add_comment(row, text="> The needle is here.\n\nWhy?", actor=author)
    assert titles(search("needle")) == ["One"]
    hide(hidden, category="abuse", actor=owner)
    page = search("needle")
    assert (titles(page), excerpts(page)) == ([], [])
    assert "is here" not in text_of(page)
    assert titles(search("why")) == ["One"]
    unhide(hidden, actor=owner)
    assert len(excerpts(search("needle"))) == 1


def test_words_of_before_an_edit_are_not_found(search, said, author):
    row = said("One", "needle")
    edit_comment(row.comments.get(), text="thread", actor=author)
    assert titles(search("needle")) == []
    assert titles(search("thread")) == ["One"]


@pytest.mark.parametrize("text", ["a", "ก", " a ", "%"])
def test_too_short(search, said, django_assert_num_queries, text):
    said("a", "a")
    with django_assert_num_queries(3):  # repository, restrictions, tab
        page = search(text)
    assert "What you search for is too short" in text_of(page)
    assert titles(page) == []


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_searched_for_is_the_list(search, said, text):
    said("One")
    assert titles(search(text)) == ["One"]


def test_long_words_are_cut(search, said):
    said("One", "x" * 300)
    assert titles(search("x" * 300)) == ["One"]
    assert titles(search("x" * 99 + "y")) == []


def test_closed_ones_are_found_unless_the_address_says_otherwise(search, said):
    row = said("needle")
    row.status = "closed"
    row.save()
    assert titles(search("needle")) == ["needle"]
    assert titles(search("needle", status="open")) == []
    assert titles(search("needle", status="closed", author="quentin", order="active")) == ["needle"]
    assert titles(search("needle", author="nok")) == []


def test_found_in_pages(search, client, said, monkeypatch):
    monkeypatch.setattr("community.listing.PAGE", 2)
    for number in range(5):
        said(f"needle {number}")
    page = search("needle")
    found = titles(page)
    while address := following(page):
        page = client.get(LIST + address)
        found += titles(page)
    assert found == [f"needle {number}" for number in (4, 3, 2, 1, 0)]


def test_no_more_queries_for_more_matches(search, said, django_assert_num_queries):
    for number in range(12):
        said(f"needle {number}", "needle", "needle")
    with django_assert_num_queries(6):  # repository, restrictions, tab, what ended, discussions, comments
        assert len(excerpts(search("needle"))) == 12


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=400), st.data())
def test_excerpt_of_any_text_marks_what_was_found(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    wanted = text[start : start + data.draw(st.integers(1, 20))]
    found = excerpt(text, wanted)
    marked = found.text[found.start : found.end]
    assert re.fullmatch(re.escape(re.sub(r"\s+", " ", wanted)), marked, re.IGNORECASE)
