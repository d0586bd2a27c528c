"""How much a reporter's word weighs (C4, D4)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.actions import add_comment
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.facts import Facts
from moderation.cases.models import Case
from moderation.cases.priority import points_of
from moderation.cases.weights import WEIGHTS
from moderation.policy.models import Clause
from moderation.reports.actions import close_reports, reopen_reports
from moderation.reports.details import Details
from moderation.reports.models import Report, ReporterRecord
from moderation.reports.people import TOGETHER, distinct_people, doubts, weigh_people
from moderation.reports.reliability import Record, record_of, records_of, reliability, weight_of
from tests.reports.steps import case_of, decided, reported

START = datetime(2026, 11, 1, tzinfo=UTC)
counts = st.integers(0, 50)


@pytest.fixture
def about(discussion, author):
    """about(5): as many comments of `author`."""
    return lambda count: [add_comment(discussion, text=f"Idiot number {n}!", actor=author) for n in range(count)]


def counted(person, code):
    row = ReporterRecord.objects.filter(reporter=person, clause__code=code).first()
    return (row.upheld, row.decided) if row else (0, 0)


def pair(person, code):
    return person.pk, Clause.objects.get(code=code).pk


def some(upheld, decided, others_upheld, others_decided):
    return Record(upheld, decided, upheld + others_upheld, decided + others_decided)


def test_the_formula_by_example():
    assert Record().reliability == 0.5
    record = Record(upheld=7, decided=9, all_upheld=12, all_decided=20)
    assert record.overall == pytest.approx(14 / 24)
    assert record.reliability == pytest.approx((7 + 4 * 14 / 24) / 13)
    assert record.percent == 72


@given(counts, counts, counts, counts)
def test_more_upheld_weighs_more_and_more_rejected_less(upheld, rejected, others_upheld, others_rejected):
    def value(upheld, rejected, others_upheld, others_rejected):
        return some(upheld, upheld + rejected, others_upheld, others_upheld + others_rejected).reliability

    here = value(upheld, rejected, others_upheld, others_rejected)
    assert 0 < here < 1
    assert value(upheld + 1, rejected, others_upheld, others_rejected) > here
    assert value(upheld, rejected, others_upheld + 1, others_rejected) > here
    assert value(upheld, rejected + 1, others_upheld, others_rejected) < here
    assert value(upheld, rejected, others_upheld, others_rejected + 1) < here


def test_a_decision_counts_once_for_each_reporter(comment, reporter, owner, moderator):
    reports = [reported(comment, who, details=Details(address=who.username)) for who in (reporter, owner)]
    decided(case_of(reports[0]), moderator, "friendly_warning")
    assert counted(reporter, "harassment") == counted(owner, "harassment") == (1, 1)
    close_reports(Report.objects.all(), upheld=False, at=START, actor=moderator)
    assert counted(reporter, "harassment") == (1, 1)


def test_what_our_screening_reports_counts_for_nobody(comment, reporter, moderator):
    case = case_of(reported(comment, reporter, channel=Report.Channel.SYSTEM))
    decided(case, moderator)
    assert Report.objects.get().state == Report.State.REJECTED
    assert not ReporterRecord.objects.exists()


def test_taken_up_again_it_is_taken_back_and_then_counted_anew(comment, reporter, moderator, other_moderator):
    case = case_of(reported(comment, reporter))
    decision = decided(case, moderator)
    assert counted(reporter, "harassment") == (0, 1)
    appeal = file_appeal(decision, text="Please look at the whole thread.", actor=reporter)
    decide_appeal(appeal, state="upheld", answer="You were right about this.", actor=other_moderator)
    assert counted(reporter, "harassment") == (0, 0)
    decided(case, other_moderator, "friendly_warning")
    assert counted(reporter, "harassment") == (1, 1)


def test_a_withdrawn_report_is_neither_closed_nor_opened(comment, reporter, moderator):
    report = reported(comment, reporter)
    Report.objects.update(state=Report.State.WITHDRAWN)
    close_reports([report], upheld=True, at=START, actor=moderator)
    reopen_reports([report], actor=moderator)
    report.refresh_from_db()
    assert (report.state, ReporterRecord.objects.count()) == (Report.State.WITHDRAWN, 0)


def test_one_clause_is_judged_by_itself_and_a_little_by_the_others(about, reporter, moderator):
    for comment in about(3):
        decided(case_of(reported(comment, reporter, "spam")), moderator, "friendly_warning", clause="spam")
    known = reliability([pair(reporter, "spam"), pair(reporter, "harassment"), pair(moderator, "spam")])
    assert known[pair(reporter, "spam")] > known[pair(reporter, "harassment")] > 0.5
    assert known[pair(moderator, "spam")] == 0.5


def test_records_cost_one_query(about, reporter, owner, moderator, django_assert_num_queries):
    for comment in about(2):
        decided(case_of(reported(comment, reporter, "spam")), moderator)
    pairs = [pair(who, code) for who in (reporter, owner) for code in ("spam", "harassment")]
    with django_assert_num_queries(1):
        records = records_of(pairs)
    assert records[pairs[0]] == Record(0, 2, 0, 2)
    with django_assert_num_queries(1):
        whole, under = record_of(reporter.pk)
    assert (whole.all_decided, [row.clause.code for row, _record in under]) == (2, ["spam"])
    with django_assert_num_queries(0):
        assert reliability([]) == {}


def report_by(who, address, at, clause=1):
    sent = START + at
    return Report(reporter_id=who, clause_id=clause, address=address, created_at=sent, channel="form", state="open")


sent = st.builds(
    report_by, st.integers(1, 6), st.sampled_from(["", "a", "b"]), st.timedeltas(timedelta(), timedelta(days=5))
)


@given(st.lists(sent, max_size=12))
def test_people_are_joined_by_address_and_time_and_by_nothing_else(reports):
    """Compared with joining every pair, again and again until nothing changes."""
    groups = [{one.reporter_id} for one in reports]
    for first in reports:
        for second in reports:
            near = abs(first.created_at - second.created_at) <= TOGETHER
            if near and first.address and first.address == second.address:
                joined = [group for group in groups if group & {first.reporter_id, second.reporter_id}]
                groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    expected = {frozenset(group) for group in groups}
    found = distinct_people(reports)
    assert {frozenset(person) for person in found} == expected
    assert sum(len(person) for person in found) == len({one.reporter_id for one in reports})


@given(st.lists(sent, max_size=8), sent)
def test_the_order_and_one_more_without_an_address_change_nothing(reports, more):
    more.address, more.reporter_id = "", 99
    before = {frozenset(person) for person in distinct_people(reports)}
    after = {frozenset(person) for person in distinct_people([more, *reversed(reports)])}
    assert after == before | {frozenset({99})}


def in_doubt(one, other):
    near = abs(one.created_at - other.created_at) <= TOGETHER
    return one.reporter_id == other.reporter_id or bool(one.address and one.address == other.address and near)


def worth_of(report):
    """Some reliability of an account under a clause, with digits that sums round."""
    return (1 + report.reporter_id * 7 % 5 + report.clause_id) / 9


when = st.timedeltas(timedelta(), timedelta(days=4))
any_report = st.builds(report_by, st.integers(1, 6), st.sampled_from(["", "a", "b"]), when, st.integers(1, 3))
several = st.lists(any_report, max_size=14)


@given(several, several)
def test_no_report_lowers_what_a_case_weighs(before, more):
    weights = [weigh_people(before + more[:count], worth_of) for count in range(len(more) + 1)]
    assert weights == sorted(weights)
    facts = [
        Facts(reporters=int(weigh_people(before + more[:count], lambda _one: 1.0)), weight=weight)
        for count, weight in enumerate(weights)
    ]
    points = [sum(point.points for point in points_of(one, WEIGHTS)) for one in facts]
    assert points == sorted(points)


@given(several)
def test_at_most_every_account_counts_and_at_least_as_many_as_are_in_no_doubt(reports):
    """The bound from below: the best choice of reports of which no two are in doubt, found by trying all of them."""
    found = weigh_people(reports, worth_of)
    by_account: dict[int, float] = {}
    for one in reports:
        by_account[one.reporter_id] = max(worth_of(one), by_account.get(one.reporter_id, 0))
    choices: list[list[Report]] = [[]]
    for one in reports:
        choices += [[*some, one] for some in choices if not any(in_doubt(one, other) for other in some)]
    least = max(sum(worth_of(one) for one in some) for some in choices)
    assert least - 1e-9 <= found <= sum(by_account.values()) + 1e-9
    if len({one.reporter_id for one in reports}) == len(reports):
        assert found == pytest.approx(least)


def test_a_third_account_between_two_lowers_nothing():
    first, last = report_by(1, "a", timedelta()), report_by(3, "a", timedelta(hours=40))
    between = report_by(2, "a", timedelta(hours=20))
    assert len(distinct_people([first, between, last])) == 1
    assert weigh_people([first, last], lambda one: 0.5) == weigh_people([first, between, last], lambda one: 0.5) == 1.0
    assert weigh_people([first, between], lambda one: 0.5) == 0.5


def test_a_third_account_that_joins_two_lowers_no_points(comment, reporter, owner, make_user):
    ada = make_user("ada")
    sent = [(reporter, "a", "spam"), (owner, "b", "spam"), (ada, "a", "spam"), (ada, "b", "harassment")]
    points = []
    for who, address, clause in sent:
        case = case_of(reported(comment, who, clause, details=Details(address=address * 64)))
        points.append(Case.objects.get(pk=case.pk).points)
    assert len(distinct_people(Report.objects.all())) == 1
    assert points == sorted(points)
    assert weight_of(Report.objects.all()) == 1.0


def test_a_case_weighs_the_sum_of_its_people(comment, reporter, owner, moderator, make_user, django_assert_num_queries):
    for who in (reporter, owner, make_user("ada")):
        reported(comment, who)
    assert weight_of(Report.objects.all()) == pytest.approx(1.5)
    Report.objects.filter(reporter__in=[reporter, owner]).update(address="ab" * 32)
    with django_assert_num_queries(2):
        assert weight_of(Report.objects.all()) == pytest.approx(1.0)
    Report.objects.filter(reporter=reporter).update(created_at=START - timedelta(days=40))
    assert weight_of(Report.objects.all()) == pytest.approx(1.5)
    assert weight_of([]) == 0


def test_of_one_person_the_better_account_counts(about, reporter, owner, moderator):
    first, second = about(2)
    decided(case_of(reported(first, reporter)), moderator, "friendly_warning")
    same = Details(address="ab" * 32)
    one, other = reported(second, reporter, details=same), reported(second, owner, details=same)
    assert weight_of([one, other]) == weight_of([one]) > weight_of([other])
    case = case_of(one)
    case.refresh_from_db()
    assert case.report_count == 2


def test_the_nearest_doubt_is_named():
    reports = [report_by(who, "a", at) for who, at in ((1, timedelta()), (2, timedelta(minutes=12)))]
    far = report_by(3, "a", timedelta(days=3))
    for number, one in enumerate([*reports, far]):
        one.pk = number
    found = doubts([*reports, far])
    assert (found[0].other, found[0].minutes) == (reports[1], 12)
    assert found.keys() == {0, 1}


def test_for_a_rule_one_person_counts_once_and_a_guest_not_at_all(comment, reporter, owner, make_user):
    from accounts.actions import guest_for
    from accounts.models import User
    from moderation.automation.reporters import independent_reporters

    same = Details(address="ab" * 32)
    case = case_of(reported(comment, reporter, details=same))
    reported(comment, owner, details=same)
    reported(comment, make_user("ada"), details=Details(address="cd" * 32))
    reported(comment, guest_for("guest@letters.example", confirmed=True))
    User.objects.filter(is_guest=True).update(date_joined=START - timedelta(days=365))
    assert independent_reporters(case) == 2
    Report.objects.update(address="")
    assert independent_reporters(case) == 3


def test_the_case_shows_the_doubt_and_does_nothing(comment, reporter, owner, moderator, sign_in, pass_time):
    same = Details(address="ab" * 32)
    case = case_of(reported(comment, reporter, details=same))
    pass_time(timedelta(minutes=12, seconds=20))
    reported(comment, owner, details=same)
    page = " ".join(sign_in(moderator).get(case.get_absolute_url()).content.decode().split())
    for name in ("iris", "nok"):
        assert f"Perhaps the same person as {name}: same address, 12 minutes apart. They count once." in page
    assert Report.objects.filter(state="open").count() == 2


def test_the_case_shows_the_record_with_its_counts(about, reporter, moderator, sign_in):
    first, second, third = about(3)
    decided(case_of(reported(first, reporter)), moderator, "friendly_warning")
    decided(case_of(reported(second, reporter, "spam")), moderator)
    case = case_of(reported(third, reporter))
    page = " ".join(sign_in(moderator).get(case.get_absolute_url()).content.decode().split())
    assert "1 of 1 upheld under this clause, 1 of 2 in all" in page


def test_existing_reports_were_counted(comment, reporter, moderator):
    """The migration counts as closing does."""
    import importlib

    from django.db import connection

    decided(case_of(reported(comment, reporter)), moderator, "friendly_warning")
    before = list(ReporterRecord.objects.values_list("reporter", "clause", "upheld", "decided", "bad_faith"))
    ReporterRecord.objects.all().delete()
    migration = importlib.import_module("moderation.reports.migrations.0005_reporter_records")
    with connection.cursor() as cursor:
        cursor.execute(migration.COUNT)
    assert list(ReporterRecord.objects.values_list("reporter", "clause", "upheld", "decided", "bad_faith")) == before
