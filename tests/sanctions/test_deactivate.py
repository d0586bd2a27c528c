"""Deactivated from any public interaction in community tabs: no end, lifted by hand, undone exactly (F3, F5)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import InboxMessage, PostingRestriction
from accounts.posting import PostingRefused, standing_restriction
from community.actions import add_comment, open_discussion, react
from moderation.cases.actions import decide_directly
from moderation.sanctions.actions import lift
from moderation.sanctions.measures import KINDS, kinds_for
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of

NOON = datetime(2100, 11, 20, 12, tzinfo=UTC)
WORDS = "You went on after two warnings."


@pytest.fixture
def deactivated(comment, author, moderator, clause):
    """The author of the comment, by a decision."""
    decide_directly(comment, kind="deactivate", clause=clause("harassment"), reason=WORDS, actor=moderator)
    return author


def test_it_has_no_end(take, comment, author, set_clock):
    set_clock(NOON)
    assert take("deactivate", comment).ends_at is None
    set_clock(NOON + timedelta(days=36_500))
    with pytest.raises(PostingRefused) as refused:
        add_comment(comment.discussion, text="A hundred years later.", actor=author)
    assert refused.value.restriction.kind == PostingRestriction.Kind.DEACTIVATED


def test_statement_says_what_it_means_and_how_to_contest_it(deactivated):
    body = InboxMessage.objects.get(recipient=deactivated).body
    assert "deactivate: no posting in community tabs any more" in body
    assert "You cannot post in community tabs any more." in body
    assert "Reading, reporting, contesting this and changing your own repositories stay open to you." in body
    assert WORDS in body
    assert "you can contest this until" in body


def test_refusal_says_why_and_how_to_contest_it(deactivated, comment):
    with pytest.raises(PostingRefused) as refused:
        react(comment, "heart", actor=deactivated)
    assert str(refused.value) == (
        f"You cannot post in community tabs. Our reason: {WORDS} What we wrote to you says how to contest it."
    )


def test_pages_say_so_in_the_place_of_the_form(deactivated, comment, sign_in, repository):
    client = sign_in(deactivated)
    for path in (
        comment.discussion.get_absolute_url(),
        f"{repository.get_absolute_url()}/discussions/new",
        f"{repository.get_absolute_url()}/card/suggest",
    ):
        page = client.get(path).content.decode()
        assert WORDS in page, path
        assert "contest this" in page, path
        assert 'href="/inbox"' in page, path
        assert 'name="text"' not in page, path
    assert "You cannot post in community tabs any more." in client.get("/standing").content.decode()


def test_lifting_restores_exactly_what_was(take, comment, author, moderator):
    before = PostingRestriction.objects.count()
    measure = take("deactivate", comment)
    lift(measure, reason="We mistook the author.", actor=moderator)
    assert standing_restriction(author) is None
    add_comment(comment.discussion, text="Thank you.", actor=author)
    assert PostingRestriction.objects.filter(lifted_at=None).count() == before


@pytest.mark.parametrize(("lifted", "left"), [("deactivate", "posting_ban"), ("posting_ban", "deactivate")])
def test_lifting_one_of_two_leaves_the_other(take, comment, author, moderator, lifted, left):
    taken = {kind: take(kind, comment) for kind in ("posting_ban", "deactivate")}
    lift(taken[lifted], reason="One was enough.", actor=moderator)
    assert standing_restriction(author) == taken[left].posting_restriction
    with pytest.raises(PostingRefused):
        open_discussion(comment.discussion.repository, title="Me", text="Again.", actor=author)
    lift(taken[left], reason="So was none.", actor=moderator)
    add_comment(comment.discussion, text="Thank you.", actor=author)


def test_it_outlasts_the_ban_beside_it(take, comment, author, set_clock):
    set_clock(NOON)
    ban, forever = take("posting_ban", comment), take("deactivate", comment)
    assert standing_restriction(author) == forever.posting_restriction
    set_clock(NOON + timedelta(hours=48))
    assert list(Measure.objects.standing()) == [forever]
    assert standing_restriction(author) == forever.posting_restriction
    assert ban.ends_at == NOON + timedelta(hours=48)


def test_it_can_be_chosen_where_somebody_answers_for_it(comment, discussion, author, repository):
    for target in (comment, discussion, author, repository):
        assert "deactivate" in {kind.code for kind in kinds_for(subject_of(target))}


def test_every_kind_has_words_for_its_consequence(comment, repository, moderator):
    """Wherever kinds are listed they are all there: what may be imposed, what it is called, what it means."""
    assert set(KINDS) == set(Measure.Kind.values)


def test_form_of_a_case_offers_it(comment, reporter, moderator, sign_in):
    from moderation.cases.actions import claim
    from tests.reports.steps import case_of, reported

    case = claim(case_of(reported(comment, reporter)), actor=moderator)
    page = sign_in(moderator).get(f"/cases/{case.public_id}").content.decode()
    assert 'value="deactivate"' in page
    assert "You cannot post in community tabs any more." in page


def test_pages_of_the_team_name_it(deactivated, moderator, sign_in):
    page = sign_in(moderator).get(f"/cases/people/{deactivated.public_id}").content.decode()
    assert "no posting in community tabs any more" in page


def test_transparency_counts_it(take, comment, set_clock, client):
    set_clock(datetime(2031, 3, 3, tzinfo=UTC))
    take("deactivate", comment)
    set_clock(datetime(2031, 5, 3, tzinfo=UTC))
    figures = client.get("/transparency?format=csv").content.decode()
    assert "deactivate" in figures
