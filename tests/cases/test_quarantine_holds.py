"""What was found to be of a sealed clause stays with its people, through every other case about the same (C9)."""

import uuid

import pytest
from django.urls import reverse

from foundation.errors import Refused
from moderation.appeals.actions import file_appeal
from moderation.cases.actions import MeasureOrder, claim, decide
from moderation.cases.actions.changed_reports import change_own_report
from moderation.cases.actions.evidence import keep_evidence, open_evidence
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.policy.models import Clause, Lane
from moderation.reports.models import Report, ReportVersion
from moderation.sanctions.models import Measure
from moderation.subjects.models import Quarantine, Snapshot
from repositories.actions import commit

SECRET = "zirkonfalke"
WORDS = f"A harmless sentence with the word {SECRET} in it, long enough to be one."
MINORS = "minors-sexual-content"


@pytest.fixture
def guardian(make_user):
    person = make_user("gwen", moderator=True)
    Lane.objects.get(code="minors").group.user_set.add(person)
    return person


@pytest.fixture
def told(written):
    return written(WORDS)


def judge(case, actor, code, *kinds):
    row = Case.objects.get(pk=case.pk)
    return decide(
        row, actor=actor, version=row.version, outcome="violation" if kinds else "no_violation",
        clause=Clause.objects.get(code=code) if kinds else None, measures=[MeasureOrder(kind) for kind in kinds],
        explanation="We looked at it, and it is so.",
    )  # fmt: skip


@pytest.fixture
def found_so(report, told, guardian):
    """A case that was decided to be so: the hold stands, the words stay locked away."""
    case = report(told, MINORS)
    judge(case, guardian, MINORS, "hold")
    return Case.objects.get(pk=case.pk)


def passages() -> str:
    return str([*Report.objects.values_list("passage"), *ReportVersion.objects.values_list("passage")])


def test_what_a_report_quotes_after_it_was_changed_is_locked_away(report, told, make_user, guardian):
    early = make_user("early")
    report(told, "spam", by=early)
    case = report(told, MINORS)
    mine = Report.objects.get(reporter=early)
    change_own_report(mine, text="Other words, longer.", passage=f"word {SECRET}", actor=early)
    change_own_report(mine, text="Other words, longer.", passage=f"the word {SECRET}", actor=early)
    assert SECRET not in passages()
    judge(case, guardian, "")
    assert Report.objects.get(reporter=early).passage == f"the word {SECRET}"


def test_a_decision_that_it_is_so_does_not_show_it_again(report, told, guardian):
    case = claim(report(told, MINORS), actor=guardian)
    with pytest.raises(Refused, match="hold"):
        judge(case, guardian, MINORS, "friendly_warning")
    told.refresh_from_db()
    assert (told.hidden, told.text) == (True, "")


def test_a_decision_that_it_is_something_else_may_show_it(report, told, guardian):
    case = claim(report(told, MINORS), actor=guardian)
    judge(case, guardian, "spam", "friendly_warning")
    told.refresh_from_db()
    assert told.text == WORDS


def test_a_report_of_something_else_is_for_the_same_people(make_repository, report, guardian, moderator, make_user):
    repository = make_repository("known", card=f"# About {SECRET}\n")
    judge(report(repository, MINORS), guardian, MINORS, "hold")
    # Another revision of the same card: a snapshot of its own.
    commit(repository, {"notes.txt": b"Hello"}, actor=repository.namespace.user, message="Another file")
    repository.refresh_from_db()
    case = report(repository, "spam", by=make_user("late"))
    assert Snapshot.objects.count() == 2
    assert SECRET not in str(list(Snapshot.objects.values_list("title", "text")))
    assert not open_to(Case.objects.filter(pk=case.pk), moderator).exists()
    assert open_to(Case.objects.filter(pk=case.pk), guardian).exists()


def test_another_case_about_it_releases_nothing(found_so, told, report, make_user, guardian):
    case = report(told, "spam", by=make_user("late"))
    judge(case, guardian, "")
    assert Snapshot.objects.get().sealed


def test_taken_up_again_and_found_to_be_nothing_it_is_released(found_so, guardian):
    from moderation.cases.actions import reopen

    reopen(found_so, reason="The authorities say that it is nothing.", actor=guardian)
    judge(found_so, guardian, "")
    assert Snapshot.objects.get().text == WORDS


def test_an_older_case_about_it_opens_and_keeps_nothing(report, told, guardian, moderator, make_user, sign_in):
    old = report(told, "spam", by=make_user("early"))
    judge(old, moderator, "")
    case = report(told, MINORS)
    keep_evidence(case, True, reason="The court of Example, 12 C 34/26.", actor=guardian)
    sent = {"keep": "", "reason": "Nobody needs it any more."}
    sign_in(moderator).post(reverse("cases:keep_locked", args=[old.public_id]), sent)
    with pytest.raises(Refused):
        keep_evidence(old, False, reason="Nobody needs it any more.", actor=moderator)
    assert Quarantine.objects.get().legal_hold
    with pytest.raises(Refused):
        open_evidence(
            old, Snapshot.objects.get(), reason="I would like to see it.", request_id=uuid.uuid4(), actor=moderator
        )


def test_an_appeal_that_joins_an_open_one_takes_it_along(report, told, guardian, author, moderator, make_user):
    first = judge(report(told, "spam", by=make_user("early")), moderator, "spam", "friendly_warning")
    open_one = claim(file_appeal(first, text="There is nothing wrong with it.", actor=author).case, actor=guardian)
    Case.objects.filter(pk=open_one.pk).update(assignee=moderator)
    second = judge(report(told, MINORS), guardian, MINORS, "hold")
    joined = Case.objects.get(pk=file_appeal(second, text=f"It is only a {SECRET}.", actor=author).case_id)
    assert joined == open_one
    assert (joined.lane.code, joined.reserved, joined.assignee) == ("minors", True, None)
    assert not open_to(Case.objects.filter(pk=joined.pk), moderator).exists()


def test_the_hold_of_it_stands_as_a_measure(found_so):
    assert Measure.objects.standing().filter(kind="hold", interim=False).exists()
