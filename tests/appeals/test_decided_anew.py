"""After a reporter was right: who decides anew, and who answers the next appeal about it (G2)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions import create_token
from accounts.models import InboxMessage
from foundation.errors import Forbidden
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.models import Appeal
from moderation.cases.actions import MeasureOrder, claim_next, confirm_decision, decide
from moderation.cases.actions.bulk import Chosen, InTheWay, decide_together
from moderation.cases.actions.changed_reports import withdraw_own_report
from moderation.cases.models import Case, Confirmation, Decision
from moderation.policy.models import Lane
from tests.appeals.test_who_decides import write
from tests.reports.steps import case_of, decided, reported

WHY = "They did insult everybody there."
ANSWER = "We looked at the whole thread once more."
WORDS = "You called people idiots and told them to shut up."
REFUSED = "case_decided_by_another"


@pytest.fixture
def third(make_user):
    return make_user("uma", moderator=True)


@pytest.fixture
def reopened(refused_report, reporter, other_moderator):
    """The case that mira decided; tomas agreed with iris, who reported it, that this was wrong."""
    report, decision = refused_report
    appeal = file_appeal(decision, text=WHY, actor=reporter)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    return case_of(report)


def judge(case, actor, clause, **changes):
    row = Case.objects.get(pk=case.pk)
    values = {"outcome": "violation", "clause": clause("harassment"), "measures": [MeasureOrder("posting_ban")]}
    return decide(row, actor=actor, version=row.version, explanation=WORDS, **{**values, **changes})


def leave_team(*people):
    for person in people:
        person.groups.clear()


def test_whoever_was_wrong_does_not_decide_it_anew(reopened, moderator, other_moderator, clause):
    with pytest.raises(Forbidden, match="Somebody else has to decide it anew"):
        judge(reopened, moderator, clause)
    with pytest.raises(InTheWay) as refused:
        decide_together(
            [Chosen(reopened, reopened.version)], actor=moderator, outcome="no_violation", explanation=WORDS
        )
    assert "Somebody else has to decide it anew" in str(refused.value.obstacles[0].why)
    judge(reopened, other_moderator, clause)


def test_the_database_refuses_it_too(reopened, moderator, clause, other_moderator):
    again = Decision.objects.get()
    again.pk, again.public_id, again.request_id = None, reopened.public_id, reopened.public_id
    again.event = reopened.events.latest("number")
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        again.save(force_insert=True)
    made = judge(reopened, other_moderator, clause)
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(actor=moderator)


def test_it_is_offered_to_others_only(reopened, moderator, other_moderator):
    assert claim_next(actor=moderator) is None
    assert claim_next(actor=other_moderator) == reopened


def test_it_is_theirs_where_nobody_else_could(reopened, moderator, other_moderator, clause):
    leave_team(other_moderator)
    assert claim_next(actor=moderator) == reopened
    assert judge(reopened, moderator, clause).actor == moderator


def test_who_reported_it_or_may_not_see_it_is_nobody_else(
    refused_report, reporter, other_moderator, third, moderator, clause
):
    """A colleague who reported the same could not decide it."""
    first, decision = refused_report
    appeal = file_appeal(decision, text=WHY, actor=reporter)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    case = case_of(first)
    reported(case.subject.target, third)
    leave_team(other_moderator)
    judge(case, moderator, clause)


def test_a_lane_for_named_people_leaves_it_to_these(reopened, moderator, other_moderator, clause):
    lane = Lane.objects.get(code="minors")
    Case.objects.filter(pk=reopened.pk).update(lane=lane)
    lane.group.user_set.add(moderator)
    judge(reopened, moderator, clause)


def test_nor_do_they_confirm_it(reopened, moderator, other_moderator, third, clause):
    judge(reopened, other_moderator, clause, measures=[MeasureOrder("deactivate")])
    waiting = Confirmation.objects.get()
    with pytest.raises(Forbidden, match="Somebody else"):
        confirm_decision(waiting, actor=moderator, version=Case.objects.get(pk=reopened.pk).version)
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        Confirmation.objects.filter(pk=waiting.pk).update(actor=moderator)
    confirm_decision(waiting, actor=third, version=Case.objects.get(pk=reopened.pk).version)


def test_the_second_moderator_was_wrong_as_well(report, author, reporter, moderator, other_moderator, third, clause):
    """Both who took a milder measure than the reporter asked for."""
    judge(case_of(report), moderator, clause, measures=[MeasureOrder("deactivate")])
    confirm_decision(Confirmation.objects.get(), actor=other_moderator, version=case_of(report).version)
    appeal = file_appeal(Decision.objects.get(), text="His comments should go too.", actor=reporter)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=third)
    for wrong in (moderator, other_moderator):
        with pytest.raises(Forbidden, match="Somebody else"):
            judge(case_of(report), wrong, clause)
    judge(case_of(report), third, clause)


def test_a_case_that_was_opened_since_is_for_somebody_else_too(
    refused_report, comment, reporter, moderator, other_moderator, clause, make_user
):
    _report, decision = refused_report
    appeal = file_appeal(decision, text=WHY, actor=reporter)
    other = case_of(reported(comment, make_user("ida")))
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    assert other.pk != decision.case_id
    with pytest.raises(Forbidden, match="Somebody else"):
        judge(other, moderator, clause)
    # Of that case they hear nothing, unless they report it now: so nothing is promised.
    letter = InboxMessage.objects.get(recipient=reporter, key__startswith="appeal:")
    assert "To hear what we decide, report it now." in letter.body
    assert "You will hear" not in letter.body
    assert case_of(reported(comment, reporter)) == other


# The next appeal about it ---------------------------------------------------------------------------------------------


@pytest.fixture
def contested(reopened, author, third, clause):
    """Uma decided anew, and whom that affects contests it."""
    return file_appeal(judge(reopened, third, clause), text="It was a quote.", actor=author)


def test_who_decided_earlier_in_the_case_does_not_answer(
    contested, moderator, other_moderator, third, make_user, sign_in
):
    fourth = make_user("vera", moderator=True)
    for person in (moderator, other_moderator, third):
        with pytest.raises(Forbidden, match="did not decide before"):
            decide_appeal(contested, state="rejected", answer=ANSWER, actor=person)
        with pytest.raises(IntegrityError, match="appeal_decided_by_another"):
            write(contested, person)
    page = sign_in(moderator).get(f"/cases/{contested.case.public_id}/appeal").content.decode()
    assert "You decided about this before" in page
    decide_appeal(contested, state="rejected", answer=ANSWER, actor=fourth)


def test_they_do_where_nobody_else_is_left_but_never_who_decided_it(contested, moderator, other_moderator, third):
    """A team of three could answer nothing else."""
    with pytest.raises(Forbidden, match="did not decide before"):
        decide_appeal(contested, state="rejected", answer=ANSWER, actor=third)
    decide_appeal(contested, state="rejected", answer=ANSWER, actor=moderator)
    assert Appeal.objects.get(pk=contested.pk).decided_by == moderator


# Who withdrew ---------------------------------------------------------------------------------------------------------


def test_who_withdrew_a_report_does_not_contest_its_outcome(comment, report, reporter, moderator, make_user, sign_in):
    ida = make_user("ida")
    second = reported(comment, ida)
    withdraw_own_report(second, actor=ida)
    decision = decided(case_of(report), moderator)
    with pytest.raises(Forbidden, match="You withdrew your report"):
        file_appeal(decision, text=WHY, actor=ida)
    client = sign_in(ida)
    assert client.get(f"/appeals/decision/{decision.public_id}").status_code == 404
    headers = {"authorization": f"Bearer {create_token(ida, scope='write', actor=ida)}"}
    path = f"/api/v1/reports/{second.public_id}/appeal"
    answer = Client().post(path, {"text": WHY}, content_type="application/json", headers=headers)
    assert answer.status_code == 403
    assert file_appeal(decision, text=WHY, actor=reporter)
