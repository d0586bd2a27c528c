"""In the moderated track the owner is heard first: about 72 hours, by the clock and not by a worker (D2)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import InboxMessage
from accounts.queries import system_actor
from moderation.cases.actions import (
    MeasureOrder,
    OwnerNotHeard,
    StaleDecision,
    answer,
    ask,
    ask_owner,
    choose_track,
    claim,
    decide,
    invite,
    reply,
)
from moderation.cases.clocks import State
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case, Deadline, Decision, Event, Party
from moderation.cases.queries import ready
from moderation.cases.related import clock_of
from moderation.sanctions.models import Measure

QUESTION = "What is this model meant for, and who may use it?"
BEGIN = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.fixture
def moderated(report, repository) -> Case:
    """A case in the moderated track, about a repository of `owner`."""
    return report(repository, "toxic-speech-artifacts")


@pytest.fixture
def take(moderated, moderator, clause):
    """take("downgrade", …): decides the case, as it stands, with these measures."""

    def decided(*kinds: str, code: str = "toxic-speech-artifacts", **changes) -> Decision:
        moderated.refresh_from_db()
        values = {
            "actor": moderator, "version": moderated.version, "outcome": "violation", "clause": clause(code),
            "measures": [MeasureOrder(kind) for kind in kinds], "explanation": "It repeats slurs without a warning.",
            "insufficient": "The card would have to name what cannot be named.",
        }  # fmt: skip
        return decide(moderated, **{**values, **changes})

    return decided


def in_queue(case: Case) -> bool:
    return ready(Case.objects.filter(pk=case.pk)).exists()


def state_of(party: Party, now: datetime) -> State:
    party.refresh_from_db()
    return clock_of(party).state(now)


def test_no_restriction_before_the_owner_was_asked(take):
    with pytest.raises(OwnerNotHeard, match="has not been asked"):
        take("downgrade")
    assert not Measure.objects.exists()


@pytest.mark.parametrize("kind", ["nfaa", "friendly_warning"])
def test_a_tag_or_a_warning_waits_for_nobody(take, kind):
    assert take(kind).measures.get().kind == kind


def test_no_violation_waits_for_nobody(take):
    assert take(outcome="no_violation", clause=None).outcome == "no_violation"


def test_restricted_content_waits_for_nobody(take):
    assert take("downgrade", code="spam").measures.count() == 1


def test_a_rule_acts_for_the_time_being(take):
    assert take("downgrade", actor=system_actor(), interim=True).interim


def test_asking_takes_the_case_out_of_the_queue_until_the_time_is_over(moderated, moderator, owner, set_clock):
    set_clock(BEGIN)
    claim(moderated, actor=moderator)
    message = ask_owner(moderated, text=QUESTION, actor=moderator)
    moderated.refresh_from_db()
    until = BEGIN + timedelta(hours=72)
    assert (message.party.user, message.party.role, message.party.answer_until) == (owner, "owner", until)
    assert (moderated.parked, moderated.parked_until, moderated.assignee) == ("owner", until, None)
    assert not in_queue(moderated)
    letter = InboxMessage.objects.get(recipient=owner, subject__startswith="A question about")
    assert QUESTION in letter.body
    assert "23 November 2026, 14:05 (UTC)" in letter.body
    assert letter.link == f"/matters/{message.party.public_id}"


def test_while_their_time_runs_only_an_override_acts(take, moderated, moderator, pass_time):
    ask_owner(moderated, text=QUESTION, actor=moderator)
    pass_time(timedelta(hours=71))
    with pytest.raises(OwnerNotHeard, match="still has time"):
        take("downgrade")
    decision = take("downgrade", override="It is being used for an attack right now.")
    assert decision.override == "It is being used for an attack right now."
    assert Event.objects.filter(case=moderated, kind="window.overridden", actor=moderator).exists()


def test_an_override_is_a_sentence(take):
    with pytest.raises(Exception, match="why this cannot wait"):
        take("downgrade", override="urgent")


def test_silence_lets_the_team_act_alone_though_no_worker_runs(take, moderated, moderator, pass_time):
    ask_owner(moderated, text=QUESTION, actor=moderator)
    pass_time(timedelta(hours=72, seconds=1))
    assert in_queue(moderated)
    assert take("downgrade").measures.count() == 1


def test_the_end_is_an_event_once_a_worker_comes(moderated, moderator, pass_time):
    party = ask_owner(moderated, text=QUESTION, actor=moderator).party
    pass_time(timedelta(hours=72, seconds=1))
    version = Case.objects.get(pk=moderated.pk).version
    act_on_deadlines()
    act_on_deadlines()
    ended = Event.objects.get(case=moderated, kind="window.ended")
    moderated.refresh_from_db()
    assert (ended.data["party"], ended.actor.is_system) == (party.public_id.hex, True)
    assert (moderated.parked, moderated.version) == ("", version)


def test_an_answer_stops_the_clock_and_brings_the_case_back(take, moderated, moderator, owner, pass_time):
    party = ask_owner(moderated, text=QUESTION, actor=moderator).party
    moderated.refresh_from_db()
    seen = moderated.version
    now = pass_time(timedelta(hours=30))
    answer(party, text="It is for research on moderation.", actor=owner)
    assert in_queue(moderated)
    assert state_of(party, now) == State.STANDS
    assert party.left == pytest.approx(timedelta(hours=42), abs=timedelta(seconds=5))
    with pytest.raises(StaleDecision):
        take("nfaa", version=seen)
    assert not Deadline.objects.filter(kind="window", settled_at=None).exists()
    assert take("downgrade").measures.count() == 1


def test_our_reply_lets_it_run_on_with_what_was_left(take, moderated, moderator, owner, pass_time):
    party = ask_owner(moderated, text=QUESTION, actor=moderator).party
    pass_time(timedelta(hours=30))
    answer(party, text="It is for research on moderation.", actor=owner)
    now = pass_time(timedelta(hours=100))
    reply(party, text="Please say that in the card.", actor=moderator)
    party.refresh_from_db()
    assert party.answer_until == pytest.approx(now + timedelta(hours=42), abs=timedelta(seconds=5))
    assert not in_queue(moderated)
    with pytest.raises(OwnerNotHeard):
        take("downgrade")
    now = pass_time(timedelta(hours=43))
    assert state_of(party, now) == State.OVER
    assert in_queue(moderated)


def test_closing_the_question_ends_the_waiting(take, moderated, moderator, owner):
    party = ask_owner(moderated, text=QUESTION, actor=moderator).party
    answer(party, text="It is for research on moderation.", actor=owner)
    reply(party, text="Thank you, that is all we need.", actor=moderator, closes=True)
    assert in_queue(moderated)
    assert "You need not answer." in InboxMessage.objects.filter(recipient=owner).latest("pk").body
    assert take("downgrade").measures.count() == 1


def test_it_waits_only_while_everybody_who_was_asked_has_time(moderated, moderator, owner, make_user, pass_time):
    other = invite(moderated, role="depicted", person=make_user("ada"), actor=moderator)
    first = ask_owner(moderated, text=QUESTION, actor=moderator).party
    pass_time(timedelta(hours=10))
    ask(other, text="Did you agree to this?", actor=moderator)
    moderated.refresh_from_db()
    first.refresh_from_db()
    assert moderated.parked_until == first.answer_until  # the first to end
    answer(other, text="No, I did not agree.", actor=other.user)
    assert in_queue(moderated)


def test_a_deadline_of_ours_comes_before_their_time(moderated, moderator, take, pass_time):
    take("downgrade", actor=system_actor(), interim=True)
    moderated.refresh_from_db()
    ask_owner(moderated, text=QUESTION, actor=moderator)
    moderated.refresh_from_db()
    assert moderated.parked_until == moderated.due_at
    pass_time(timedelta(hours=25))
    assert in_queue(moderated)


def test_what_becomes_restricted_comes_back_at_once(moderated, moderator, report, repository, make_user):
    ask_owner(moderated, text=QUESTION, actor=moderator)
    report(repository, "malware", by=make_user("ada"))
    assert in_queue(moderated)


def test_the_page_says_that_what_became_restricted_waits_no_more(
    moderated, moderator, report, repository, make_user, sign_in
):
    ask_owner(moderated, text=QUESTION, actor=moderator)
    client = sign_in(moderator)
    assert "Without an answer we may act alone from" in client.get(moderated.get_absolute_url()).content.decode()
    report(repository, "hate-speech", by=make_user("ada"))
    page = client.get(moderated.get_absolute_url()).content.decode()
    assert "This is restricted now: we may act at once." in page
    assert "Without an answer we may act alone from" not in page


def test_another_report_does_not_end_their_time(moderated, moderator, report, repository, make_user):
    ask_owner(moderated, text=QUESTION, actor=moderator)
    report(repository, "toxic-speech-artifacts", by=make_user("ada"))
    assert not in_queue(moderated)


def test_nobody_waits_for_an_account_that_is_closed(take, owner):
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    assert take("downgrade").measures.count() == 1


def test_a_chosen_track_counts(moderated, moderator, take):
    choose_track(moderated, "restricted", reason="It is a tool for one attack, and nothing else.", actor=moderator)
    assert take("downgrade").measures.count() == 1


def test_a_form_sent_twice_asks_once(moderated, moderator, owner):
    request_id = uuid.uuid4()
    first = ask_owner(moderated, text=QUESTION, actor=moderator, request_id=request_id)
    again = ask_owner(moderated, text=QUESTION, actor=moderator, request_id=request_id)
    assert first == again
    assert InboxMessage.objects.filter(recipient=owner).count() == 1


def test_the_page_says_how_it_stands(sign_in, moderated, moderator, owner, pass_time):
    client = sign_in(moderator)

    def page() -> str:
        return client.get(moderated.get_absolute_url()).content.decode()

    assert "the owner has 72 hours to answer" in page()
    data = {"text": QUESTION, "request_id": str(uuid.uuid4())}
    assert client.post(f"/cases/{moderated.public_id}/owner", data).status_code == 303
    assert "We wait for the owner:" in page()
    party = Party.objects.get(case=moderated)
    answer(party, text="It is for research on moderation.", actor=owner)
    text = page()
    assert "The owner answered" in text
    assert "of their time run on" in text
    data = {"text": "Please say so in the card.", "request_id": str(uuid.uuid4()), "do": "reply"}
    assert client.post(f"/cases/{moderated.public_id}/parties/{party.public_id}", data).status_code == 303
    pass_time(timedelta(hours=73))
    assert "we may act alone." in page()
    assert "no answer in time" in client.get("/cases").content.decode()
    data = {"text": "Never mind.", "request_id": str(uuid.uuid4()), "do": "close"}
    assert client.post(f"/cases/{moderated.public_id}/parties/{party.public_id}", data).status_code == 303
    assert "The owner was heard" in page()


def test_the_form_asks_why_it_cannot_wait(sign_in, moderated, moderator, decide_form):
    client = sign_in(moderator)
    claim(moderated, actor=moderator)
    assert 'name="override"' in client.get(moderated.get_absolute_url()).content.decode()
    data = decide_form(moderated, clause="toxic-speech-artifacts", measures=["downgrade"])
    refused = client.post(f"/cases/{moderated.public_id}/decide", data)
    assert refused.status_code == 409
    assert "has not been asked yet" in refused.content.decode()
    data["override"] = "It is being used for an attack right now."
    data["insufficient"] = "The card would have to name what cannot be named."
    assert client.post(f"/cases/{moderated.public_id}/decide", data).status_code == 303
    assert Decision.objects.get().override == data["override"]


def test_restricted_cases_are_not_asked_for_a_reason(sign_in, report, repository, moderator):
    case = claim(report(repository, "spam"), actor=moderator)
    assert 'name="override"' not in sign_in(moderator).get(case.get_absolute_url()).content.decode()
