"""Owner, moderator and workers at the same instant: what is done is noticed once, and nobody waits crosswise (L3)."""

from moderation.cases.actions import MeasureOrder, RequestOrder, decide, request_of_owner
from moderation.cases.conditions import check_conditions
from moderation.cases.models import Case, Event
from moderation.sanctions.models import Measure
from repositories.actions import change_settings
from tests.cases.test_lock_order import at_once
from tests.conftest import concurrent

pytestmark = concurrent
WORDS = "It repeats insults from its data."


def test_two_workers_a_decision_and_the_owner(report, repository, owner, moderator):
    case = report(repository, "spam")
    request_of_owner(case, orders=[RequestOrder("request_gating")], text=WORDS, actor=moderator)
    case.refresh_from_db()
    results = at_once(
        lambda: change_settings(repository, gating="manual", actor=owner),
        check_conditions,
        check_conditions,
        lambda: decide(
            Case.objects.get(pk=case.pk), actor=moderator, version=case.version, outcome="no_violation",
            explanation="We looked at the card again: it is fine.",
        ),
    )  # fmt: skip
    check_conditions()
    assert not [one for one in results[:3] if isinstance(one, Exception)]
    # Either the decision came first and nobody asks any more, or it is refused because it was done meanwhile.
    met = Event.objects.filter(kind="request.met").count()
    decided = not isinstance(results[3], Exception)
    assert met == 1 or (decided and met == 0)
    assert Measure.objects.standing().exists() == (not decided)


def test_measures_end_once_whoever_notices(report, repository, owner, moderator, clause):
    case = report(repository, "spam")
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("spam"), explanation=WORDS,
        measures=[MeasureOrder("downgrade", until_done="gated"), MeasureOrder("nfaa")], conditions=["gated"],
    )  # fmt: skip
    change_settings(repository, gating="auto", actor=owner)
    results = at_once(check_conditions, check_conditions, check_conditions)
    check_conditions()
    assert not [one for one in results if isinstance(one, Exception)]
    assert Event.objects.filter(kind="measure.lifted").count() == 1
    assert list(Measure.objects.standing().values_list("kind", flat=True)) == ["nfaa"]
