"""Interim measures: marked, reviewed within a day, ending by themselves (I1)."""

from datetime import timedelta

import pytest

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from accounts.queries import system_actor
from moderation.cases.actions import MeasureOrder, claim_next, decide
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case, Deadline
from moderation.cases.queries import queue
from moderation.sanctions.models import Measure, StatementOfReasons
from repositories.queries import listed_for


@pytest.fixture
def downgraded(report, repository, clause) -> Case:
    """A repository that a rule downgraded for the time being."""
    return act(report(repository, "spam"), clause("spam"), "downgrade")


@pytest.fixture
def banned(case, clause) -> Case:
    """A case whose author a rule banned for the time being."""
    return act(case, clause("harassment"), "posting_ban")


def act(case: Case, clause, kind: str) -> Case:
    decide(
        case, actor=system_actor(), version=case.version, outcome="violation", clause=clause,
        measures=[MeasureOrder(kind)], explanation="A rule saw what several people reported.", interim=True,
    )  # fmt: skip
    return case


def review(case: Case, moderator, clause, *kinds: str) -> None:
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause,
        measures=[MeasureOrder(kind) for kind in kinds], explanation="A person looked at it and thinks so.",
    )  # fmt: skip


def test_it_acts_is_marked_and_stays_in_the_queue(banned, author):
    measure = Measure.objects.get()
    assert (measure.automated, measure.interim, measure.actor.is_system) == (True, True, True)
    assert standing_restriction(author) is not None
    assert banned.state == "open"
    assert banned.due_at == pytest.approx(measure.starts_at + timedelta(hours=24), abs=timedelta(seconds=1))
    assert StatementOfReasons.objects.get().automated_decision is True
    assert "A rule decided this by itself" in InboxMessage.objects.get(recipient=author).body


def test_the_queue_and_the_case_show_the_deadline(sign_in, moderator, banned):
    client = sign_in(moderator)
    assert "<time" in client.get("/cases").content.decode()
    assert "waits for review" in client.get(banned.get_absolute_url()).content.decode()


def test_after_a_day_it_climbs_to_the_top(downgraded, many_cases, report, make_user, pass_time):
    (louder,) = many_cases(1)
    for number in range(8):
        report(louder.subject.target, "hate-speech", by=make_user(f"voice-{number}"))
    assert queue().first() == louder
    pass_time(timedelta(hours=23, minutes=59))
    assert act_on_deadlines() == 0
    pass_time(timedelta(minutes=2))
    assert act_on_deadlines() == 1
    assert queue().first() == downgraded
    assert act_on_deadlines() == 0


def test_a_review_before_the_deadline_leaves_nothing_to_climb(banned, moderator, clause, pass_time):
    review(banned, moderator, clause("harassment"), "posting_ban")
    before = Case.objects.get().rank
    pass_time(timedelta(hours=25))
    act_on_deadlines()
    assert Case.objects.get().rank == before
    waiting = Deadline.objects.filter(done_at=None).values_list("kind", flat=True)
    assert list(waiting) == [Deadline.Kind.MEASURE_ENDED]


def test_a_downgrade_nobody_reviewed_ends_after_72_hours_with_no_process(downgraded, repository, reporter, pass_time):
    pass_time(timedelta(hours=71, minutes=59))
    assert repository not in listed_for(reporter)
    pass_time(timedelta(minutes=2))
    assert repository in listed_for(reporter)
    assert not Measure.objects.standing().exists()


def test_a_ban_nobody_reviewed_ends_after_48_hours(banned, author, pass_time):
    pass_time(timedelta(hours=47, minutes=59))
    assert standing_restriction(author) is not None
    pass_time(timedelta(minutes=2))
    assert standing_restriction(author) is None


def test_confirmed_by_a_person_it_stands(downgraded, repository, reporter, moderator, clause, pass_time):
    review(downgraded, moderator, clause("spam"), "downgrade")
    measure = Measure.objects.get()
    assert (measure.interim, measure.automated, measure.ends_at) == (False, True, None)
    pass_time(timedelta(days=30))
    assert repository not in listed_for(reporter)
    assert downgraded.state == "decided"


def test_a_confirmed_ban_still_ends_after_its_48_hours(banned, author, moderator, clause, pass_time):
    pass_time(timedelta(hours=10))
    review(banned, moderator, clause("harassment"), "posting_ban")
    assert Measure.objects.count() == 1
    pass_time(timedelta(hours=38, minutes=1))
    assert standing_restriction(author) is None


def test_not_named_it_is_lifted_and_people_are_told(downgraded, repository, owner, reporter, moderator, clause):
    review(downgraded, moderator, clause("spam"), "friendly_warning")
    assert repository in listed_for(reporter)
    assert Measure.objects.get(kind="downgrade").lifted_by == moderator
    assert InboxMessage.objects.filter(recipient=owner, key__startswith="lifted:").count() == 1


def test_no_violation_lifts_it(banned, author, moderator):
    decide(
        banned, actor=moderator, version=banned.version, outcome="no_violation",
        explanation="Friends were joking with each other.",
    )  # fmt: skip
    assert standing_restriction(author) is None
    assert InboxMessage.objects.filter(recipient=author, key__startswith="lifted:").count() == 1


def test_a_review_of_the_form_offers_to_let_it_stand(sign_in, moderator, banned):
    claim_next(actor=moderator)
    page = sign_in(moderator).get(banned.get_absolute_url()).content.decode()
    assert "A rule took it already: choose it to let it stand, or it is lifted." in page


def test_a_moderator_who_did_not_see_the_rule_act_is_stale(case, moderator, clause):
    from moderation.cases.actions import StaleDecision

    seen = case.version
    act(case, clause("harassment"), "posting_ban")
    with pytest.raises(StaleDecision, match="ombud"):
        decide(case, actor=moderator, version=seen, outcome="no_violation", explanation="Only a figure of speech.")


def test_a_rule_takes_nothing_that_the_clause_does_not_allow(report, repository, clause):
    from foundation.errors import Refused

    with pytest.raises(Refused, match="does not let a rule"):
        act(report(repository, "cryptomining"), clause("cryptomining"), "disable")
    assert not Measure.objects.exists()
