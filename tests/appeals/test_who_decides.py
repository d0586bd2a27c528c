"""Who answers an appeal: somebody who did not decide about the same before, and the database says so too (G2)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.models import InboxMessage, Membership, OrganizationRole, User
from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.models import Appeal
from moderation.cases.actions import MeasureOrder, confirm_decision, decide
from moderation.cases.actions.undo import undo_decision
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.lanes import in_lane
from moderation.cases.models import Case, Confirmation, Deadline, Decision
from moderation.cases.priority import explain
from moderation.sanctions.models import Measure, StatementOfReasons
from tests.reports.steps import case_of, decided, reported

WHY = "They called me a troll first."
ANSWER = "We looked at the whole thread once more."
REFUSED = "appeal_decided_by_another"


def by_a_rule(report, kind="posting_ban"):
    """What a rule did for the time being."""
    case = case_of(report)
    return decide(
        case,
        actor=system_actor(),
        version=case.version,
        outcome="violation",
        clause=report.clause,
        measures=[MeasureOrder(kind)],
        explanation="Three people reported it and it reads like an insult.",
        interim=True,
    )


def write(appeal, person, state="rejected"):
    """Answer it past everything but the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE appeals_appeal SET state = %s, decided_by_id = %s, answer = %s, decided_at = now() WHERE id = %s",
            [state, person.pk, ANSWER, appeal.pk],
        )


@pytest.fixture
def appeal(decision, author):
    return file_appeal(decision, text=WHY, actor=author)


def test_whoever_confirmed_what_a_rule_did_does_not_answer(report, author, moderator, other_moderator, sign_in):
    """The rule decided first; mira confirmed the ban: she decided before, in every way in (bug 1)."""
    appeal = file_appeal(by_a_rule(report), text=WHY, actor=author)
    decided(case_of(report), moderator, "posting_ban")
    client, page = sign_in(moderator), f"/cases/{appeal.case.public_id}/appeal"
    assert "<textarea" not in client.get(page).content.decode()
    sent = {"appeal": str(appeal.public_id), "state": "upheld", "answer": ANSWER}
    assert client.post(page, sent).status_code == 403
    with pytest.raises(Forbidden, match="did not decide before"):
        decide_appeal(appeal, state="upheld", answer=ANSWER, actor=moderator)
    decide_appeal(appeal, state="rejected", answer=ANSWER, actor=other_moderator)
    assert Appeal.objects.get().decided_by == other_moderator


def test_what_was_taken_back_is_not_contested(decision, author, moderator, sign_in):
    """Nothing of it holds, and everybody was told so (bug 2)."""
    statement = StatementOfReasons.objects.get(recipient=author)
    undo_decision(decision, actor=moderator, reason="We took a quote for their own words.")
    with pytest.raises(Refused, match="took this decision back"):
        file_appeal(decision, text=WHY, actor=author)
    client = sign_in(author)
    page = client.get(f"/appeal/{statement.public_id}").content.decode()
    assert "<textarea" not in page
    assert client.post(f"/appeal/{statement.public_id}", {"text": WHY}).status_code == 409
    assert not Appeal.objects.exists()


def test_what_was_taken_back_a_moment_ago_is_seen_under_the_lock(decision, author, moderator):
    stale = Decision.objects.get(pk=decision.pk)
    undo_decision(decision, actor=moderator, reason="We took a quote for their own words.")
    with pytest.raises(Refused, match="took this decision back"):
        file_appeal(stale, text=WHY, actor=author)


def test_the_database_refuses_whoever_decided_first(appeal, moderator):
    with pytest.raises(IntegrityError, match=REFUSED):
        write(appeal, moderator)


def test_the_database_refuses_the_second_moderator(report, author, moderator, make_user):
    case = case_of(report)
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=report.clause,
        measures=[MeasureOrder("deactivate")], explanation="We looked at the whole thread.",
    )  # fmt: skip
    second = make_user("uma", moderator=True)
    waiting = Confirmation.objects.get()
    confirm_decision(waiting, actor=second, version=Case.objects.get(pk=case.pk).version)
    appeal = file_appeal(decision, text=WHY, actor=author)
    for person in (moderator, second):
        with pytest.raises(IntegrityError, match=REFUSED):
            write(appeal, person)
    with pytest.raises(Forbidden):
        decide_appeal(appeal, state="rejected", answer=ANSWER, actor=second)


def test_the_database_refuses_whoever_decided_later_about_the_same_measure(report, author, moderator, other_moderator):
    appeal = file_appeal(by_a_rule(report), text=WHY, actor=author)
    write(appeal, moderator)  # nobody but the rule decided yet
    Appeal.objects.update(state="open", decided_by=None, answer="", decided_at=None)
    decided(case_of(report), moderator, "posting_ban")
    with pytest.raises(IntegrityError, match=REFUSED):
        write(appeal, moderator)
    write(appeal, other_moderator)


def test_the_database_refuses_the_system_and_the_appellant(appeal, author):
    for person in (system_actor(), author):
        with pytest.raises(IntegrityError, match=REFUSED):
            write(appeal, person)


