"""What was locked away and is reported again, or decided at once: never an open word, never empty evidence (C9)."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from accounts.queries import system_actor
from moderation.cases.actions import claim, decide
from moderation.cases.actions.direct import decide_directly
from moderation.cases.actions.evidence import destroy_evidence
from moderation.cases.actions.orders import MeasureOrder
from moderation.cases.models import Case
from moderation.cases.verify import find_faults
from moderation.policy.models import Clause, Lane
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.scoring.models import ScoreRequest
from moderation.subjects import quarantine
from moderation.subjects.models import Quarantine, Snapshot

SECRET = "zirkonfalke"
WORDS = f"A harmless sentence with the word {SECRET} in it, long enough to be one."


@pytest.fixture
def minors(db):
    return Clause.objects.get(code="minors-sexual-content")


@pytest.fixture
def guardian(make_user):
    person = make_user("gwen", moderator=True)
    Lane.objects.get(code="minors").group.user_set.add(person)
    return person


@pytest.fixture
def told(written):
    return written(WORDS)


@pytest.fixture
def found_so(report, told, guardian, minors):
    """It was reported, and decided to be so: its words stay locked away."""
    case = claim(report(told, minors.code), actor=guardian)
    decide(case, actor=guardian, version=case.version, outcome="violation", clause=minors,
           explanation="It is so, sadly.", measures=[MeasureOrder("hold")])  # fmt: skip
    Case.objects.update(state="decided")
    Report.objects.update(state="upheld")
    return case


def stored() -> str:
    return str([*Snapshot.objects.values_list("title", "text"), *Report.objects.values_list("passage", "text")])


def test_what_was_destroyed_and_is_there_again_is_evidence_again(found_so, told, report, make_user, minors, pass_time):
    pass_time(django_settings.QUARANTINE_FOR + timedelta(days=1))
    assert destroy_evidence() == 1
    report(told, minors.code, by=make_user("another"))
    row = Quarantine.objects.get()
    assert (quarantine.open_words(Snapshot.objects.get()).text, row.done_at) == (WORDS, None)
    assert SECRET not in stored()
    assert list(find_faults()) == []


def test_what_was_destroyed_stays_so_where_something_else_is_there_now(
    found_so, told, report, make_user, minors, pass_time
):
    pass_time(django_settings.QUARANTINE_FOR + timedelta(days=1))
    assert destroy_evidence() == 1
    told.versions.update(text="Something else altogether.")
    report(told, minors.code, by=make_user("another"))
    first, second = Snapshot.objects.order_by("pk")
    assert bytes(first.quarantine.ciphertext) == b""
    assert quarantine.open_words(second).text == "Something else altogether."


def test_reported_for_something_else_it_lies_with_the_people_of_its_lane(found_so, told, report, make_user, minors):
    case = report(told, "spam", by=make_user("another"))
    assert (case.lane, case.state) == (minors.lane, "open")
    assert SECRET not in stored()
    assert quarantine.open_words(Snapshot.objects.get()).text == WORDS


@pytest.mark.parametrize("danger", [False, True])
def test_the_same_when_its_words_were_destroyed_meanwhile(found_so, told, report, make_user, minors, pass_time, danger):
    pass_time(django_settings.QUARANTINE_FOR + timedelta(days=1))
    assert destroy_evidence() == 1
    case = report(told, "spam", by=make_user("another"), details=Details(danger=danger))
    assert (case.lane, case.state) == (minors.lane, "open")
    assert case.due_at == Report.objects.latest("pk").noticed_at + minors.lane.decide_within
    assert SECRET not in stored()
    assert quarantine.open_words(Snapshot.objects.get()).text == WORDS
    assert not ScoreRequest.objects.filter(done_at=None).exists()
    assert not case.decisions.exists()


def test_without_such_a_lane_they_stay_locked_away(found_so, told, report, make_user, minors):
    Lane.objects.update(sealed=False)
    case = report(told, "spam", by=make_user("another"))
    assert case.lane is None
    assert SECRET not in stored()


def test_what_changed_since_is_locked_away_when_an_operator_decides_at_once(found_so, told):
    told.versions.update(text=f"Another {SECRET}.")
    decide_directly(
        told, kind="friendly_warning", clause=Clause.objects.get(code="spam"), reason="It advertises.",
        actor=system_actor(),
    )  # fmt: skip
    assert SECRET not in stored()
    assert Snapshot.objects.filter(sealed=True).count() == 2


def test_an_operator_who_decides_under_its_clause_locks_it_away(told, minors):
    decision = decide_directly(told, kind="hold", clause=minors, reason="It is so, sadly.", actor=system_actor())
    assert decision.case.lane == minors.lane
    assert Snapshot.objects.get().sealed
    assert SECRET not in stored()
