"""What holds for a person, and what we decided about them (G1)."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.appeals.actions import file_appeal
from moderation.cases.actions import lift_measure
from moderation.sanctions.models import Measure
from tests.reports.steps import case_of, decided, reported


def standing(client):
    return " ".join(client.get("/standing").content.decode().split())


def test_nobody_has_anything_by_default(sign_in, author):
    assert "Nothing holds against you" in standing(sign_in(author))


def test_a_ban_says_until_when_in_the_persons_zone(sign_in, comment, reporter, moderator, author, set_clock):
    author.time_zone = "Asia/Bangkok"
    author.save()
    set_clock(datetime(2030, 11, 20, 7, 5, tzinfo=UTC))
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    html = standing(sign_in(author))
    assert "holds until 22 November 2030, 14:05 (+07)" in html
    assert "You can post again on 22 November 2030, 14:05 (+07)" in html
    assert "Harassment and bullying" in html
    assert f"/appeal/{author.statements.get().public_id}" in html


def test_the_end_of_a_ban_is_the_same_minute_everywhere(sign_in, comment, reporter, moderator, author, set_clock):
    set_clock(datetime(2030, 11, 20, 7, 5, 1, tzinfo=UTC))
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    html = standing(sign_in(author))
    assert "holds until 22 November 2030, 07:06 (UTC)" in html
    assert "You can post again on 22 November 2030, 07:06 (UTC)" in html
    page = sign_in(author).get(comment.discussion.get_absolute_url()).content.decode()
    assert (
        "You cannot post in community tabs for now. You can post again on 22 November 2030, 07:06 (UTC). Our reason:"
        in page
    )


def test_what_ended_or_was_lifted_is_past(sign_in, comment, discussion, reporter, moderator, author, pass_time):
    decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    decided(case_of(reported(discussion, reporter)), moderator, "posting_ban")
    lift_measure(Measure.objects.earliest("pk"), reason="Too hard.", actor=moderator)
    pass_time(timedelta(hours=49))
    html = standing(sign_in(author))
    assert "Nothing holds against you" in html
    assert html.count("ended by itself") == 1
    assert html.count(">lifted<") == 1


def test_a_warning_was_said_and_holds_nothing(sign_in, comment, reporter, moderator, author):
    decided(case_of(reported(comment, reporter)), moderator, "friendly_warning")
    html = standing(sign_in(author))
    assert "Nothing holds against you" in html
    assert "said, nothing else follows from it" in html


@pytest.mark.parametrize("kind", ["downgrade", "disable"])
def test_restrictions_of_own_repositories_are_there(kind, sign_in, repository, reporter, moderator, owner):
    decided(case_of(reported(repository, reporter, "spam")), moderator, kind, clause="spam")
    html = standing(sign_in(owner))
    assert "holds until we lift it" in html
    assert repository.full_name in html


def test_the_appeal_is_linked_with_its_state(sign_in, decision, author):
    appeal = file_appeal(decision, text="They called me a troll first.", actor=author)
    html = standing(sign_in(author))
    assert f"/appeals/{appeal.public_id}" in html
    assert "we are looking at it" in html


@pytest.mark.parametrize("who", ["reporter", "owner", "moderator"])
def test_others_see_nothing_of_it(who, request, sign_in, decision):
    assert "Nothing holds against you" in standing(sign_in(request.getfixturevalue(who)))


def test_it_is_private(client, sign_in, author):
    assert client.get("/standing").status_code == 302
    assert "no-store" in sign_in(author).get("/standing")["Cache-Control"]


def test_queries_do_not_grow_with_the_decisions(
    sign_in, comment, discussion, repository, reporter, moderator, author, django_assert_max_num_queries
):
    for target in (comment, discussion, author):
        decided(case_of(reported(target, reporter)), moderator, "friendly_warning")
    client = sign_in(author)
    with django_assert_max_num_queries(11):
        client.get("/standing")
