"""Who was asked for something only, or for a short time, was not heard by that (D2, E1)."""

from datetime import timedelta

import pytest

from moderation.cases.actions import (
    MeasureOrder,
    OwnerNotHeard,
    RequestOrder,
    answer,
    ask_owner,
    claim,
    decide,
    lift_measure,
    request_of_owner,
)
from moderation.cases.clocks import State
from moderation.cases.conditions import check_conditions
from moderation.cases.models import Case, Party
from moderation.cases.queries import ready
from moderation.cases.related import clock_of
from moderation.sanctions.models import Measure
from repositories.actions import change_settings

WORDS = "The dataset repeats insults, and nothing warns of it."
HOUR = timedelta(hours=1)


@pytest.fixture
def moderated(report, repository) -> Case:
    return report(repository, "toxic-speech-artifacts")


@pytest.fixture
def ask(moderated, moderator):
    def asked(*kinds: str, within: timedelta | None = None) -> list[Measure]:
        orders = [RequestOrder(kind) for kind in kinds]
        return request_of_owner(moderated, orders=orders, actor=moderator, text=WORDS, within=within)

    return asked


@pytest.fixture
def restrict(moderated, moderator, clause):
    def decided():
        moderated.refresh_from_db()
        return decide(
            moderated, actor=moderator, version=moderated.version, outcome="violation",
            clause=clause("toxic-speech-artifacts"), measures=[MeasureOrder("downgrade")], explanation=WORDS,
            insufficient="The card would have to name what cannot be named.",
        )  # fmt: skip

    return decided


@pytest.fixture
def withdraw(moderator):
    return lambda measure: lift_measure(measure, reason="You explained why it is not needed.", actor=moderator)


@pytest.fixture
def party(moderated):
    return lambda: Party.objects.get(case=moderated, role="owner")


def test_a_withdrawn_request_was_never_asked(ask, withdraw, restrict, party, pass_time, moderated):
    (measure,) = ask("request_gating")
    withdraw(measure)
    now = pass_time(100 * HOUR)
    assert clock_of(party()).state(now) == State.UNASKED
    assert ready(Case.objects.filter(pk=moderated.pk)).exists()
    with pytest.raises(OwnerNotHeard, match="has not been asked"):
        restrict()


@pytest.mark.parametrize("first", ["question", "request"])
def test_a_question_beside_it_stays_asked(first, ask, withdraw, restrict, party, moderated, moderator, pass_time):
    if first == "question":
        ask_owner(moderated, text="What is it for?", actor=moderator)
        began = pass_time(10 * HOUR) - 10 * HOUR
        (measure,) = ask("request_gating")
    else:
        (measure,) = ask("request_gating")
        began = pass_time(10 * HOUR)
        ask_owner(moderated, text="What is it for?", actor=moderator)
    withdraw(measure)
    assert party().answer_until == pytest.approx(began + 72 * HOUR, abs=timedelta(seconds=20))
    with pytest.raises(OwnerNotHeard, match="still has time"):
        restrict()
    pass_time(73 * HOUR)
    assert restrict().measures.count() == 1


def test_a_question_that_was_answered_stays_so(ask, withdraw, restrict, party, moderated, moderator, owner):
    ask_owner(moderated, text="What is it for?", actor=moderator)
    answer(party(), text="For research on moderation.", actor=owner)
    (measure,) = ask("request_gating")
    with pytest.raises(OwnerNotHeard, match="still has time"):
        restrict()
    withdraw(measure)
    assert restrict().measures.count() == 1


def test_whoever_did_the_rest_was_heard(ask, withdraw, restrict, repository, owner):
    _gating, measure = ask("request_gating", "request_documentation")
    change_settings(repository, gating="manual", actor=owner)
    check_conditions()
    withdraw(measure)
    assert restrict().measures.count() == 1


def test_a_short_time_does_not_shorten_the_hours_of_the_owner(ask, restrict, moderated, moderator, pass_time, sign_in):
    ask("request_gating", within=HOUR)
    pass_time(2 * HOUR)
    assert ready(Case.objects.filter(pk=moderated.pk)).exists()
    with pytest.raises(OwnerNotHeard, match="less time"):
        restrict()
    claim(moderated, actor=moderator)
    page = sign_in(moderator).get(moderated.get_absolute_url()).content.decode()
    assert 'name="override"' in page
    assert "<strong>we may act alone.</strong>" not in page
    assert "Without an answer we may act alone from" in page
    pass_time(70 * HOUR + timedelta(minutes=1))
    assert "<strong>we may act alone.</strong>" in sign_in(moderator).get(moderated.get_absolute_url()).content.decode()
    assert restrict().measures.count() == 1


def test_withdrawn_after_a_short_time_it_was_never_asked(ask, withdraw, restrict, pass_time):
    (measure,) = ask("request_gating", within=HOUR)
    pass_time(2 * HOUR)
    withdraw(measure)
    pass_time(100 * HOUR)
    with pytest.raises(OwnerNotHeard, match="has not been asked"):
        restrict()


@pytest.mark.parametrize("hours", [0.5, 2], ids=["in time", "late"])
def test_an_answer_is_being_heard(hours, ask, restrict, party, owner, pass_time):
    ask("request_gating", within=HOUR)
    pass_time(hours * HOUR)
    answer(party(), text="I would rather not, and this is why.", actor=owner)
    assert restrict().measures.count() == 1
