"""The main job through the actions: reported, scored, decided, enforced, undone, everybody told."""

from datetime import timedelta

import pytest

from accounts.mail import send_due_mail
from accounts.models import InboxMessage
from accounts.posting import PostingRefused
from community.actions import add_comment
from moderation.automation.pipeline import score_pending
from moderation.cases.actions import MeasureOrder, claim, decide, lift_measure, receive_report
from moderation.cases.models import Case
from moderation.cases.verify import find_faults
from moderation.sanctions.models import Measure
from moderation.scoring.models import Score
from repositories.queries import listed_for


def test_comment_reported_scored_and_its_author_banned(
    comment, reporter, moderator, author, clause, pass_time, mailoutbox
):
    receive_report(comment, clause=clause("harassment"), text="He insults everybody.", actor=reporter)
    assert score_pending() == 1
    toxicity = Score.objects.get(label="toxicity")
    assert toxicity.value > 0.8

    case = claim(Case.objects.get(), actor=moderator)
    decision = decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation",
        clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")],
        explanation="You called people idiots and told them to shut up.",
    )
    with pytest.raises(PostingRefused, match="You can post again on"):
        add_comment(comment.discussion, text="Me again.", actor=author)
    subjects = dict(InboxMessage.objects.values_list("recipient__username", "subject"))
    assert set(subjects) == {author.username, reporter.username}
    assert send_due_mail() == 2
    assert len(mailoutbox) == 2

    pass_time(timedelta(hours=48, seconds=1))
    add_comment(comment.discussion, text="I am calmer now.", actor=author)
    assert decision.measures.get().kind == "posting_ban"
    assert list(find_faults()) == []


def test_repository_downgraded_and_restored(repository, reporter, moderator, clause):
    report = receive_report(repository, clause=clause("spam"), text="Only adverts.", actor=reporter)
    assert report.discussion is not None
    case = claim(Case.objects.get(), actor=moderator)
    decide(
        case,
        actor=moderator,
        version=case.version,
        outcome="violation",
        clause=clause("spam"),
        measures=[MeasureOrder("downgrade")],
        explanation="The card advertises a shop in every section.",
    )
    assert repository not in listed_for(reporter)
    assert repository in listed_for(moderator)
    lift_measure(Measure.objects.get(), reason="The adverts are gone.", actor=moderator)
    assert repository in listed_for(reporter)
    assert list(find_faults()) == []
