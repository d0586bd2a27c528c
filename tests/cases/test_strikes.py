"""Strikes: violations of a person that one of us decided and that stand; the ladder reads them (F4)."""

from datetime import timedelta

import pytest

from accounts.queries import system_actor
from community.actions import add_comment
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import MeasureOrder, claim, decide
from moderation.cases.actions.bulk import Chosen, decide_together
from moderation.cases.actions.reopen import reopen
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Case, Event
from moderation.cases.strikes import advice, strikes_of
from tests.reports.steps import WORDS, case_of, decided, reported


@pytest.fixture
def strike(discussion, author, reporter, moderator, pass_time):
    """strike("posting_ban"): another comment of the author is reported and found to break the rules."""

    def found(*kinds, clause="spam", **changes):
        pass_time(timedelta(minutes=1))
        comment = add_comment(discussion, text="Buy this.", actor=author)
        return decided(case_of(reported(comment, reporter, clause)), moderator, *kinds, clause=clause, **changes)

    return found


@pytest.fixture
def next_case(discussion, author, reporter):
    def made():
        return case_of(reported(add_comment(discussion, text="And this.", actor=author), reporter, "spam"))

    return made


def test_none_without_a_violation(strike, author, moderator):
    strike()
    assert strikes_of(author, moderator) == []


def test_each_violation_counts_with_its_age_severity_and_outcome(strike, author, moderator):
    first = strike("friendly_warning")
    second = strike("hide_comment", "friendly_warning", clause="harassment")
    found = [(one.at, one.severity, one.measures) for one in strikes_of(author, moderator)]
    assert found == [
        (first.decided_at, 2, ("friendly_warning",)),
        (second.decided_at, 4, ("friendly_warning", "hide_comment")),
    ]


def test_it_grows_old(strike, author, moderator, pass_time):
    strike("friendly_warning")
    pass_time(timedelta(days=180))
    assert strikes_of(author, moderator) == []


def test_one_that_is_taken_back_is_void(strike, author, moderator):
    undo_decision(strike("friendly_warning"), actor=moderator, reason="We mistook a quote for words of theirs.")
    assert strikes_of(author, moderator) == []


def test_one_that_an_appeal_overturned_is_void(strike, author, moderator, make_user):
    appeal = file_appeal(strike("friendly_warning"), text="It was a quote, look again.", actor=author)
    decide_appeal(
        appeal, state="upheld", answer="You are right, it was a quote.", actor=make_user("third", moderator=True)
    )
    assert strikes_of(author, moderator) == []


@pytest.fixture
def anew(moderator, clause):
    """anew(decision, "limit_reached"): the case is opened again and decided anew; without kinds "no violation"."""

    def made(decision, *kinds):
        reopen(Case.objects.get(pk=decision.case_id), reason="We have to look again.", actor=moderator)
        orders = [MeasureOrder(one, consequences=("hide",) if one == "limit_reached" else ()) for one in kinds]
        row = Case.objects.get(pk=decision.case_id)
        return decide(
            row, actor=moderator, version=row.version, outcome="violation" if kinds else "no_violation",
            clause=clause("spam") if kinds else None, measures=orders, explanation=WORDS,
        )  # fmt: skip

    return made


def test_decided_anew_it_is_one_strike_as_decided_last_on_desk_and_page(
    strike, anew, author, moderator, sign_in, pass_time
):
    """What the ladder counts and what the person reads under “Warnings” are the same decisions (F4, G1)."""
    kept, gone = strike("friendly_warning"), strike("friendly_warning")
    pass_time(timedelta(days=5))
    last = anew(kept, "limit_reached", "friendly_warning")
    anew(gone)
    assert [(one.at, one.measures) for one in strikes_of(author, moderator)] == [
        (last.decided_at, ("friendly_warning", "hide_comment", "limit_reached"))
    ]
    page = sign_in(author).get("/standing")
    assert sorted((one.line.measure.kind, one.since) for one in page.context["standing"].warnings) == [
        ("friendly_warning", last.decided_at), ("limit_reached", last.decided_at)
    ]  # fmt: skip
    assert "Each case counts once, as we decided it last." in page.content.decode()
    # Taken back, it is as it was before, with the one decision that stands.
    undo_decision(last, actor=moderator, reason="We mistook a quote for words of theirs.")
    (again,) = sign_in(author).get("/standing").context["standing"].warnings
    assert (again.line.measure.kind, again.counts_until) == ("friendly_warning", kept.decided_at + timedelta(days=30))
    assert [one.at for one in strikes_of(author, moderator)] == [kept.decided_at]


