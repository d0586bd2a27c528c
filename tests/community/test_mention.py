"""Names that a comment calls become links (B1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.actions import add_comment, edit_comment
from foundation.markdown import NAME, render

PAGE = "/nok/tiny-model/discussions/1"
LINK = '<a href="/nok" rel="nofollow ugc noopener noreferrer">{}</a>'


def shown(text):
    return render(text, names={"nok": "/nok"})


def test_name_becomes_a_link(client, author, owner, discussion):
    add_comment(discussion, text="Ask @Nok, or @nobody-here.", actor=author)
    assert f"Ask {LINK.format('@Nok')}, or @nobody-here." in client.get(PAGE).content.decode()


def test_name_that_an_edit_brings_in(client, author, owner, comment):
    edit_comment(comment, text="Ask @nok.", actor=author)
    assert LINK.format("@nok") in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "text",
    ["`@nok`", "```\n@nok\n```", "    @nok", "> @nok", "[@nok](http://a.example)", "me@nok.example", "x/@nok", "@nokk"],
)
def test_not_in_code_quotes_links_addresses_or_other_words(text):
    assert 'href="/nok"' not in shown(text)


@pytest.mark.parametrize(
    "text", ["@nok", "(@nok)", "**@nok**", "- @nok", "@nok's", "| a |\n|---|\n| @nok |", "&lt;@nok"]
)
def test_in_text_of_any_kind(text):
    assert shown(text).count(LINK.format("@nok")) == 1


def test_nothing_is_a_link_without_names():
    assert render("@nok") == "<p>@nok</p>\n"


@given(st.text(alphabet="@nok` >*_[]()\n\\.<a/&", max_size=60))
def test_links_change_nothing_but_themselves(text):
    plain = shown(text).replace('<a href="/nok" rel="nofollow ugc noopener noreferrer">', "<a>")
    bare = render(text)
    if 'href="' not in bare:
        assert plain.replace("<a>", "").replace("</a>", "") == bare


def test_a_name_is_found_where_the_page_would_link_it():
    assert [found[1] for found in NAME.finditer("@a-b.c, @ab_c @-x @a..b y@ab")] == ["a-b.c", "ab_c"]
