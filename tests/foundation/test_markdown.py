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


def test_other_texts_made_to_keep_the_parser_busy_are_read_once() -> None:
    """A run that no address is as long as is looked through for none: it comes back as it was written."""
    run = ("http://a" * 8_192)[:65_536]
    assert render(run) == f"<p>{run}</p>\n"
    assert render("a@b.co" * 1_000) == f"<p>{'a@b.co' * 1_000}</p>\n"


@pytest.mark.parametrize("around", ["{} and {}", "{}\n{}", "{} *{}*", "{}\n\n{}"])
def test_addresses_beside_a_long_run_are_links(around: str) -> None:
    address, run = "https://example.org/a_b", "data:image/png;base64," + "A" * 5_000
    for text in (around.format(address, run), around.format(run, address)):
        html = render(text)
        assert html.count("<a ") == 1
        assert f'href="{address}"' in html


def test_a_long_address_is_still_one() -> None:
    address = "https://example.org/?q=" + "a" * 1_900
    assert f'href="{address}"' in render(f"See {address} please.")


def test_many_lines_with_an_address_each_are_done_in_time() -> None:
    began = time.process_time()
    assert render("a.co\n" * 13_000).count("<a ") == 13_000
    assert time.process_time() - began < 8


def test_many_addresses_are_each_a_link_whatever_stands_around_them() -> None:
    text = r"See *https://example.org*, \_, [a link](https://b.example) and a@example.org. " * 300
    assert render(text).count("<a ") == 900


def test_an_address_in_a_bracket_that_nobody_closes_does_not_stop_the_parser() -> None:
    assert render("]]a.ba.b[//a.b://").startswith("<p>")
