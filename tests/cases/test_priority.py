"""Priority: every term moves in its direction, and waiting moves nobody's row (D4)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import clock
from moderation.cases import due, priority
from moderation.cases.actions.escalate import escalate
from moderation.cases.models import Case, Deadline
from moderation.cases.priority import explain, present_points, update_priority
from moderation.policy.models import Lane
from moderation.reports.actions import close_reports
from moderation.reports.models import Report
from repositories.models import Repository


def points_of(case: Case, code: str) -> float:
    fresh = Case.objects.get(pk=case.pk)
    return sum(point.points for point in explain(fresh, clock.now()) if point.code == code)


def rank_of(case: Case) -> float:
    return Case.objects.values_list("rank", flat=True).get(pk=case.pk)


def recompute(case: Case) -> None:
    update_priority(Case.objects.get(pk=case.pk), clock.now())


def test_severity_weighs_more(many_cases, report, discussion):
    (harassment,) = many_cases(1)
    conduct = report(discussion, "code-of-conduct")
    assert points_of(harassment, "severity") > points_of(conduct, "severity")
    assert rank_of(harassment) < rank_of(conduct)


@pytest.mark.parametrize("code", ["minors-sexual-content", "children-data", "self-harm"])
def test_children_and_lives_come_before_what_is_old_and_overdue(code, report, discussion, repository, pass_time):
    """C6: the highest priority, also in the hour before their own deadline."""
    old = report(repository, "malware")
    due.expect(old, Deadline.Kind.INTERIM_REVIEW, clock.now() + timedelta(hours=24))
    pass_time(timedelta(days=60))
    recompute(old)
    assert points_of(old, "overdue")
    assert rank_of(report(discussion, code)) < rank_of(old)


def test_a_more_severe_report_raises_the_case(report, discussion, make_user):
    case = report(discussion, "code-of-conduct")
    before = rank_of(case)
    assert report(discussion, "hate-speech", by=make_user("ada")) == case
    assert rank_of(case) < before
    assert Case.objects.get().clause.code == "hate-speech"


@pytest.mark.parametrize("code", ["hate-speech", "code-of-conduct"])
def test_a_report_that_joins_changes_the_case_once(code, report, discussion, make_user):
    report(discussion, "harassment")
    ada = make_user("ada")
    with CaptureQueriesContext(connection) as asked:
        case = report(discussion, code, by=ada)
    assert sum('UPDATE "cases_case"' in query["sql"] for query in asked) == 1
    case = Case.objects.get(pk=case.pk)
    assert (case.report_count, case.event_count) == (2, 2)
    assert priority.recompute(case, clock.now()) == (), "the priority is that of the facts in the database"


def test_a_less_severe_report_does_not_lower_it(report, discussion, make_user):
    case = report(discussion, "hate-speech")
    report(discussion, "code-of-conduct", by=make_user("ada"))
    assert Case.objects.get(pk=case.pk).clause.code == "hate-speech"


def test_a_report_that_asks_for_an_earlier_lane_does_not_lower_it(report, repository, moderator, make_user):
    """A lane gives at least what every later one gives: here rights claims come before experienced eyes."""
    case = report(repository, "harassment")
    escalate(case, Lane.objects.get(code="senior"), reason="Somebody with experience should look.", actor=moderator)
    before = Case.objects.get(pk=case.pk)
    assert report(repository, "third-party-rights", by=make_user("ada")) == case
    after = Case.objects.select_related("lane").get(pk=case.pk)
    assert after.lane.code == "rights"
    assert after.points >= before.points
    assert points_of(case, "lane") == 20


def test_a_higher_score_comes_first(many_cases, score):
    low, high = many_cases(2)
    score(low, value=0.2)
    score(high, value=0.9)
    assert points_of(high, "score") == pytest.approx(points_of(low, "score") * 4.5)
    recompute(low)
    recompute(high)
    assert rank_of(high) < rank_of(low)


def test_the_highest_label_counts(case, score):
    score(case, "spam", 0.2)
    score(case, "toxicity", 0.7)
    assert points_of(case, "score") == pytest.approx(28)


def test_more_reporters_weigh_more_but_not_without_end(case, report, make_user):
    found = [points_of(case, "reporters")]
    for number in range(4):
        report(case.subject.target, by=make_user(f"voice-{number}"))
        found.append(points_of(case, "reporters"))
    assert found == sorted(found)
    assert len(set(found)) == 5
    assert found[-1] <= 40


def test_the_same_reporter_twice_is_one(report, discussion, reporter):
    case = report(discussion, "harassment")
    before = points_of(case, "reporters")
    report(discussion, "spam")
    assert points_of(case, "reporters") == before


@pytest.mark.parametrize(("upheld", "more"), [(True, True), (False, False)])
def test_reliable_reporters_weigh_more(many_cases, moderator, upheld, more):
    *earlier, case = many_cases(6)
    before = points_of(case, "reporters")
    reports = list(Report.objects.filter(case_report__case__in=earlier))
    close_reports(reports, upheld=upheld, at=clock.now(), actor=moderator)
    assert (points_of(case, "reporters") > before) is more


def test_reach_weighs_more_but_not_without_end(case, repository):
    before = points_of(case, "reach")
    Repository.objects.update(likes=1_000, downloads=50_000)
    assert points_of(case, "reach") > before
    Repository.objects.update(likes=10**9, downloads=10**12)
    assert points_of(case, "reach") == 20


def test_an_interim_measure_raises_and_an_overdue_review_tops_everything(case):
    before = rank_of(case)
    Case.objects.update(due_at=clock.now() + timedelta(hours=24))
    recompute(case)
    waiting = rank_of(case)
    Case.objects.update(due_at=clock.now() - timedelta(seconds=1))
    recompute(case)
    assert rank_of(case) + 900 < waiting < before
    assert points_of(case, "overdue") == 1000


def test_waiting_weighs_more_and_moves_no_row(many_cases, pass_time):
    (older,) = many_cases(1)
    rank = rank_of(older)
    pass_time(timedelta(hours=10))
    assert points_of(older, "waiting") == pytest.approx(5, abs=0.01)
    assert rank_of(older) == rank
    (newer,) = many_cases(1)
    assert rank_of(older) < rank_of(newer)
    recompute(older)
    assert rank_of(older) == pytest.approx(rank)


def test_the_terms_add_up_to_what_the_queue_shows(case, score, pass_time):
    score(case)
    now = pass_time(timedelta(hours=3))
    recompute(case)
    fresh = Case.objects.get(pk=case.pk)
    assert sum(point.points for point in explain(fresh, now)) == pytest.approx(present_points(fresh, now), abs=1e-6)


def test_scoring_moves_the_priority_but_not_the_version(case):
    from moderation.automation.pipeline import score_pending

    before = Case.objects.get(pk=case.pk)
    score_pending()
    after = Case.objects.get(pk=case.pk)
    assert after.rank < before.rank
    assert after.version == before.version