def test_a_ban_that_was_lifted_is_no_ban_before(strike, author, moderator, make_user):
    decision = strike("friendly_warning", "posting_ban")
    ban = decision.measures.get(kind="posting_ban")
    appeal = file_appeal(decision, text="Two days are far too much for this.", actor=author)
    decide_appeal(
        appeal, state="partly", answer="You are right about the ban.", lift=[ban.public_id],
        actor=make_user("third", moderator=True),
    )  # fmt: skip
    assert [one.measures for one in strikes_of(author, moderator)] == [("friendly_warning",)]


def test_a_rule_strikes_nobody(author, reporter, moderator, next_case, clause):
    case = next_case()
    decide(
        case, actor=system_actor(), version=case.version, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("posting_ban")], explanation="A rule found adverts.", interim=True,
    )  # fmt: skip
    assert strikes_of(author, moderator) == []


def test_three_queries_however_many(strike, author, moderator, django_assert_max_num_queries):
    for _ in range(3):
        strike("friendly_warning")
    with django_assert_max_num_queries(3):
        assert len(strikes_of(author, moderator)) == 3


def test_page_and_api_say_what_is_suggested_and_why(strike, next_case, moderator, sign_in):
    from rest_framework.test import APIClient

    from accounts.actions import create_token

    strike("friendly_warning")
    case = claim(next_case(), actor=moderator)
    page = sign_in(moderator).get(f"/cases/{case.public_id}").content.decode()
    assert "The second within 30 days." in page
    client = APIClient()
    token = create_token(moderator, scope="moderate", actor=moderator)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    answer = client.get(f"/api/v1/cases/{case.public_id}/options").json()
    assert answer["ladder"] == {"kind": "limit_reached", "sentence": "The second within 30 days."}


def test_nobody_at_risk_is_advised_about(next_case, moderator):
    case = next_case()
    case.at_risk = True
    assert advice(case, moderator) is None


@pytest.mark.parametrize(("chosen", "noted"), [("deactivate", "friendly_warning"), ("friendly_warning", None)])
def test_a_departure_is_noted_and_not_forbidden(next_case, moderator, sign_in, chosen, noted, make_user):
    case = claim(next_case(), actor=moderator)
    data = {
        "version": case.version, "request_id": str(case.public_id), "outcome": "violation", "clause": "spam",
        "measures": [chosen], "explanation": "You advertise a shop in this thread.",
    }  # fmt: skip
    assert sign_in(moderator).post(f"/cases/{case.public_id}/decide", data).status_code == 303
    assert Event.objects.get(case=case, kind="case.decided").data.get("off_ladder") == noted


def test_a_departure_of_many_is_noted_for_each_and_the_public_account_counts_them(
    strike, next_case, moderator, clause, client, pass_time
):
    strike("friendly_warning")
    bulk = decide_together(
        [Chosen(one, one.version) for one in (next_case(), next_case())], actor=moderator, outcome="violation",
        clause=clause("spam"), measures=[MeasureOrder("friendly_warning")], explanation="You advertise a shop here.",
    )  # fmt: skip
    assert [one.event.data.get("off_ladder") for one in bulk.decisions.order_by("pk")] == ["limit_reached"] * 2
    pass_time(timedelta(days=40))
    month = f"{bulk.created_at:%Y-%m}"
    found = client.get(f"/transparency?from={month}&to={month}&format=json").json()["departures"]
    assert found == {"sanctions": 3, "ladder": 2, "precedents": 0}
    assert "Another sanction than suggested" in client.get(f"/transparency?from={month}&to={month}").content.decode()
