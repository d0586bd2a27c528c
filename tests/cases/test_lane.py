"""The lanes for data of children, minors and danger to life, with exactly their rules (C6, C9, C10)."""

from datetime import timedelta

import pytest

from accounts.models import InboxMessage
from community.actions import edit_comment
from community.models import Discussion, Hiding
from moderation.cases import due
from moderation.cases.actions import claim, decide, decide_directly, lift_measure, receive_report
from moderation.cases.actions.at_risk import mark_at_risk
from moderation.cases.chain import SEALED
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case, Deadline, Decision, Event
from moderation.policy.models import Clause, Lane
from moderation.reports.actions import AlreadyReported
from moderation.reports.details import Details
from moderation.sanctions.models import Measure
from repositories.actions import commit
from repositories.models import Repository, Restriction


@pytest.fixture
def group_member(moderator):
    """The moderator works in the lane for minors too."""
    Lane.objects.get(code="minors").group.user_set.add(moderator)
    return moderator


def holds():
    return Measure.objects.standing().filter(kind="hold")


@pytest.mark.parametrize("days_old", [0, 365])
def test_anyones_word_holds_the_comment_at_once(report, comment, make_user, days_old):
    case = report(comment, "children-data", by=make_user("passer-by", days_old=days_old))
    comment.refresh_from_db()
    assert (comment.hidden, comment.text, case.lane.code) == (True, "", "children")
    measure = holds().get()
    assert (measure.actor.is_system, measure.interim, measure.ends_at) == (True, True, None)
    assert Hiding.objects.get(comment=comment).side == Hiding.Side.HOLD
    decision = Decision.objects.get()
    assert (decision.interim, decision.event.kind, list(decision.measures.all())) == (True, "case.acted_on", [measure])


def test_of_a_repository_only_the_card(report, repository):
    report(repository, "children-data")
    row = Repository.objects.get(pk=repository.pk)
    assert (row.card, row.visibility, row.gating, row.listed) == ("", "public", "none", True)
    assert [one.kind for one in Restriction.objects.active()] == [Restriction.Kind.CARD_HELD]
    assert not Discussion.objects.exists()


def test_people_and_other_clauses_are_not_held(report, author, comment):
    report(author, "children-data")
    report(comment, "harassment")
    assert not holds().exists()


def test_a_human_decides_within_the_hour_and_it_climbs_to_the_top(report, comment, many_cases, pass_time, moderator):
    many_cases(2)
    case = report(comment, "children-data")
    assert due.expects(case, Deadline.Kind.DECIDE)
    assert case.due_at - case.opened_at <= timedelta(hours=1)
    before = case.points
    pass_time(timedelta(hours=1, minutes=1))
    act_on_deadlines()
    case.refresh_from_db()
    assert case.points > before + 500
    assert Case.objects.order_by("rank").first() == case
    assert holds().exists()


def test_the_hold_stands_until_somebody_looked(report, comment, pass_time):
    report(comment, "children-data")
    pass_time(timedelta(days=30))
    act_on_deadlines()
    comment.refresh_from_db()
    assert (holds().count(), comment.hidden) == (1, True)


def test_letter_accuses_nobody_and_names_no_clause(report, comment, author, reporter, sign_in):
    report(comment, "children-data", text="The number of a child stands there.")
    message = InboxMessage.objects.get(recipient=author)
    assert "Nothing is decided, and nobody is accused." in message.body
    assert "Nobody of us has looked yet" in message.body
    told = f"{message.subject} {message.body}".lower()
    assert not [word for word in ("child", "clause", reporter.username, "violat") if word in told]
    client = sign_in(author)
    for path in ("/standing", message.link):
        page = client.get(path).content.decode()
        assert "Data of children" not in page, path
        assert "old until we have looked" in page or "hidden until we have looked" in page, path


def test_lifting_restores_exactly_and_the_same_content_is_not_held_again(report, comment, make_user, moderator):
    text = comment.text
    case = report(comment, "children-data")
    lift_measure(holds().get(), reason="There is no child’s data.", actor=moderator)
    comment.refresh_from_db()
    assert (comment.hidden, comment.text) == (False, text)
    assert report(comment, "children-data", by=make_user("troll")) == case
    comment.refresh_from_db()
    assert not comment.hidden
    edit_comment(comment, text="Now there is the address of a child in it.", actor=comment.author)
    report(comment, "children-data", by=make_user("parent"))
    comment.refresh_from_db()
    assert comment.hidden


