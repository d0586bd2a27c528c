"""Being right in part: exactly the named measures are lifted, the others stand, and the case says so (G2, E5)."""

import pytest

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from foundation.errors import Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.appeals.models import Appeal
from moderation.cases.models import Case, Decision, Event
from moderation.reports.models import Report, ReporterRecord
from moderation.sanctions.models import Measure
from repositories.models import Restriction
from tests.reports.steps import case_of, decided, reported

WHY = "It is a model of garden tools."
ANSWER = "The card says what it is; the files stay closed."


@pytest.fixture
def decision(repository, reporter, moderator):
    """Downgraded, tagged and its files closed."""
    case = case_of(reported(repository, reporter, "spam"))
    return decided(case, moderator, "downgrade", "nfaa", "disable", clause="spam")


@pytest.fixture
def appeal(decision, owner):
    return file_appeal(decision, text=WHY, actor=owner)


def ids(decision, *kinds):
    return [one.public_id for one in decision.measures.filter(kind__in=kinds)]


def partly(appeal, person, lift):
    return decide_appeal(appeal, state="partly", answer=ANSWER, lift=lift, actor=person)


def test_exactly_the_named_ones_are_lifted(appeal, decision, repository, other_moderator):
    partly(appeal, other_moderator, ids(decision, "downgrade", "nfaa"))
    assert [one.kind for one in Measure.objects.standing()] == ["disable"]
    assert [one.kind for one in Restriction.objects.active().filter(repository=repository)] == ["disabled"]
    assert sorted(one.kind for one in Appeal.objects.get().lifted.all()) == ["downgrade", "nfaa"]
    decision.refresh_from_db()
    assert decision.overturned == "partly"
    assert Report.objects.get().state == "upheld"  # the report was right still
    event = Event.objects.get(kind="decision.overturned")
    assert (event.case_id, event.data["how"]) == (decision.case_id, "partly")
    assert sorted(event.data["measures"]) == sorted(one.hex for one in ids(decision, "downgrade", "nfaa"))


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ((), "Choose which of the measures"),
        (("downgrade", "nfaa", "disable"), "That lifts all of them"),
    ],
)
def test_nothing_and_everything_are_no_part(kinds, says, appeal, decision, other_moderator):
    with pytest.raises(Refused, match=says):
        partly(appeal, other_moderator, ids(decision, *kinds))
    assert Measure.objects.standing().count() == 3
    assert Appeal.objects.get().state == "open"


def test_a_measure_of_something_else_is_not_named(appeal, decision, comment, reporter, moderator, other_moderator):
    other = decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    with pytest.raises(Refused, match="Choose which of the measures"):
        partly(appeal, other_moderator, [*ids(decision, "nfaa"), *ids(other, "posting_ban")])
    assert Measure.objects.standing().count() == 4


def test_there_is_no_part_for_a_reporter(decision, reporter, other_moderator):
    appeal = file_appeal(decision, text="It should be removed.", actor=reporter)
    with pytest.raises(Refused, match="nothing to lift in part"):
        partly(appeal, other_moderator, ids(decision, "nfaa"))


@pytest.mark.parametrize("state", ["upheld", "partly", "rejected"])
def test_every_answer_has_reasons(state, appeal, decision, other_moderator):
    with pytest.raises(Refused, match="Explain your answer"):
        decide_appeal(appeal, state=state, answer=" no      ", lift=ids(decision, "nfaa"), actor=other_moderator)


@pytest.mark.parametrize("state", ["open", "perhaps"])
def test_there_are_three_answers(state, appeal, other_moderator):
    with pytest.raises(Refused, match="Choose whether"):
        decide_appeal(appeal, state=state, answer=ANSWER, actor=other_moderator)


def test_the_page_offers_what_still_holds(sign_in, appeal, decision, owner, other_moderator):
    client, where = sign_in(other_moderator), f"/cases/{appeal.case.public_id}/appeal"
    html = client.get(where).content.decode()
    for public_id in ids(decision, "downgrade", "nfaa", "disable"):
        assert f'value="{public_id}"' in html
    lift = [str(one) for one in ids(decision, "nfaa")]
    sent = {"appeal": str(appeal.public_id), "state": "partly", "answer": ANSWER, "lift": lift}
    assert client.post(where, {**sent, "lift": []}).status_code == 400
    assert client.post(where, sent).status_code == 303
    assert "We were wrong in part" in client.get(where).content.decode()
    mine = sign_in(owner).get(f"/appeals/{appeal.public_id}").content.decode()
    assert "We were wrong in part" in mine
    assert "Not For All Audiences" in mine
    [letter] = InboxMessage.objects.filter(recipient=owner, key=f"appeal:{appeal.public_id}")
    assert "- tag “Not For All Audiences”" in letter.body
    assert f"> {ANSWER}" in letter.body
    case = client.get(f"/cases/{decision.case.public_id}").content.decode()
    assert "overturned in part" in case
    assert "Overturned in part" in case  # in its history


def test_of_one_measure_there_is_no_part(sign_in, comment, reporter, moderator, author, other_moderator):
    decision = decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    appeal = file_appeal(decision, text="They called me a troll.", actor=author)
    html = sign_in(other_moderator).get(f"/cases/{appeal.case.public_id}/appeal").content.decode()
    assert 'value="partly"' not in html


def test_upheld_overturns_the_decision_and_its_reports(
    appeal, decision, reporter, repository, other_moderator, sign_in
):
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    assert not Measure.objects.standing().exists()
    decision.refresh_from_db()
    assert (decision.overturned, decision.undone_at) == ("wholly", None)
    assert Case.objects.get(pk=decision.case_id).state == "decided"
    report = Report.objects.get()
    assert report.state == "rejected"
    record = ReporterRecord.objects.get(reporter=reporter)
    assert (record.decided, record.upheld) == (1, 0)
    page = sign_in(reporter).get(f"/reports/{report.public_id}").content.decode()
    assert "found that we were wrong" in page
    assert "Contest this outcome" in page


def test_a_measure_lifted_before_is_not_lifted_again(appeal, decision, other_moderator, moderator):
    from moderation.cases.actions import lift_measure

    lift_measure(decision.measures.get(kind="nfaa"), reason="It needs none.", actor=moderator)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    assert decision.measures.get(kind="nfaa").lifted_by == moderator
    assert sorted(one.kind for one in Appeal.objects.get().lifted.all()) == ["disable", "downgrade"]


def test_upheld_after_it_ended_still_overturns(comment, reporter, moderator, author, other_moderator, pass_time):
    from datetime import timedelta

    decision = decided(case_of(reported(comment, reporter)), moderator, "posting_ban")
    pass_time(timedelta(hours=49))
    appeal = file_appeal(decision, text="They called me a troll.", actor=author)
    decide_appeal(appeal, state="upheld", answer=ANSWER, actor=other_moderator)
    assert standing_restriction(author) is None
    assert Decision.objects.get(pk=decision.pk).overturned == "wholly"
