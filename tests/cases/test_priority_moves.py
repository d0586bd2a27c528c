"""Whatever a priority depends on: when it changes, the cases it concerns are computed again (D4)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection

from accounts.actions import create_organization, join_organization
from community.actions import add_comment
from foundation import clock
from foundation.errors import Forbidden
from foundation.models import Change
from moderation.cases import reprioritise, weights
from moderation.cases.actions import (
    StaleDecision,
    ask_owner,
    change_weights,
    claim,
    claim_next,
    decide,
    receive_report,
)
from moderation.cases.actions.changed_reports import withdraw_own_report
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case, Formula, Reranking
from moderation.cases.priority import explain, update_priorities
from moderation.cases.reprioritise import watch_reach, work_through
from moderation.policy.models import Clause, Lane
from moderation.reports.models import Report
from repositories.actions.activity import like
from repositories.actions.move import move_repository
from repositories.models import Repository
from tests.conftest import concurrent


@pytest.fixture(autouse=True)
def _weights_of_this_test():
    weights.forget()
    yield
    weights.forget()


class Killed(BaseException):
    """What ends a process, and nothing catches."""


def points(case: Case) -> float:
    return Case.objects.values_list("points", flat=True).get(pk=case.pk)


def term(case: Case, code: str) -> float:
    return sum(point.points for point in explain(Case.objects.get(pk=case.pk), clock.now()) if point.code == code)


def settled(case: Case) -> bool:
    """Whether the stored points are what the formula gives now, and computing again changes nothing."""
    fresh = Case.objects.get(pk=case.pk)
    terms = [point.points for point in explain(fresh, clock.now()) if point.code != "waiting"]
    work_through()
    return fresh.points == pytest.approx(sum(terms)) == pytest.approx(points(case))


def changed_in_admin(client, what, **values) -> None:
    """Change a clause or lane on its page in the admin, as the browser sends it."""
    name = type(what).__name__.lower()
    address = f"/admin/policy/{name}/{what.pk}/change/"
    form = client.get(address).context["adminform"].form
    data = {key: form[key].value() for key in form.fields if form[key].value() not in (None, False)}
    for key in ("default_measures", "automation"):
        if key in data and isinstance(data[key], list):
            data[key] = ",".join(data[key])
    answer = client.post(address, data | values)
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def new_weights(**changes: float) -> dict[str, float]:
    return dict(weights.newest().of) | changes


@pytest.mark.parametrize(("outcome", "more"), [("violation", True), ("no_violation", False)])
def test_a_decision_moves_what_its_reporters_reported_elsewhere(
    many_cases, moderator, report, make_user, clause, outcome, more
):
    from moderation.cases.actions import MeasureOrder

    decided, waiting = many_cases(2)
    before = points(waiting)
    violation = {"clause": clause("harassment"), "measures": [MeasureOrder("friendly_warning")]}
    decide(
        decided, actor=moderator, version=decided.version, outcome=outcome, explanation="We looked at it together.",
        **(violation if more else {}),
    )  # fmt: skip
    assert points(waiting) == before  # nobody who decides waits for this
    assert work_through() == 1
    assert (points(waiting) > before) is more
    assert points(waiting) != before
    assert settled(waiting)


def test_a_decision_moves_nobody_elses_cases(many_cases, comment, moderator, report, make_user, discussion, author):
    other = report(add_comment(discussion, text="And you too.", actor=author), by=make_user("somebody-else"))
    (decided,) = many_cases(1)
    before = Case.objects.get(pk=other.pk).ranked_at
    decide(decided, actor=moderator, version=decided.version, outcome="no_violation", explanation="A figure of speech.")
    work_through()
    assert Case.objects.get(pk=other.pk).ranked_at == before


def test_withdrawing_a_report_lowers_and_filing_another_raises(case, report, make_user, reporter):
    second = make_user("second")
    report(case.subject.target, by=second)
    with_two = points(case)
    withdraw_own_report(Report.objects.get(reporter=second), actor=second)
    with_one = points(case)
    assert with_one < with_two
    report(case.subject.target, by=make_user("third"))
    assert points(case) > with_one
    assert settled(case)


def test_a_clause_that_becomes_more_severe_raises_its_cases(sign_in, admin, case, report, repository):
    other = report(repository, "spam")
    before, untouched, severity = points(case), points(other), case.clause.severity
    changed_in_admin(sign_in(admin), Clause.objects.get(code="harassment"), severity=5)
    assert points(case) == before
    work_through()
    assert points(case) == pytest.approx(before + 8 * (5 - severity))
    assert points(other) == untouched
    assert settled(case)


def test_a_lane_gives_at_least_what_the_lanes_after_it_give(sign_in, admin, case):
    """So a report that brings a case into an earlier lane never lowers it; whichever lane changes, it follows."""
    Case.objects.update(lane=Lane.objects.get(code="rights"))
    legal = Lane.objects.get(code="legal")
    changed_in_admin(sign_in(admin), legal, points=60)
    work_through()
    assert settled(case)
    assert term(case, "lane") == 60
    changed_in_admin(sign_in(admin), legal, points=5)
    work_through()
    assert settled(case)
    assert term(case, "lane") == 20


def test_a_lane_that_gets_more_points_raises_its_cases_and_who_sees_it_follows(sign_in, admin, case, moderator):
    from django.contrib.auth.models import Group

    lane = Lane.objects.get(code="senior")
    Case.objects.update(lane=lane)
    changed_in_admin(sign_in(admin), lane, points=70)
    work_through()
    assert term(case, "lane") == 70
    assert settled(case)
    changed_in_admin(sign_in(admin), lane, points=70, group=Group.objects.get(name="Child safety").pk)
    work_through()
    assert Case.objects.get().reserved is True
    changed_in_admin(sign_in(admin), lane, points=70, group="")
    work_through()
    assert Case.objects.get().reserved is False


def test_other_changes_of_a_clause_compute_nothing(sign_in, admin, case):
    changed_in_admin(sign_in(admin), Clause.objects.get(code="harassment"), text="In plainer words.")
    assert not Change.objects.filter(kind="clause.changed").exists()


def test_new_weights_move_every_open_case(sign_in, admin, many_cases, moderator, pass_time):
    *waiting, done = many_cases(4)
    decide(done, actor=moderator, version=done.version, outcome="no_violation", explanation="A figure of speech.")
    work_through()
    before, decided_before = points(waiting[0]), points(done)
    client = sign_in(admin)
    page = client.get("/admin/cases/formula/add/")
    assert "a point of severity" in page.content.decode()
    assert client.post("/admin/cases/formula/add/", new_weights(severity=80)).status_code == 302
    assert Formula.objects.first().actor == admin
    assert term(waiting[0], "severity") == 80 * waiting[0].clause.severity
    assert points(waiting[0]) == before
    work_through()
    assert [points(case) for case in waiting] == pytest.approx([before + 72 * waiting[0].clause.severity] * 3)
    assert set(Case.objects.filter(state="open").values_list("formula", flat=True)) == {2}
    assert points(done) == decided_before
    assert client.get("/admin/cases/formula/").status_code == 200
    assert client.get(f"/admin/cases/formula/{Formula.objects.first().pk}/change/").status_code == 200


@pytest.mark.parametrize("value", ["", "-1", "nan", "inf", "1e999", "much", "10000000"])
def test_weights_that_make_no_sense_are_sent_back(sign_in, admin, value):
    answer = sign_in(admin).post("/admin/cases/formula/add/", {**new_weights(), "severity": value})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["severity"]
    assert Formula.objects.count() == 1


def test_the_same_weights_again_are_no_version(sign_in, admin):
    answer = sign_in(admin).post("/admin/cases/formula/add/", new_weights())
    assert "These are the weights in force" in answer.content.decode()


def test_only_administrators_change_weights(sign_in, moderator, make_user):
    staff = make_user("clerk", is_staff=True)
    assert sign_in(staff).get("/admin/cases/formula/add/").status_code == 403
    with pytest.raises(Forbidden):
        change_weights(new_weights(severity=9), actor=moderator)


def test_what_stood_before_is_changed_by_nobody(sign_in, admin):
    address = f"/admin/cases/formula/{Formula.objects.get().pk}"
    client = sign_in(admin)
    assert client.post(f"{address}/change/", new_weights()).status_code == 403
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_a_new_case_that_got_the_old_weights_is_found_later(admin, many_cases, pass_time):
    old = weights.weights()
    change_weights(new_weights(severity=20), actor=admin)
    weights._kept = (float("inf"), old)  # another process has not read them yet
    (late,) = many_cases(1)
    assert Case.objects.get(pk=late.pk).formula == 1
    Reranking.objects.filter(due_at__lte=clock.now()).update(done_at=clock.now())  # the first pass was before it
    pass_time(timedelta(seconds=30))
    work_through()
    assert Case.objects.get(pk=late.pk).formula == 2
    assert settled(late)


def test_a_pass_that_breaks_off_goes_on_where_it_was(admin, many_cases, monkeypatch, pass_time):
    cases = many_cases(7)
    monkeypatch.setattr(reprioritise, "BATCH", 2)
    change_weights(new_weights(severity=20), actor=admin)
    done: list[int] = []

    def breaks(rows, now):
        found = [row.pk for row in rows]
        if len(done) == 4:
            raise Killed
        done.extend(found)
        return compute(rows, now)

    compute = update_priorities
    monkeypatch.setattr(reprioritise, "update_priorities", breaks)
    with pytest.raises(Killed):
        work_through()
    monkeypatch.setattr(reprioritise, "update_priorities", compute)
    assert Case.objects.filter(formula=2).count() == 4
    pass_time(timedelta(minutes=5))
    work_through()
    assert [Case.objects.get(pk=case.pk).formula for case in cases] == [2] * 7


def test_a_deadline_that_passes_tops_everything(case, pass_time, report, reporter):
    before = points(case)
    from moderation.cases import due

    due.expect(Case.objects.get(pk=case.pk), "decide", clock.now() + timedelta(hours=1))
    report(case.subject.target, "spam")
    assert before + 15 <= points(case) < before + 1000
    pass_time(timedelta(hours=1, seconds=1))
    act_on_deadlines()
    assert points(case) >= before + 1015
    assert settled(case)


def test_the_end_of_the_owners_time_raises(report, repository, moderator, pass_time):
    case = report(repository, "misinformation" if Clause.objects.filter(code="misinformation").exists() else "spam")
    claim(case, actor=moderator)
    ask_owner(case, text="Please tell us what this is for.", actor=moderator)
    before = points(case)
    pass_time(timedelta(hours=73))
    act_on_deadlines()
    assert term(case, "window_over") == 10
    assert points(case) == before + 10
    assert settled(case)


def test_reach_that_moved_is_noticed_and_a_little_is_not(case, repository, make_user):
    before = points(case)
    Repository.objects.update(likes=1_000, downloads=100_000)
    watch_reach()
    watch_reach()
    assert Reranking.objects.filter(done_at=None).count() == 1
    work_through()
    assert points(case) > before
    assert settled(case)
    moved = Case.objects.get(pk=case.pk).ranked_at
    Repository.objects.update(likes=1_001)
    watch_reach()
    work_through()
    assert Case.objects.get(pk=case.pk).ranked_at == moved


def test_a_trend_raises_and_fades_by_itself(case, repository, make_user, pass_time):
    for number in range(12):
        like(repository, actor=make_user(f"fan-{number}"))
    watch_reach()
    work_through()
    risen = points(case)
    assert term(case, "trend") > 2
    assert settled(case)
    pass_time(timedelta(days=40))
    watch_reach()
    work_through()
    assert points(case) < risen
    assert settled(case)


def test_reach_looks_at_all_cases_in_batches(many_cases, monkeypatch, django_assert_max_num_queries):
    cases = many_cases(5)
    monkeypatch.setattr(reprioritise, "LOOKED_AT", 2)
    Repository.objects.update(likes=1_000)
    watch_reach()
    assert work_through() == 3
    assert len({points(case) for case in cases}) == 1
    assert all(settled(case) for case in cases)


def test_many_cases_cost_no_more_questions(many_cases, django_assert_num_queries):
    from moderation.cases.facts import facts_of_many

    cases, now = many_cases(6), clock.now()
    with django_assert_num_queries(1):
        facts = facts_of_many(cases, now)
    assert [facts[case.pk].reporters for case in cases] == [1] * 6


def test_a_repository_that_moves_is_not_for_its_new_owner_to_decide(
    sign_in, moderator, other_moderator, owner, make_repository, report
):
    lab = create_organization("mekong-lab", actor=owner)
    repository = make_repository("moving")
    case = report(repository, "spam")
    assert Case.objects.get().author == owner
    move_repository(repository, namespace=lab.namespace, name="moving", actor=owner)
    join_organization(moderator, lab, role="read", actor=owner)
    work_through()
    moved = Case.objects.get()
    assert (moved.author, moved.organization) == (None, lab)
    assert claim_next(actor=moderator) is None
    with pytest.raises(Forbidden):
        claim(case, actor=moderator)
    assert claim_next(actor=other_moderator) == case


def test_the_page_shows_every_term_with_its_weight(sign_in, moderator, claimed_case):
    page = sign_in(moderator).get(claimed_case.get_absolute_url()).content.decode()
    assert "weight 8" in page
    assert "weight 10, at most 40" in page
    assert "version 1 of the weights" in page


@concurrent
def test_computing_many_crosses_nobody(discussion, author, reporter, make_user, admin):
    """Reports come in, cases are decided and weights change at once: nothing waits for ever, and all comes right."""
    comments = [add_comment(discussion, text=f"Idiot number {number}!", actor=author) for number in range(8)]
    harassment = Clause.objects.get(code="harassment")
    for comment in comments:
        receive_report(comment, clause=harassment, text="Rude.", actor=reporter)
    people = [make_user(f"voice-{number}") for number in range(3)]
    mod = make_user("mod", moderator=True)
    together = threading.Barrier(4)

    def at_once(act):
        def run():
            together.wait()
            try:
                act()
            finally:
                connection.close()

        return run

    def report_all():
        for comment in reversed(comments):
            for person in people:
                receive_report(comment, clause=harassment, text="Rude.", actor=person)

    def decide_some():
        for case in Case.objects.filter(subject__comment__in=comments[:3]).order_by("-pk"):
            while True:
                fresh = Case.objects.get(pk=case.pk)
                with suppress(StaleDecision):  # a report came in meanwhile
                    words = "A figure of speech."
                    decide(fresh, actor=mod, version=fresh.version, outcome="no_violation", explanation=words)
                    break

    def change():
        for severity in (9, 10, 11):
            change_weights(new_weights(severity=severity), actor=admin)
            work_through()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(at_once(act)) for act in (report_all, decide_some, change, work_through)]:
            done.result(timeout=60)
    Reranking.objects.update(due_at=clock.now())
    work_through()
    assert set(Case.objects.filter(state="open").values_list("formula", flat=True)) == {4}
    assert all(settled(case) for case in Case.objects.filter(state="open"))
