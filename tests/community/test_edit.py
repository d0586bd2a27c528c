"""Editing an own comment: readers see that it was edited, the team sees what it said (B5)."""

import re
from time import process_time

import pytest

from accounts.actions import posting
from accounts.queries import system_actor
from community.actions import add_comment, edit_comment, hide, set_locked
from community.models import Comment, CommentVersion

PAGE = "/nok/tiny-model/discussions/1"


@pytest.fixture
def address(comment):
    return f"{PAGE}/comments/{comment.public_id}"


def test_author_edits(sign_in, author, comment, address):
    client = sign_in(author)
    assert "You people are idiots" in client.get(f"{address}/edit").content.decode()
    response = client.post(f"{address}/edit", {"text": "Sorry."})
    assert (response.status_code, response["Location"]) == (303, comment.get_absolute_url())
    page = client.get(response["Location"]).content.decode()
    assert "<p>Sorry.</p>" in page
    assert "idiots" not in page
    assert Comment.objects.get(pk=comment.pk).versions.count() == 2


def test_readers_see_that_and_when_and_nothing_else(client, sign_in, author, comment):
    assert ">edited" not in client.get(PAGE).content.decode()
    edited = edit_comment(comment, text="Sorry.", actor=author)
    page = client.get(PAGE).content.decode()
    assert ">edited" in page
    assert edited.edited_at.strftime("%H:%M (UTC)") in page
    assert "idiots" not in page


@pytest.mark.parametrize("person", ["owner", "reporter", "moderator"])
def test_nobody_else_edits(request, sign_in, comment, address, person):
    client = sign_in(request.getfixturevalue(person))
    assert f"{address}/edit" not in client.get(PAGE).content.decode()
    assert client.get(f"{address}/edit").status_code == 403
    assert client.post(f"{address}/edit", {"text": "Mine."}).status_code == 403
    assert "idiots" in Comment.objects.get(pk=comment.pk).text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This field is required."),
        ("\u200b\u200d", "This field is required."),
        ("x" * 70_000, "at most 65536"),
        ("a\u202eb", "U+202E"),
    ],
)
def test_form_says_what_is_wrong_and_keeps_the_text(sign_in, author, comment, address, text, message):
    response = sign_in(author).post(f"{address}/edit", {"text": text})
    assert (response.status_code, message in response.content.decode()) == (422, True)
    assert text in response.content.decode()


def test_locked_in_between_keeps_the_text(sign_in, author, moderator, discussion, comment, address):
    set_locked(discussion, True, actor=system_actor())
    response = sign_in(author).post(f"{address}/edit", {"text": "What I meant is this."})
    assert response.status_code == 403
    page = response.content.decode()
    assert "the team ended it" in page
    assert "What I meant is this." in page
    assert "idiots" in Comment.objects.get(pk=comment.pk).text


def test_banned_author_reads_why_and_how_to_contest_it(sign_in, author, comment, address):
    posting.restrict(
        author, kind="posting_ban", reason="You insulted.", starts_at=comment.created_at, ends_at=None,
        actor=system_actor(),
    )  # fmt: skip
    page = sign_in(author).get(f"{address}/edit").content.decode()
    assert "You insulted." in page
    assert 'href="/standing"' in page
    assert '<form method="post" class' not in page


def test_hidden_is_not_edited_and_not_shown(sign_in, author, owner, comment, address):
    hide(comment, category="abuse", actor=owner)
    client = sign_in(author)
    assert "idiots" not in client.get(f"{address}/edit").content.decode()
    assert client.post(f"{address}/edit", {"text": "Other."}).status_code == 409


def test_whoever_quoted_what_is_hidden_now_does_not_read_it_in_the_form(sign_in, owner, reporter, comment):
    quoting = add_comment(comment.discussion, text=f"> {comment.text}\n\nStop.", actor=reporter)
    hide(comment, category="abuse", actor=owner)
    page = sign_in(reporter).get(f"{PAGE}/comments/{quoting.public_id}/edit").content.decode()
    assert "Stop." in page
    assert "idiots" not in page


