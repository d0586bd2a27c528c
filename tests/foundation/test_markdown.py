import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.markdown import literal, render


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<img src=x onerror=alert(1)>",
        '<a href="x" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
        "<iframe src=//evil.example></iframe>",
    ],
)
def test_no_attack_gets_through(attack: str) -> None:
    html = render(attack)
    for tag in ("<script", "<img", "<style", "<iframe"):
        assert tag not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_remote_images_are_not_loaded() -> None:
    assert "<img" not in render("![tracker](https://evil.example/pixel.png)")


def test_links_are_marked_as_strangers() -> None:
    assert 'rel="nofollow ugc noopener noreferrer"' in render("https://example.org")


def test_headings_start_below_those_of_the_page() -> None:
    assert render("# One\n\n## Two") == "<h3>One</h3>\n<h4>Two</h4>\n"


def test_line_ends_of_people_stay_and_those_of_editors_do_not() -> None:
    assert "<br>" in render("one\ntwo")
    assert "<br>" not in render("one\ntwo", breaks=False)


def test_text_made_to_keep_the_parser_busy_is_done_in_time() -> None:
    began = time.process_time()
    assert "[[[" in render("[" * 200_000)
    assert time.process_time() - began < 5


@given(st.text())
def test_never_raises_and_never_emits_script(text: str) -> None:
    assert "<script" not in render(text).lower()


@pytest.mark.parametrize(
    "words",
    [
        "[Sign in](https://evil.com)",
        "<https://evil.com>",
        "mailto:a@evil.com",
        "a\n\n# b",
        "[x]: //evil.com",
        "www.evil.com",
    ],
)
def test_words_of_strangers_in_our_own_read_as_they_are_and_link_nowhere(words: str) -> None:
    html = render(f"We look at “{literal(words)}” now.")
    assert "<a " not in html
    assert html.count("<") == 2
    assert unescape(html) == f"<p>We look at “{' '.join(words.split())}” now.</p>\n"


@given(st.text())
def test_whatever_strangers_write_is_no_link(text: str) -> None:
    assert "<a " not in render(f"We look at “{literal(text)}” now.")
