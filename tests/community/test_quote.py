"""Quoting a comment in an answer (B1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.queries import system_actor
from community.actions import add_comment, hide, holding, open_discussion
from community.models import Comment
from community.quoting import quote
from repositories.actions import change_settings

PAGE = "/nok/tiny-model/discussions/1"
TEXT = "First **line**.\n\n> older\n\nSecond `line`, @nok."


def comment_of(text):
    return Comment(text=text, author=User(username="quentin"))


def test_answer_begins_with_it(sign_in, reporter, comment):
    page = sign_in(reporter).get(f"{PAGE}?quote={comment.public_id}").content.decode()
    assert "&gt; You people are idiots and should shut up.\n\n@quentin </textarea>" in page


@pytest.mark.parametrize("forged", ["", "nonsense", "6dea637f-c4e2-4fff-b544-3a7766471e51"])
def test_of_a_comment_that_is_not_there(sign_in, reporter, discussion, forged):
    response = sign_in(reporter).get(f"{PAGE}?quote={forged}")
    assert (response.status_code, "@quentin </textarea>" in response.content.decode()) == (200, False)


def test_of_a_comment_elsewhere(sign_in, reporter, comment, make_repository):
    open_discussion(make_repository("other"), title="Other", text="Text.", actor=reporter)
    there = "/nok/other/discussions/1"
    assert sign_in(reporter).get(f"{there}/comments/{comment.public_id}/quote").status_code == 404
    assert "idiots" not in sign_in(reporter).get(f"{there}?quote={comment.public_id}").content.decode()


def test_hidden_gives_nothing(sign_in, reporter, owner, comment):
    hide(comment, category="abuse", actor=owner)
    client = sign_in(reporter)
    assert "</textarea>" in client.get(f"{PAGE}?quote={comment.public_id}").content.decode()
    assert client.get(f"{PAGE}/comments/{comment.public_id}/quote").content == b""


def test_of_a_private_repository_is_in_no_cache(sign_in, owner, reporter, repository, comment):
    change_settings(repository, actor=owner, visibility="private")
    address = f"{PAGE}/comments/{comment.public_id}/quote"
    assert "no-store" in sign_in(owner).get(address)["Cache-Control"]
    assert sign_in(reporter).get(address).status_code == 404


def test_of_selected_words_only_their_lines():
    assert quote(comment_of(TEXT), "line, @nok") == "> Second `line`, @nok.\n\n@quentin "
    assert quote(comment_of(TEXT), "First line.\n\nolder") == "> First **line**.\n> > older\n\n@quentin "


def test_of_words_that_are_not_in_it_everything():
    everything = "> First **line**.\n>\n> > older\n>\n> Second `line`, @nok.\n\n@quentin "
    assert quote(comment_of(TEXT), "somebody else's words") == quote(comment_of(TEXT)) == everything


@given(st.text(max_size=200), st.text(max_size=50))
def test_every_line_of_a_quotation_is_marked_and_is_one_of_the_comment(text, words):
    quoted, _name, _rest = quote(comment_of(text), words).rpartition("\n\n@quentin ")
    lines = {f"> {line}".rstrip() for line in text.split("\n")}
    assert set(quoted.split("\n")) <= lines


def test_what_was_quoted_goes_when_it_is_hidden(client, sign_in, reporter, owner, comment):
    answer = quote(Comment.objects.select_related("author").get(pk=comment.pk), "people are idiots") + "please stop."
    add_comment(comment.discussion, text=answer, actor=reporter)
    assert client.get(PAGE).content.decode().count("idiots") == 2
    hide(comment, category="abuse", actor=owner)
    page = client.get(PAGE).content.decode()
    assert ("idiots" in page, "please stop." in page) == (False, True)


def test_a_quotation_comes_back_with_the_comment_that_holds_it(discussion, author, moderator):
    opening = discussion.comments.get(position=1)
    answer = add_comment(discussion, text="> It does not load here.\n\nIt does.", actor=author)
    for one in (opening, answer):
        holding.hold(one, actor=system_actor())
    for one in (opening, answer):  # the answer is still hidden when what it quotes is shown
        holding.end_hold(Comment.objects.get(pk=one.pk), actor=moderator)
    answer.refresh_from_db()
    assert answer.text == "> It does not load here.\n\nIt does."