def test_preview_without_javascript_saves_nothing(sign_in, author, comment, address):
    response = sign_in(author).post(f"{address}/edit", {"text": "**Sorry.**", "preview": "1"})
    assert (response.status_code, "<strong>Sorry.</strong>" in response.content.decode()) == (200, True)
    assert Comment.objects.get(pk=comment.pk).edited_at is None


def test_team_reads_every_version(sign_in, author, moderator, comment, address):
    edit_comment(comment, text="You people are saints and should shut up.", actor=author)
    hide(comment, category="abuse", actor=system_actor())
    client = sign_in(moderator)
    assert f"{address}/versions" in client.get(PAGE).content.decode()
    page = client.get(f"{address}/versions").content.decode()
    assert page.count("Version ") >= 2
    assert "<b>idiots</b>" in page
    assert "<b>saints</b>" in page
    assert "(the team) hid it" in page


def test_many_versions_come_in_pages(sign_in, author, moderator, comment, address, django_assert_max_num_queries):
    """Long texts in which everything changes: the page stays small, and is soon there."""
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=comment, number=number, text=f"word-{number} " * 6_000, author=author)
        for number in range(2, 62)
    )
    client, texts = sign_in(moderator), []
    following: str | None = ""
    while following is not None:
        before = process_time()
        with django_assert_max_num_queries(14):
            page = client.get(f"{address}/versions{following}").content.decode()
        assert (process_time() - before < 5, len(page) < 2_500_000) == (True, True)
        texts += re.findall(r'id="version-(\d+)"', page)
        found = re.search(r'href="(\?after=[^"]+)"', page)
        following = found[1] if found else None
    assert texts == [str(number) for number in range(61, 0, -1)]


def test_only_versions_that_are_shown_are_compared(sign_in, author, moderator, comment, address, monkeypatch):
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=comment, number=number, text=f"words {number}", author=author) for number in range(2, 62)
    )
    compared = []

    def compare(old, new):
        compared.append((old, new))
        return []

    monkeypatch.setattr("community.versions.compare", compare)
    sign_in(moderator).get(f"{address}/versions")
    assert compared == [(f"words {number - 1}", f"words {number}") for number in range(61, 41, -1)]


@pytest.mark.parametrize("filling", ["same words. ", "same line\n"])
def test_a_late_change_of_a_long_text_is_shown(sign_in, author, moderator, comment, address, filling):
    edit_comment(comment, text=filling * 5_000 + "\n\nIt is bad.", actor=author)
    edit_comment(comment, text=filling * 5_000 + "\n\nIt is good.", actor=author)
    page = sign_in(moderator).get(f"{address}/versions").content.decode()
    assert ("<b>bad</b>" in page, "<b>good</b>" in page) == (True, True)
    assert "More may have changed" in page  # between the first version and the second


@pytest.mark.parametrize("after", ["nonsense", "WzFd1", "WyJhIl0"])
def test_a_forged_page_of_versions(sign_in, moderator, address, after):
    assert sign_in(moderator).get(f"{address}/versions", {"after": after}).status_code == 400


@pytest.mark.parametrize("person", ["author", "owner", "reporter"])
def test_others_do_not(request, client, sign_in, comment, address, person):
    them = sign_in(request.getfixturevalue(person))
    assert "/versions" not in them.get(PAGE).content.decode()
    response = them.get(f"{address}/versions")
    assert (response.status_code, "idiots" in response.content.decode()) == (403, False)
    assert client.get(f"{address}/versions")["Location"].startswith("/accounts/login/")


def test_comment_of_another_discussion(sign_in, author, comment):
    for verb in ("", "/edit", "/quote"):
        assert (
            sign_in(author).get(f"/nok/tiny-model/discussions/2/comments/{comment.public_id}{verb}").status_code == 404
        )
