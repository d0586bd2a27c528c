"""Hiding a comment on the page: the text is nowhere, the reason stands in its place (B2)."""

import pytest

from accounts.queries import system_actor
from community.actions import add_comment, edit_comment, hide, open_discussion, set_locked, unhide
from community.models import Comment

PAGE = "/nok/tiny-model/discussions/1"


@pytest.fixture
def address(comment):
    return f"{PAGE}/comments/{comment.public_id}"


def hidden(comment):
    return Comment.objects.get(pk=comment.pk).hidden


def test_the_team_hides_by_a_decision(sign_in, moderator, comment, address):
    page = sign_in(moderator).get(PAGE).content.decode()
    assert f"{address}/hide" not in page
    assert f"/cases/on-the-spot/hide_comment/{comment.public_id}" in page
    refused = sign_in(moderator).post(f"{address}/hide", {"category": "spam"})
    assert refused.status_code == 403
    assert "by a decision" in refused.content.decode()
    assert not hidden(comment)


def test_who_decides_nothing_sees_no_such_way(sign_in, owner, author, comment):
    for person in (owner, author):
        assert "/cases/on-the-spot" not in sign_in(person).get(PAGE).content.decode()


def test_owner_hides_and_shows_again(client, sign_in, owner, comment, address):
    them = sign_in(owner)
    assert f"{address}/hide" in them.get(PAGE).content.decode()
    response = them.post(f"{address}/hide", {"category": "off_topic"})
    assert (response.status_code, response["Location"]) == (303, comment.get_absolute_url())
    page = client.get(PAGE).content.decode()
    assert "This comment is hidden: off topic. The owner side hid it." in page
    assert "idiots" not in page
    assert f"{address}/unhide" in them.get(PAGE).content.decode()
    assert them.post(f"{address}/unhide").status_code == 303
    assert "idiots" in client.get(PAGE).content.decode()


def test_text_is_nowhere_for_anybody(sign_in, client, owner, author, reporter, moderator, comment, address):
    edit_comment(comment, text="You fools.", actor=author)
    add_comment(comment.discussion, text="> You fools.\n\n@quentin stop.", actor=reporter)
    hide(comment, category="abuse", actor=owner)
    for viewer in [client, *map(sign_in, (author, owner, reporter, moderator))]:
        for path in (
            PAGE,
            f"{PAGE}?quote={comment.public_id}",
            f"{address}/quote",
            "/nok/tiny-model/discussions?q=fools",
        ):
            page = viewer.get(path).content.decode()
            assert "You fools" not in page
            assert "idiots" not in page


def test_first_comment_too(client, discussion, moderator):
    hide(discussion.comments.get(), category="spam", actor=system_actor())
    page = client.get(PAGE).content.decode()
    assert "This comment is hidden: spam. The team hid it." in page
    assert "It does not load here." not in page


def test_author_reads_what_they_can_do_about_it_and_nobody_else_does(sign_in, client, owner, author, comment):
    hide(comment, category="spam", actor=owner)
    page = sign_in(author).get(PAGE).content.decode()
    assert "If you think this is unfair, ask here or" in page
    report = f"/report/discussion/{comment.discussion.public_id}"
    assert f'<a href="{report}">report it to the team</a>' in page
    assert sign_in(author).get(report).status_code == 200
    for viewer in (client, sign_in(owner)):
        assert "unfair" not in viewer.get(PAGE).content.decode()


def test_in_a_locked_discussion_the_author_can_only_report_it(sign_in, owner, author, comment):
    hide(comment, category="spam", actor=owner)
    set_locked(comment.discussion, True, actor=owner)
    page = sign_in(author).get(PAGE).content.decode()
    assert "report it to the team" in page
    assert "ask here" not in page


def test_author_withdraws_without_a_reason(sign_in, author, comment, address):
    client = sign_in(author)
    page = client.get(PAGE).content.decode()
    assert "Withdraw it" in page
    assert "<select" not in page
    client.post(f"{address}/hide")
    page = client.get(PAGE).content.decode()
    assert "This comment is hidden: its author withdrew it." in page
    assert "unfair" not in page


def test_what_the_team_hid_stays_with_the_team(sign_in, owner, author, moderator, comment, address):
    hide(comment, category="spam", actor=owner)
    hide(comment, category="abuse", actor=system_actor())
    for person in (owner, author):
        sign_in(person).post(f"{address}/unhide")
    assert hidden(comment)
    assert "This comment is hidden: abuse. The team hid it." in sign_in(owner).get(PAGE).content.decode()
    assert sign_in(moderator).post(f"{address}/unhide").status_code == 303
    assert not hidden(comment)


def test_owner_hears_that_somebody_else_still_hides_it(sign_in, owner, moderator, comment, address):
    hide(comment, category="spam", actor=owner)
    hide(comment, category="abuse", actor=system_actor())
    page = sign_in(owner).post(f"{address}/unhide", follow=True).content.decode()
    assert "somebody else does" in page


def test_others_do_not(sign_in, client, reporter, comment, address):
    assert f"{address}/hide" not in sign_in(reporter).get(PAGE).content.decode()
    assert sign_in(reporter).post(f"{address}/hide", {"category": "spam"}).status_code == 403
    assert client.post(f"{address}/hide", {"category": "spam"})["Location"] == f"/accounts/login/?next={address}"
    assert not hidden(comment)


@pytest.mark.parametrize("category", ["", "withdrawn", "nonsense"])
def test_forged_reason(sign_in, owner, comment, address, category):
    assert sign_in(owner).post(f"{address}/hide", {"category": category}).status_code == 400
    assert not hidden(comment)


def test_owner_hides_nothing_where_a_report_or_the_team_began(sign_in, owner, moderator, repository):
    asked = open_discussion(repository, title="From us", text="We ask you.", actor=moderator, origin="team")
    address = f"{PAGE}/comments/{asked.comments.get().public_id}/hide"
    assert address not in sign_in(owner).get(PAGE).content.decode()
    assert sign_in(owner).post(address, {"category": "spam"}).status_code == 403


def test_page_says_what_happened(client, owner, comment):
    hide(comment, category="spam", actor=owner)
    unhide(comment, actor=owner)
    page = client.get(PAGE).content.decode()
    link = f'<a href="?comment={comment.public_id}#comment-{comment.public_id}">a comment</a>'
    assert f"hid {link}: spam" in page
    assert f"showed {link} again" in page


def test_owner_blocks_the_author_from_the_comment(sign_in, owner, reporter, author, comment):
    assert "Block quentin" not in sign_in(reporter).get(PAGE).content.decode()
    client = sign_in(owner)
    assert "Block quentin" in client.get(PAGE).content.decode()
    values = {"name": "quentin", "namespace": "nok", "next": f"{PAGE}/comments/{comment.public_id}"}
    assert client.post("/settings/blocked", values)["Location"] == values["next"]
    assert "nok blocked you" in sign_in(author).get(PAGE).content.decode()