def test_the_database_refuses_whoever_overturned_it_before(decision, appeal, reporter, other_moderator, make_user):
    """Whoever said that the measures were wrong decided about them: somebody else hears who wants them back."""
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    again = file_appeal(decision, text="They did insult everybody there.", actor=reporter)
    with pytest.raises(IntegrityError, match=REFUSED):
        write(again, other_moderator)
    with pytest.raises(Forbidden):
        decide_appeal(again, state="upheld", answer=ANSWER, actor=other_moderator)
    write(again, make_user("uma", moderator=True))


def test_the_database_refuses_somebody_of_the_organization(
    organization, make_repository, reporter, moderator, owner, other_moderator
):
    repository = make_repository("shared", owner=organization)
    decision = decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", clause="spam")
    appeal = file_appeal(decision, text=WHY, actor=owner)
    Membership.objects.create(organization=organization, user=other_moderator, role=OrganizationRole.READ)
    with pytest.raises(IntegrityError, match=REFUSED):
        write(appeal, other_moderator)


def test_no_other_way_around_it(appeal, moderator, other_moderator, comment, make_user):
    """Nor by moving an answer to a decision of one's own, nor by writing one that is answered already."""
    write(appeal, other_moderator)
    own = decided(case_of(reported(comment, make_user("ida"), "spam")), other_moderator, "posting_ban", clause="spam")
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(decision=own, first_decider=moderator)
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        Appeal.objects.create(
            decision=own, case=appeal.case, appellant=moderator, text=WHY, first_decider=moderator,
            decided_by=other_moderator, state="rejected", answer=ANSWER,
        )  # fmt: skip


def test_the_system_answers_nothing(appeal):
    with pytest.raises(Forbidden, match="A human has to answer"):
        decide_appeal(appeal, state="upheld", answer=ANSWER, actor=system_actor())


def test_contesting_what_a_rule_did_always_brings_a_human(report, author, moderator, make_user, comment):
    """First in its lane, before what waited for days, and at the top of everything after a day (I1)."""
    other = reported(make_user("olga"), make_user("ida"))
    decision = decided(case_of(other), make_user("uma", moderator=True), "posting_ban")
    ordinary = file_appeal(decision, text=WHY, actor=User.objects.get(username="olga"))
    Case.objects.filter(pk=ordinary.case_id).update(rank=F("rank") - 48 * 0.5)  # it waited for two days
    appeal = file_appeal(by_a_rule(report), text=WHY, actor=author)
    assert [one.pk for one in in_lane("appeals", moderator).rows.order_by("rank", "id")] == [
        appeal.case_id,
        ordinary.case_id,
    ]
    explained = {point.code for point in explain(Case.objects.get(pk=appeal.case_id), clock.now())}
    assert "contested" in explained
    due = Case.objects.get(pk=appeal.case_id).due_at
    assert due == appeal.created_at + timedelta(hours=24)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=moderator)
    assert not Deadline.objects.filter(kind="contested", settled_at=None).exists()
    assert Appeal.objects.get(pk=appeal.pk).decided_by == moderator


def test_a_day_later_it_is_overdue(report, author, pass_time):
    appeal = file_appeal(by_a_rule(report, "posting_ban"), text=WHY, actor=author)
    before = Case.objects.get(pk=appeal.case_id).points
    pass_time(timedelta(hours=25))
    act_on_deadlines()
    assert Case.objects.get(pk=appeal.case_id).points >= before + 900


def test_a_measure_that_a_human_confirmed_later_stays(report, author, moderator, other_moderator, make_user):
    """What the rule did is contested; what mira decided since is another decision, with a deadline of its own."""
    first = by_a_rule(report)
    appeal = file_appeal(first, text=WHY, actor=author)
    later = decided(case_of(report), moderator, "posting_ban")
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    measure = Measure.objects.get()
    assert measure.lifted_at is None
    assert list(Appeal.objects.get().lifted.all()) == []
    [letter] = InboxMessage.objects.filter(recipient=author, key=f"appeal:{appeal.public_id}")
    assert "can be contested too" in letter.body
    first.refresh_from_db()
    assert first.overturned == "wholly"
    assert Decision.objects.get(pk=later.pk).overturned == ""
    # The human's decision has a statement and a deadline of its own.
    mine = file_appeal(later, text="It was a quote.", actor=author)
    uma = make_user("uma", moderator=True)
    decide_appeal(mine, state="upheld", answer=ANSWER, actor=uma)
    measure.refresh_from_db()
    assert measure.lifted_by == uma


def test_whoever_overturned_a_decision_is_not_offered_what_a_reporter_makes_of_it(
    decision, author, reporter, moderator, other_moderator, make_user
):
    """Tomas found that the decision was wrong; iris, who reported it, contests that: it is for a third one."""
    from moderation.cases.actions import claim_next

    appeal = file_appeal(decision, text=WHY, actor=author)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    again = file_appeal(decision, text="It was an insult, and it stands there again.", actor=reporter)
    assert claim_next(actor=other_moderator) is None
    assert claim_next(actor=moderator) is None
    assert claim_next(actor=make_user("third", moderator=True)) == again.case