def test_a_decision_without_violation_shows_it_again(report, comment, moderator, make_user):
    case = claim(report(comment, "children-data"), actor=moderator)
    decide(
        case, actor=moderator, version=case.version, outcome="no_violation", explanation="No data of a child at all."
    )
    comment.refresh_from_db()
    assert (holds().count(), comment.hidden) == (0, False)
    assert report(comment, "children-data", by=make_user("troll")) != case
    comment.refresh_from_db()
    assert not comment.hidden


def test_another_commit_with_the_same_card_is_not_held_again(report, repository, make_user, moderator, owner):
    report(repository, "children-data")
    lift_measure(holds().get(), reason="There is no child’s data.", actor=moderator)
    commit(repository, {"model.txt": b"weights\n"}, actor=owner, message="Add a file")
    report(repository, "children-data", by=make_user("troll"))
    assert not holds().exists()
    commit(repository, {"README.md": b"# Names of children\n"}, actor=owner, message="Another card")
    report(repository, "children-data", by=make_user("parent"))
    assert holds().count() == 1


def test_twenty_reports_are_one_hold(report, comment, make_user):
    for number in range(20):
        report(comment, "children-data", by=make_user(f"one-of-many-{number}"))
    assert (holds().count(), Measure.objects.count(), Decision.objects.count()) == (1, 1, 1)
    again = comment.subject.reports.first().reporter
    with pytest.raises(AlreadyReported):
        report(comment, "children-data", by=again)


def test_a_report_is_taken_even_where_the_hold_is_not(report, claimed_case, other_moderator, make_user, monkeypatch):
    """Whatever keeps the hold from being taken, the report stays."""
    from foundation.errors import Refused
    from moderation.cases.actions import hold

    def refuse(*args, **kwargs):
        raise Refused("No.", code="no")

    monkeypatch.setattr(hold, "decide", refuse)
    case = report(claimed_case.subject.target, "children-data", by=make_user("parent"))
    assert (case, case.report_count) == (claimed_case, 2)


def test_a_rules_hold_waits_for_a_look_from_then_on(report, comment, moderator, pass_time):
    from moderation.sanctions.actions import impose

    case = report(comment, "spam")
    rule = impose("hold", case.subject, clause=Clause.objects.get(code="spam"), reason="A rule.", actor=moderator,
                  automated=True)  # fmt: skip
    assert rule.ends_at is not None
    report(comment, "children-data")
    rule.refresh_from_db()
    assert (rule.ends_at, holds().get()) == (None, rule)


def test_decided_with_the_hold_it_stands_and_with_another_measure_it_goes(report, comment, moderator, discussion):
    case = claim(report(comment, "children-data"), actor=moderator)
    clause = Clause.objects.get(code="children-data")
    from moderation.cases.actions import MeasureOrder

    decide(case, actor=moderator, version=case.version, outcome="violation", clause=clause,
           measures=[MeasureOrder("hold")], explanation="The address of a child stands in it.")  # fmt: skip
    measure = holds().get()
    assert (measure.interim, measure.clause) == (False, clause)
    assert case.state == Case.State.DECIDED


def test_somebody_in_danger_comes_into_the_lane_whatever_the_clause(comment, reporter, clause):
    filed = receive_report(comment, clause=clause("spam"), text="He says goodbye to everybody.", actor=reporter,
                           details=Details(danger=True))  # fmt: skip
    case = Case.objects.get(case_reports__report=filed)
    assert (case.lane.code, holds().exists()) == ("threat", False)
    assert case.due_at - filed.created_at == timedelta(hours=1)


def test_page_has_the_instructions_at_hand(report, comment, moderator, sign_in):
    case = report(comment, "self-harm")
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert "Call the emergency services of their country first" in page
    assert "This person is at risk" in page


def test_a_person_at_risk_is_offered_no_sanction(report, comment, author, moderator, sign_in, clause):
    decide_directly(
        comment, kind="posting_ban", clause=clause("harassment"), reason="You insulted people.", actor=moderator
    )
    case = report(comment, "self-harm")
    claim(case, actor=moderator)
    client = sign_in(moderator)
    assert 'value="deactivate"' in client.get(case.get_absolute_url()).content.decode()
    mark_at_risk(case, True, actor=moderator)
    page = " ".join(client.get(case.get_absolute_url()).content.decode().split())
    for sanction in ("friendly_warning", "limit_reached", "posting_ban", "deactivate"):
        assert f'value="{sanction}"' not in page, sanction
    assert 'value="hide_comment"' in page
    assert "This holds against them still." in page


def test_events_of_a_hold_hold_no_words(report, comment):
    report(comment, "children-data", text="The number of a child stands there.")
    told = Event.objects.exclude(kind=SEALED).order_by("number")
    assert [event.kind for event in told] == ["report.received", "case.acted_on"]
    assert "number of a child" not in str([event.data for event in Event.objects.all()])
