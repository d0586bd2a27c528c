"""Deciding a case: what is required, what is refused, what holds afterwards (D1, D4)."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import InboxMessage, User
from accounts.posting import standing_restriction
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import MeasureOrder, StaleDecision, claim, decide
from moderation.cases.actions.free import ClaimedByOther
from moderation.cases.events import words
from moderation.cases.models import Case, Decision, Event
from moderation.sanctions.models import Measure, StatementOfReasons
from tests.conftest import concurrent

WORDS = "You called people idiots and told them to shut up."


def violation(clause, *kinds: str) -> dict:
    """What a decision of a violation takes, but for actor and version."""
    return {
        "outcome": "violation",
        "clause": clause("harassment"),
        "measures": [MeasureOrder(kind) for kind in kinds],
        "explanation": WORDS,
    }


def test_a_decision_closes_the_case_and_keeps_its_words(claimed_case, moderator, clause):
    decision = decide(claimed_case, actor=moderator, version=claimed_case.version, **violation(clause, "posting_ban"))
    assert (claimed_case.state, claimed_case.assignee, claimed_case.lease_until) == ("decided", None, None)
    assert (decision.outcome, decision.clause.code, decision.policy_version.number) == ("violation", "harassment", 1)
    assert (decision.event.kind, words(decision.event)) == ("case.decided", WORDS)
    assert WORDS not in str(decision.event.data)


def test_the_reports_get_their_outcome_and_the_reporters_hear_it(claimed_case, moderator, reporter, clause):
    decide(claimed_case, actor=moderator, version=claimed_case.version, **violation(clause, "friendly_warning"))
    assert list(reporter.reports.values_list("state", flat=True)) == ["upheld"]
    assert "agreed with you" in InboxMessage.objects.get(recipient=reporter).body


def test_no_violation_tells_only_the_reporters(claimed_case, moderator, reporter, author):
    decide(claimed_case, actor=moderator, version=claimed_case.version, outcome="no_violation", explanation=WORDS)
    assert list(reporter.reports.values_list("state", flat=True)) == ["rejected"]
    assert not InboxMessage.objects.filter(recipient=author).exists()
    assert not StatementOfReasons.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcome": ""}, "whether this is a violation"),
        ({"outcome": "maybe"}, "whether this is a violation"),
        ({"explanation": "  short  "}, "in a sentence"),
        ({"clause": None}, "a clause and at least one measure"),
        ({"measures": []}, "a clause and at least one measure"),
        ({"outcome": "no_violation"}, "neither a clause nor a measure"),
        ({"measures": [MeasureOrder("posting_ban"), MeasureOrder("posting_ban")]}, "each measure once"),
        ({"measures": [MeasureOrder("downgrade")]}, "cannot be applied to a comment"),
        ({"measures": [MeasureOrder("exile")]}, "cannot be applied"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_refused_whole(claimed_case, moderator, clause, changes, message):
    values = {**violation(clause, "posting_ban"), **changes}
    with pytest.raises(Refused, match=message):
        decide(claimed_case, actor=moderator, version=claimed_case.version, **values)
    claimed_case.refresh_from_db()
    assert claimed_case.state == "open"
    assert not Decision.objects.exists()
    assert not Measure.objects.exists()
    assert Event.objects.count() == claimed_case.event_count == 2  # that it came in, and that it was claimed


def test_people_outside_the_team_cannot_decide(case, reporter, clause):
    with pytest.raises(Forbidden):
        decide(case, actor=reporter, version=case.version, **violation(clause, "friendly_warning"))


def test_nobody_decides_about_their_own(case, author, clause):
    from accounts.actions import make_moderator
    from accounts.queries import system_actor

    make_moderator(author, actor=system_actor())
    promoted = User.objects.get(pk=author.pk)
    with pytest.raises(Forbidden, match="your own content"):
        decide(case, actor=promoted, version=case.version, outcome="no_violation", explanation=WORDS)


def test_a_claim_of_somebody_else_is_respected(claimed_case, other_moderator, clause, pass_time):
    values = {"actor": other_moderator, "version": claimed_case.version, **violation(clause, "friendly_warning")}
    with pytest.raises(ClaimedByOther, match="mira is working"):
        decide(claimed_case, **values)
    pass_time(timedelta(minutes=11))
    assert decide(claimed_case, **values).actor == other_moderator


def test_a_new_report_makes_a_decision_stale(claimed_case, moderator, report, make_user, clause):
    seen = claimed_case.version
    report(claimed_case.subject.target, by=make_user("second"))
    with pytest.raises(StaleDecision) as stale:
        decide(claimed_case, actor=moderator, version=seen, **violation(clause, "friendly_warning"))
    assert [event.kind for event in stale.value.events] == ["report.received"]


def test_a_new_score_makes_no_decision_stale(claimed_case, moderator, score, clause):
    seen = claimed_case.version
    score(claimed_case)
    decide(claimed_case, actor=moderator, version=seen, **violation(clause, "friendly_warning"))


def test_a_double_click_is_one_decision(claimed_case, moderator, clause):
    values = {"actor": moderator, "version": claimed_case.version, "request_id": uuid.uuid4()}
    first = decide(claimed_case, **values, **violation(clause, "posting_ban"))
    assert decide(claimed_case, **values, **violation(clause, "posting_ban")) == first
    assert Measure.objects.count() == 1


def test_a_request_id_of_another_case_is_refused(many_cases, moderator, clause):
    one, other = many_cases(2)
    request_id = uuid.uuid4()
    decide(one, actor=moderator, version=1, request_id=request_id, **violation(clause, "friendly_warning"))
    with pytest.raises(Refused, match="sent before"):
        decide(other, actor=moderator, version=1, request_id=request_id, **violation(clause, "friendly_warning"))


@pytest.mark.parametrize("change", [{"explanation": "Other words about the same thing."}, {"measures": "posting_ban"}])
def test_a_request_id_of_another_decision_is_refused(claimed_case, moderator, clause, change):
    values = {"actor": moderator, "version": claimed_case.version, "request_id": uuid.uuid4()}
    first = violation(clause, "friendly_warning")
    decide(claimed_case, **values, **first)
    changed = violation(clause, change["measures"]) if "measures" in change else {**first, **change}
    with pytest.raises(Refused, match="sent before"):
        decide(claimed_case, **values, **changed)


def test_an_appeal_is_not_decided_like_a_review(claimed_case, moderator, other_moderator, author, clause):
    from moderation.appeals.actions import file_appeal

    decision = decide(claimed_case, actor=moderator, version=1, **violation(clause, "friendly_warning"))
    appeal = file_appeal(decision, text="I was only joking with friends.", actor=author)
    with pytest.raises(Refused, match="answered on its own page"):
        decide(appeal.case, actor=other_moderator, version=1, outcome="no_violation", explanation=WORDS)


# The page -----------------------------------------------------------------------------------------------------------


def test_the_form_decides_and_says_what_holds(sign_in, moderator, claimed_case, decide_form, author):
    form = decide_form(claimed_case, measures=["posting_ban"])
    answer = sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/decide", form, follow=True)
    assert answer.redirect_chain == [(claimed_case.get_absolute_url(), 303)]
    page = answer.content.decode()
    assert "Decided: Harassment and bullying. In force now: no posting in community tabs for a time." in page
    assert "Claim next" in page
    assert standing_restriction(author) is not None


def test_no_violation_needs_no_clause_of_the_form(sign_in, moderator, claimed_case, decide_form):
    form = decide_form(claimed_case, outcome="no_violation", measures=[])
    assert sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/decide", form).status_code == 303
    assert Decision.objects.get().clause is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcome": ""}, "Choose whether this is a violation."),
        ({"explanation": " "}, "Explain the decision in a sentence"),
        ({"explanation": "Too short"}, "Explain the decision in a sentence"),
        ({"explanation": "x" * 5001}, "please shorten it"),
        ({"explanation": "Right to left \u202e override here."}, "is invisible"),
        ({"clause": ""}, "a clause and at least one measure"),
        ({"clause": "nonsense"}, "Select a valid choice"),
        ({"measures": []}, "a clause and at least one measure"),
        ({"measures": ["downgrade"]}, "Select a valid choice"),
        ({"outcome": "no_violation"}, "neither a clause nor a measure"),
        ({"version": "x"}, "Enter a whole number"),
        ({"version": ""}, "This field is required"),
        ({"request_id": "x"}, "Enter a valid UUID"),
    ],
)
def test_a_bad_form_comes_back_with_its_words(sign_in, moderator, claimed_case, decide_form, changes, message):
    form = {**decide_form(claimed_case), **changes}
    answer = sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/decide", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert str(form["explanation"]).strip() in page
    assert not Decision.objects.exists()


def test_stale_shows_what_changed_and_keeps_the_words(sign_in, moderator, claimed_case, decide_form, report, make_user):
    client, address = sign_in(moderator), f"{claimed_case.get_absolute_url()}/decide"
    form = decide_form(claimed_case, measures=["friendly_warning", "posting_ban"])
    report(claimed_case.subject.target, "hate-speech", by=make_user("second"), text="Words that came later.")
    answer = client.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This case changed while you were looking at it" in page
    assert "A report came in: Discrimination and hate speech" in page
    assert WORDS in page
    form_of_page = page.split("decide-form")[1].split("</form>")[0]
    assert form_of_page.count("checked>") == 3  # violation, and both measures
    assert not Decision.objects.exists()
    assert client.post(address, {**form, "newer": "2"}).status_code == 409
    assert client.post(address, {**form, "newer": "2", "confirmed": "on"}).status_code == 303


def test_stale_after_confirming_an_older_change_is_stale_again(
    sign_in, moderator, claimed_case, decide_form, report, make_user
):
    form = {**decide_form(claimed_case), "newer": "2", "confirmed": "on"}
    for name in ("second", "third"):
        report(claimed_case.subject.target, by=make_user(name))
    assert sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/decide", form).status_code == 409


def test_a_version_from_the_future_is_refused(sign_in, moderator, claimed_case, decide_form):
    form = decide_form(claimed_case, version=99)
    assert sign_in(moderator).post(f"{claimed_case.get_absolute_url()}/decide", form).status_code == 409


def test_the_loser_is_told_who_and_what_and_keeps_the_words(
    sign_in, moderator, other_moderator, case, decide_form, clause
):
    form = decide_form(case, explanation="My own careful words about this.")
    decide(case, actor=other_moderator, version=case.version, **violation(clause, "posting_ban"))
    answer = sign_in(moderator).post(f"{case.get_absolute_url()}/decide", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Measures: no posting in community tabs for a time" in page
    assert "tomas" in page
    assert "My own careful words about this." in page


def test_a_case_somebody_holds_is_a_409_with_the_words(sign_in, other_moderator, claimed_case, decide_form):
    answer = sign_in(other_moderator).post(f"{claimed_case.get_absolute_url()}/decide", decide_form(claimed_case))
    assert answer.status_code == 409
    assert "mira is working on this case" in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_an_expired_form_says_what_to_do(moderator, claimed_case, decide_form):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"{claimed_case.get_absolute_url()}/decide", decide_form(claimed_case))
    assert answer.status_code == 403
    assert not Decision.objects.exists()


@concurrent
def test_two_deciding_at_the_same_moment_make_one_decision(case, moderator, other_moderator, clause):
    together = threading.Barrier(2)

    def run(person):
        together.wait()
        try:
            return decide(case_of(case), actor=person, version=case.version, **violation(clause, "posting_ban"))
        except StaleDecision as stale:
            return stale
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, [moderator, other_moderator]))
    (decision,) = [one for one in results if isinstance(one, Decision)]
    (stale,) = [one for one in results if isinstance(one, StaleDecision)]
    assert decision.actor.username in str(stale)
    assert [event.data["measures"] for event in stale.events] == [["posting_ban"]]
    assert Decision.objects.count() == Measure.objects.count() == 1
    assert StatementOfReasons.objects.count() == 1


@concurrent
def test_two_clicks_at_the_same_moment_make_one_decision(case, moderator, clause):
    claim(case, actor=moderator)
    together, request_id = threading.Barrier(2), uuid.uuid4()

    def run(_click):
        together.wait()
        try:
            values = {"actor": moderator, "version": case.version, "request_id": request_id}
            return decide(case_of(case), **values, **violation(clause, "posting_ban"))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, [1, 2])
    assert first == second
    assert Measure.objects.count() == 1


def case_of(case: Case) -> Case:
    """A copy of its own for every thread."""
    return Case.objects.get(pk=case.pk)
