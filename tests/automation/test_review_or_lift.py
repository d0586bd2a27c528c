"""What a rule does is for the time being: a person reviews it, or it ends by itself (I1)."""

from datetime import timedelta

import pytest

from accounts.posting import standing_restriction
from foundation import clock
from moderation.automation.models import Rule
from moderation.automation.rules import evaluate_rules
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case
from moderation.cases.queries import queue
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure, StatementOfReasons
from repositories.queries import listed_for


def let_act(code: str, **changes) -> None:
    Rule.objects.exclude(code=code).update(mode="off")
    Rule.objects.filter(code=code).update(mode="live", **changes)


def test_a_downgrade_climbs_after_a_day_and_ends_after_three(
    reported, many_comments, repository, reporter, db, pass_time
):
    let_act("spam-repository")
    case = reported(repository, "spam", label="spam")
    for one in many_comments(3):
        reported(one)
    evaluate_rules()
    measure = Measure.objects.get()
    assert (measure.automated, measure.interim) == (True, True)
    assert StatementOfReasons.objects.filter(automated_decision=True).exists()
    pass_time(timedelta(hours=24, minutes=1))
    act_on_deadlines()
    assert queue().first() == case
    assert repository not in listed_for(reporter)
    # No process is asked to lift it: its end is part of it.
    pass_time(timedelta(hours=48))
    assert repository in listed_for(reporter)
    assert not Measure.objects.standing().exists()
    assert Case.objects.get(pk=case.pk).state == "open"
    # The same content is not acted on again; nobody's agreement is taken from silence.
    evaluate_rules()
    assert Measure.objects.count() == 1


def test_a_held_comment_is_read_again_when_nobody_looked(reported, comment, db, pass_time):
    Clause.objects.filter(code="harassment").update(automation=["hold", "posting_ban"])
    let_act("toxic-comment", measure="hold")
    reported(comment)
    evaluate_rules()
    words = comment.versions.latest("number").text
    comment.refresh_from_db()
    assert comment.text == ""
    pass_time(timedelta(hours=72, minutes=1))
    from community.actions.holding import end_holds

    end_holds()
    comment.refresh_from_db()
    assert comment.text == words


@pytest.mark.parametrize(("lasts", "hours"), [(None, 48), (12, 12), (400, 48)])
def test_a_ban_ends_when_the_rule_says_and_never_later_than_it_may(reported, comment, author, pass_time, lasts, hours):
    let_act("toxic-comment", lasts=lasts)
    reported(comment)
    evaluate_rules()
    assert Measure.objects.get().ends_at == pytest.approx(
        clock.now() + timedelta(hours=hours), abs=timedelta(minutes=1)
    )
    pass_time(timedelta(hours=hours, minutes=-1))
    assert standing_restriction(author) is not None
    pass_time(timedelta(minutes=2))
    assert standing_restriction(author) is None


def test_confirmed_by_a_person_it_lasts_as_long_as_theirs(reported, comment, author, moderator, clause, pass_time):
    let_act("toxic-comment", lasts=12)
    case = reported(comment)
    evaluate_rules()
    case.refresh_from_db()
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="You called people idiots.",
    )  # fmt: skip
    pass_time(timedelta(hours=47))
    assert standing_restriction(author) is not None
