"""The second pair of eyes: what waits for another moderator, what holds meanwhile, who hears when (D1)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from community.models import Discussion
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import (
    MeasureOrder,
    StaleDecision,
    claim,
    claim_next,
    confirm_decision,
    decide,
    decide_directly,
    decline,
    lift_measure,
)
from moderation.cases.actions.at_risk import mark_at_risk
from moderation.cases.confirming import guard_of, to_confirm, waiting_for
from moderation.cases.events import words
from moderation.cases.models import Case, Confirmation, Deadline, Decision
from moderation.cases.queries import ready
from moderation.cases.verify import find_faults
from moderation.policy.models import Clause, GuardedMeasure
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StatementOfReasons
from repositories.models import Restriction
from tests.conftest import concurrent

WORDS = "The files help people to build weapons."
NOTE = "I read the files too, and agree."


@pytest.fixture
def reported(report, repository):
    """reported("weapons"): an open case about the repository."""
    return lambda code="weapons": report(repository, code, text="It explains how to build one.")


@pytest.fixture
def decided(reported, moderator, clause):
    """decided("weapons", "disable"): what `moderator` decided, as it waits for somebody else."""

    def make(code: str = "weapons", *kinds: str, case: Case | None = None) -> Confirmation:
        row = case or reported(code)
        decision = decide(
            row, actor=moderator, version=row.version, outcome="violation", clause=clause(code),
            measures=[MeasureOrder(kind) for kind in kinds or ("disable",)], explanation=WORDS,
            override="People are harmed by it right now.", insufficient="Nobody could answer in time.",
        )  # fmt: skip
        return decision.confirmation

    return make


def case_of(waiting: Confirmation) -> Case:
    return Case.objects.get(decisions__confirmation=waiting)


def restrictions() -> set[str]:
    return set(Restriction.objects.active().values_list("kind", flat=True))


# Which measures are guarded -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kinds", "guarded", "after"),
    [
        ("weapons", ["disable"], ["disable"], False),
        ("weapons", ["downgrade", "friendly_warning"], None, None),
        ("malware", ["disable", "downgrade"], ["disable"], True),
        ("malware", ["deactivate"], ["deactivate"], True),
        ("third-party-rights", ["disable"], ["disable"], False),
        ("harassment", ["posting_ban"], None, None),
        ("harassment", ["deactivate"], ["deactivate"], False),
        ("gambling-plagiarism", ["remove"], None, None),
        ("gambling-plagiarism", ["remove", "disable"], ["disable"], False),
    ],
)
def test_the_policy_says_what_a_second_one_confirms(db, clause, code, kinds, guarded, after):
    found = guard_of(clause(code), kinds)
    assert (found and found.kinds, found and found.after) == (guarded, after)


def test_administrators_change_it_as_data(db, clause):
    GuardedMeasure.objects.create(kind="posting_ban")
    Clause.objects.filter(code="harassment").update(second_moderator="after")
    assert guard_of(clause("harassment"), ["posting_ban"]).after
    GuardedMeasure.objects.all().delete()
    assert guard_of(clause("weapons"), ["disable"]) is None


# Before it holds ----------------------------------------------------------------------------------------------------


def test_it_waits_and_nobody_hears_what_it_is(decided, reporter, owner):
    waiting = decided("weapons", "disable", "friendly_warning")
    case = case_of(waiting)
    assert (case.state, case.parked, case.assignee) == ("open", "second", None)
    assert waiting.orders == ["disable", "friendly_warning"]
    assert "disabled" not in restrictions()
    assert case.due_at == waiting.due_at == waiting.decision.decided_at + timedelta(hours=12)
    assert case.deadlines.get(settled_at=None).kind == Deadline.Kind.SECOND
    assert list(reporter.reports.values_list("state", flat=True)) == ["open"]
    assert not StatementOfReasons.objects.exists()
    # But for the card that is hidden meanwhile: of what waits, or why, not a word.
    letter = InboxMessage.objects.get(recipient__in=[owner, reporter])
    assert (letter.recipient, letter.link) == (owner, "")
    assert not any(word in letter.body for word in (WORDS, "disable", "warning", "clause"))


def test_what_needs_nobody_holds_at_once(decided):
    waiting = decided("weapons", "downgrade", "disable")
    assert "downgraded" in restrictions()
    assert "disabled" not in restrictions()
    assert waiting.orders == ["disable"]


@pytest.mark.skipif("hold" not in KINDS, reason="nothing can be held yet")
def test_a_hold_stands_in_its_place(decided, report, comment, other_moderator):
    waiting = decided("harassment", "deactivate", case=report(comment))
    assert waiting.hold.kind == "hold"
    assert Measure.objects.standing().get().pk == waiting.hold_id
    confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version)
    assert [one.kind for one in Measure.objects.standing()] == ["deactivate"]


@pytest.mark.skipif("hold" not in KINDS, reason="nothing can be held yet")
def test_declining_lifts_the_hold(decided, report, comment, other_moderator):
    waiting = decided("harassment", "deactivate", case=report(comment))
    decline(waiting, actor=other_moderator, reason="A warning is enough here.")
    assert not Measure.objects.standing().exists()


def test_confirmed_it_holds_and_everybody_hears(decided, other_moderator, reporter, owner, moderator):
    waiting = decided("weapons", "downgrade", "disable", "friendly_warning")
    decision = confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version, note=NOTE)
    case = case_of(waiting)
    assert (case.state, case.parked, case.due_at) == ("decided", "", None)
    assert {"disabled", "downgraded"} <= restrictions()
    assert {one.kind for one in decision.measures.all()} == {"downgrade", "disable", "friendly_warning"}
    assert (decision.actor, Confirmation.objects.get().actor) == (moderator, other_moderator)
    statement = StatementOfReasons.objects.get(recipient=owner)
    assert (statement.facts, statement.measures.count()) == (WORDS, 3)
    assert "agreed with you" in InboxMessage.objects.get(recipient=reporter).body
    event = case.events.get(kind="decision.confirmed")
    assert (event.actor, words(event)) == (other_moderator, NOTE)
    assert not case.deadlines.filter(settled_at=None).exists()


def test_it_counts_from_when_it_takes_effect(decided, other_moderator, pass_time):
    waiting = decided()
    later = pass_time(timedelta(hours=5))
    assert confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version).decided_at >= later


def test_the_audit_finds_nothing_wrong_with_what_was_confirmed(decided, other_moderator):
    """It counts from when it was confirmed, which is not when it was decided (J6)."""
    waiting = decided()
    decision = confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version)
    assert decision.decided_at != decision.event.at
    assert list(find_faults()) == []
    Decision.objects.update(decided_at=decision.event.at)
    assert "is not what its event says" in "".join(find_faults())


def test_declined_the_case_is_back_and_both_see_why(decided, other_moderator, moderator, owner, reporter):
    waiting = decided("weapons", "downgrade", "disable")
    decline(waiting, actor=other_moderator, reason="The card says how it is restricted.")
    case = case_of(waiting)
    assert (case.state, case.parked, case.due_at) == ("open", "", None)
    assert case in ready(Case.objects.all())
    assert restrictions() == set()
    assert waiting.decision.undone_by == other_moderator
    assert not Decision.objects.final().exists()
    assert words(case.events.get(kind="decision.declined")) == "The card says how it is restricted."
    assert "declined" in InboxMessage.objects.get(recipient=moderator).body
    assert not StatementOfReasons.objects.exists()
    assert list(reporter.reports.values_list("state", flat=True)) == ["open"]


def test_after_declining_it_is_decided_anew(decided, other_moderator):
    waiting = decided()
    decline(waiting, actor=other_moderator, reason="The card says how it is restricted.")
    case = case_of(waiting)
    decision = decide(
        case, actor=other_moderator, version=case.version, outcome="no_violation", explanation="Lawful research."
    )
    assert list(Decision.objects.final()) == [decision]


def test_an_interim_measure_stays_until_it_is_confirmed(reported, decided, other_moderator):
    from accounts.queries import system_actor
    from moderation.sanctions.actions import impose

    case = reported("strong-dual-use")
    clause = Clause.objects.get(code="strong-dual-use")
    interim = impose("downgrade", case.subject, clause=clause, reason="A rule.", actor=system_actor(), automated=True)
    waiting = decided("strong-dual-use", "downgrade", "disable", case=case)
    interim.refresh_from_db()
    assert (interim.interim, interim.lifted_at) == (True, None)
    decision = confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version)
    interim.refresh_from_db()
    assert (interim.interim, interim.ends_at) == (False, None)
    assert {one.kind for one in decision.measures.all()} == {"downgrade", "disable"}


# After it holds -----------------------------------------------------------------------------------------------------


def test_after_means_it_holds_at_once(decided, other_moderator, owner):
    waiting = decided("malware")
    assert (waiting.after, case_of(waiting).parked) == (True, "second")
    assert restrictions() == {"disabled"}
    assert not StatementOfReasons.objects.exists()
    confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version)
    assert Measure.objects.count() == 1
    assert StatementOfReasons.objects.get().recipient == owner


def test_after_and_declined_it_holds_no_more(decided, other_moderator):
    decline(decided("malware"), actor=other_moderator, reason="A harmless test file of a scanner.")
    assert restrictions() == set()


# Who may ------------------------------------------------------------------------------------------------------------


def test_nobody_is_their_own_second(decided, moderator):
    waiting = decided()
    with pytest.raises(Forbidden, match="decided this yourself"):
        confirm_decision(waiting, actor=moderator, version=case_of(waiting).version)
    with pytest.raises(Forbidden, match="decided this yourself"):
        decline(waiting, actor=moderator, reason="I have changed my mind.")
    with pytest.raises(Refused, match="decided this yourself"):
        claim(case_of(waiting), actor=moderator)


def test_the_database_itself_asks_for_another(decided, moderator):
    waiting = decided()
    with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
        Confirmation.objects.filter(pk=waiting.pk).update(actor=moderator)


def test_only_moderators_confirm(decided, reporter, owner):
    waiting = decided()
    for person in (reporter, owner):
        with pytest.raises(Forbidden):
            confirm_decision(waiting, actor=person, version=case_of(waiting).version)


def test_declining_says_why(decided, other_moderator):
    with pytest.raises(Refused, match="why you decline"):
        decline(decided(), actor=other_moderator, reason=" no ")


def test_nobody_decides_over_it_meanwhile(decided, other_moderator, clause):
    case = case_of(decided())
    with pytest.raises(Refused, match="waits for a second moderator"):
        decide(case, actor=other_moderator, version=case.version, outcome="no_violation", explanation="It is lawful.")


def test_what_happened_meanwhile_is_looked_at_first(decided, other_moderator, report, repository, make_user):
    waiting = decided()
    seen = case_of(waiting).version
    report(repository, by=make_user("second"))
    with pytest.raises(StaleDecision):
        confirm_decision(waiting, actor=other_moderator, version=seen)
    assert case_of(waiting).parked == "second"


def test_a_claim_of_a_third_is_respected(decided, other_moderator, make_user):
    waiting = decided()
    claim(case_of(waiting), actor=make_user("third", moderator=True))
    with pytest.raises(Refused, match="third is working"):
        confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version)


def test_it_waits_for_others_and_climbs_when_nobody_comes(decided, moderator, other_moderator, pass_time):
    case = case_of(decided())
    assert list(to_confirm(other_moderator)) == [case]
    assert list(to_confirm(moderator)) == []
    assert claim_next(actor=other_moderator) is None
    pass_time(timedelta(hours=12, minutes=1))
    assert claim_next(actor=moderator) is None
    assert claim_next(actor=other_moderator) == case


def test_a_question_of_law_waits_in_its_lane(decided):
    assert case_of(decided("third-party-rights")).lane.code == "legal"


def test_the_second_does_not_answer_the_appeal(decided, moderator, other_moderator, make_user, owner):
    waiting = decided()
    decision = confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version)
    appeal = file_appeal(decision, text="It is a model of garden tools.", actor=owner)
    assert claim_next(actor=other_moderator) is None
    with pytest.raises(Forbidden, match="did not decide before"):
        decide_appeal(appeal, state="rejected", answer="We looked again and it stands.", actor=other_moderator)
    third = make_user("third", moderator=True)
    assert claim_next(actor=third) == appeal.case


def test_nobody_contests_what_is_not_final(decided, reporter):
    with pytest.raises(Forbidden):
        file_appeal(decided().decision, text="I do not agree with this.", actor=reporter)


# Operators and imports ----------------------------------------------------------------------------------------------


def test_operators_need_no_second(repository, moderator, clause):
    decision = decide_directly(repository, kind="disable", clause=clause("weapons"), reason=WORDS, actor=moderator)
    assert (decision.case.state, decision.event.data["second"]) == ("decided", "operator")
    assert restrictions() == {"disabled"}
    assert not Confirmation.objects.exists()


def test_an_imported_history_needs_no_second(reported, moderator, clause):
    with clock.importing(clock.now() - timedelta(days=3)):
        case = reported()
        decision = decide(
            case, actor=moderator, version=1, outcome="violation", clause=clause("weapons"),
            measures=[MeasureOrder("disable")], explanation=WORDS,
        )  # fmt: skip
    assert decision.case.state == "decided"


def test_a_repeated_click_while_it_waits_is_one_decision(reported, moderator, clause):
    import uuid

    case, request_id = reported(), uuid.uuid4()
    values = {
        "actor": moderator, "version": 1, "outcome": "violation", "clause": clause("weapons"),
        "measures": [MeasureOrder("disable")], "explanation": WORDS, "request_id": request_id,
    }  # fmt: skip
    assert decide(case, **values) == decide(Case.objects.get(), **values)
    assert Confirmation.objects.count() == 1


@concurrent
def test_confirming_and_declining_at_once_has_one_winner(decided, other_moderator, make_user):
    waiting = decided()
    third, together = make_user("third", moderator=True), threading.Barrier(2)

    def run(act):
        together.wait()
        try:
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    version = case_of(waiting).version
    acts = [
        lambda: confirm_decision(waiting, actor=other_moderator, version=version),
        lambda: decline(Confirmation.objects.get(), actor=third, reason="The card says how it is restricted."),
    ]
    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(run, acts))
    assert results == ["done", "settled"]
    confirmed = Confirmation.objects.get().state == "confirmed"
    assert (case_of(waiting).state == "decided") is confirmed
    assert ("disabled" in restrictions()) is confirmed
    assert StatementOfReasons.objects.exists() is confirmed


# The page -----------------------------------------------------------------------------------------------------------


def page(client, case: Case) -> str:
    return client.get(case.get_absolute_url()).content.decode()


def test_the_form_says_that_somebody_else_confirms(sign_in, moderator, reported, decide_form):
    case = claim(reported(), actor=moderator)
    form = decide_form(case, clause="weapons", measures=["disable"])
    answer = sign_in(moderator).post(f"{case.get_absolute_url()}/decide", form, follow=True).content.decode()
    assert "A second moderator confirms it by" in answer
    assert "You decided this. Somebody else confirms or declines it" in answer
    assert 'name="answer"' not in answer


def test_the_second_sees_what_why_and_what_follows(sign_in, other_moderator, decided):
    text = page(sign_in(other_moderator), case_of(decided("weapons", "downgrade", "disable")))
    for expected in (WORDS, "decided by mira", "holds already", "holds once it is confirmed", "Confirm", "Decline"):
        assert expected in text
    assert "to decide it" not in text


def test_confirming_by_the_page(sign_in, other_moderator, decided):
    case = case_of(decided())
    form = {"version": case.version, "answer": "confirm", "words": NOTE}
    answer = sign_in(other_moderator).post(f"{case.get_absolute_url()}/second", form, follow=True)
    assert answer.redirect_chain == [(case.get_absolute_url(), 303)]
    text = answer.content.decode()
    assert "Confirmed. It is in force now" in text
    assert "confirmed by tomas" in text
    assert NOTE in text


def test_declining_by_the_page(sign_in, moderator, other_moderator, decided):
    case = case_of(decided())
    form = {"version": case.version, "answer": "decline", "words": "The card says how it is restricted."}
    assert sign_in(other_moderator).post(f"{case.get_absolute_url()}/second", form).status_code == 303
    text = page(sign_in(moderator), case)
    assert "A second moderator declined the decision" in text
    assert "The card says how it is restricted." in text
    assert "Claim this case" in text


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"answer": "decline", "words": ""}, 422, "Say in a sentence why you decline"),
        ({"answer": "maybe"}, 422, "Select a valid choice"),
        ({"answer": ""}, 422, "This field is required"),
        ({"version": "x"}, 422, "Enter a whole number"),
        ({"words": "x" * 2001}, 422, "please shorten it"),
        ({"version": "0"}, 409, "changed while you were looking"),
    ],
)
def test_a_bad_answer_comes_back(sign_in, other_moderator, decided, changes, status, message):
    case = case_of(decided())
    form = {"version": case.version, "answer": "confirm", "words": NOTE, **changes}
    answer = sign_in(other_moderator).post(f"{case.get_absolute_url()}/second", form)
    assert answer.status_code == status
    assert message in answer.content.decode()
    assert waiting_for(case) is not None


def test_stale_comes_back_with_what_is_new_and_counts_the_second_time(
    sign_in, other_moderator, decided, report, repository, make_user
):
    case = case_of(decided())
    client, form = sign_in(other_moderator), {"version": case.version, "answer": "confirm", "words": NOTE}
    report(repository, by=make_user("second"), text="Words that came later.")
    answer = client.post(f"{case.get_absolute_url()}/second", form)
    text = answer.content.decode()
    assert (answer.status_code, NOTE in text, "A report came in" in text) == (409, True, True)
    version = case_of(Confirmation.objects.get()).version
    assert f'name="version" value="{version}"' in text
    assert client.post(f"{case.get_absolute_url()}/second", {**form, "version": version}).status_code == 303


def test_the_loser_is_told(sign_in, other_moderator, decided, make_user):
    waiting = decided()
    case = case_of(waiting)
    decline(waiting, actor=make_user("third", moderator=True), reason="The card says how it is restricted.")
    form = {"version": case.version, "answer": "confirm", "words": NOTE}
    answer = sign_in(other_moderator).post(f"{case.get_absolute_url()}/second", form)
    assert answer.status_code == 409
    assert "somebody was faster" in answer.content.decode()


def test_others_do_not_reach_it(client, sign_in, reporter, moderator, decided):
    case = case_of(decided())
    address, form = f"{case.get_absolute_url()}/second", {"version": case.version, "answer": "confirm"}
    assert client.post(address, form).status_code == 302
    assert sign_in(reporter).post(address, form).status_code == 404
    assert sign_in(moderator).post(address, form).status_code == 422
    assert sign_in(moderator).get(address).status_code == 405
    assert waiting_for(case) is not None


def test_no_public_accusation_before_it_is_confirmed(decided, repository):
    decided("weapons", "disable")
    assert not Discussion.objects.filter(repository=repository, title__contains="disabled access").exists()
    assert standing_restriction(repository.namespace.user) is None


# What happened while it waited --------------------------------------------------------------------------------------


def test_somebody_who_was_marked_as_at_risk_is_not_sanctioned_by_it(
    report, comment, moderator, other_moderator, clause
):
    case = report(comment, "self-harm")
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("self-harm"),
        measures=[MeasureOrder("deactivate")], explanation=WORDS,
    )  # fmt: skip
    mark_at_risk(case, True, actor=other_moderator)
    with pytest.raises(Refused, match="at risk"):
        confirm_decision(decision.confirmation, actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
    assert not Measure.objects.filter(kind="deactivate").exists()
    decline(decision.confirmation, actor=other_moderator, reason="They need support now.")


def test_what_was_lifted_while_it_waited_is_told_to_nobody_as_holding(decided, other_moderator, make_user, owner):
    waiting = decided("malware", "disable", "downgrade")
    third = make_user("third", moderator=True)
    lift_measure(Measure.objects.get(kind="downgrade"), reason="That was too much.", actor=third)
    confirm_decision(waiting, actor=other_moderator, version=case_of(waiting).version)
    statement = StatementOfReasons.objects.get(recipient=owner)
    assert [one.kind for one in statement.measures.all()] == ["disable"]
    assert set(waiting.decision.measures.values_list("kind", flat=True)) == {"disable", "downgrade"}


def test_what_a_lane_holds_at_once_waits_for_no_confirmation(
    report, comment, moderator, other_moderator, clause, make_user
):
    case = report(comment, "fraud-phishing")
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("fraud-phishing"),
        measures=[MeasureOrder("deactivate")], explanation=WORDS,
    )  # fmt: skip
    report(comment, "children-data", by=make_user("late"))
    comment.refresh_from_db()
    assert comment.hidden
    with pytest.raises(StaleDecision):
        confirm_decision(decision.confirmation, actor=other_moderator, version=case.version)
    confirm_decision(decision.confirmation, actor=other_moderator, version=Case.objects.get(pk=case.pk).version)
    comment.refresh_from_db()
    assert not comment.hidden
    assert not Measure.objects.standing().filter(interim=True).exists()
