"""Asking the owner to document, gate or make private, before anything is decided (E1, D2, E3)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.models import InboxMessage
from community.models import Discussion, DiscussionEvent
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import (
    MeasureOrder,
    RequestOrder,
    StaleDecision,
    decide,
    lift_measure,
    request_of_owner,
)
from moderation.cases.actions.undo import undo_decision
from moderation.cases.clocks import State
from moderation.cases.conditions import check_conditions
from moderation.cases.feedback import read_changes
from moderation.cases.models import Case, Event, Party
from moderation.cases.overview import asked_of
from moderation.cases.queries import measures_told_to, ready
from moderation.cases.related import clock_of
from moderation.cases.verify import find_faults
from moderation.policy.models import Lane
from moderation.sanctions.models import Measure
from repositories.actions import change_settings, commit
from repositories.models import OwnerRequest

BEGIN = datetime(2027, 3, 20, 14, 5, tzinfo=UTC)
WORDS = "The dataset repeats insults, and nothing warns of it."
RISKS = b"---\nlicense: mit\n---\n# Tiny\n\n## Risks\n\nIt repeats insults that stand in the data it learned from.\n"


@pytest.fixture
def moderated(report, repository) -> Case:
    """A case in the moderated track, about a repository of `owner`."""
    return report(repository, "toxic-speech-artifacts")


@pytest.fixture
def ask(moderated, moderator):
    """ask("request_gating", …): asks the owner for these, each in its usual form."""

    def asked(*kinds: str, **changes) -> list[Measure]:
        orders = [RequestOrder(*kind.split(":")) for kind in kinds]
        return request_of_owner(moderated, orders=orders, actor=moderator, **{"text": WORDS, **changes})

    return asked


def row_of(measure: Measure) -> OwnerRequest:
    return OwnerRequest.objects.get(pk=measure.owner_request_id)


def said_in(measure: Measure) -> list[str]:
    return list(
        DiscussionEvent.objects.filter(discussion=measure.discussion).order_by("pk").values_list("kind", flat=True)
    )


def document(repository, owner):
    commit(repository, {"README.md": RISKS}, actor=owner, message="Say what can go wrong")


def test_it_is_asked_in_public_and_the_case_waits(ask, moderated, owner, repository, set_clock):
    set_clock(BEGIN)
    (measure,) = ask("request_documentation")
    moderated.refresh_from_db()
    assert (moderated.parked, moderated.parked_until) == ("owner", BEGIN + timedelta(hours=72))
    assert not ready(Case.objects.filter(pk=moderated.pk)).exists()
    place = measure.discussion
    assert (place.origin, place.repository) == (Discussion.Origin.TEAM, repository)
    opening = place.comments.get(position=1).text
    assert "Write a section “Risks”" in opening
    assert WORDS in opening
    assert "23 March 2027, 14:05 (UTC)" in opening
    assert row_of(measure).until == BEGIN + timedelta(hours=72)
    letter = InboxMessage.objects.get(recipient=owner, key__startswith="matter-message:")
    assert "Write a section “Risks”" in letter.body
    assert "in public too" in letter.body


def test_it_restricts_nothing_and_decides_nothing(ask, moderated, repository, make_user):
    ask("request_documentation", "request_gating", "request_private")
    repository.refresh_from_db()
    assert repository.listed
    assert not repository.restrictions.exists()
    assert not moderated.decisions.exists()
    assert Measure.objects.filter(subject=moderated.subject).count() == 3


def test_the_owner_does_it_and_the_case_comes_back(ask, moderated, owner, repository):
    (measure,) = ask("request_documentation")
    document(repository, owner)
    assert check_conditions() == 2  # one of asking, one of the commit
    moderated.refresh_from_db()
    assert (moderated.parked, row_of(measure).met_at is not None) == ("", True)
    assert clock_of(Party.objects.get(case=moderated)).state(clock.now()) == State.STANDS
    event = Event.objects.get(case=moderated, kind="request.met")
    assert (event.actor.is_system, event.data["condition"]) == (True, "documented")
    assert said_in(measure) == ["measure_taken", "feedback_asked", "request_met"]
    assert moderated.state == Case.State.OPEN


def test_nothing_happens_twice(ask, moderated, owner, repository):
    (measure,) = ask("request_documentation")
    document(repository, owner)
    check_conditions()
    before = (Event.objects.count(), said_in(measure))
    commit(repository, {"notes.md": b"Nothing of it changes."}, actor=owner, message="A note")
    assert check_conditions() == 0  # what the card says is the same
    assert (Event.objects.count(), said_in(measure)) == before


def test_what_the_owner_undoes_is_not_done_any_more(ask, moderated, owner, repository):
    (measure,) = ask("request_gating")
    change_settings(repository, gating="manual", actor=owner)
    check_conditions()
    change_settings(repository, gating="none", actor=owner)
    check_conditions()
    assert row_of(measure).met_at is None
    assert said_in(measure)[-2:] == ["request_met", "request_unmet"]
    assert [one.kind for one in Event.objects.filter(case=moderated, kind__startswith="request.").order_by("pk")] == [
        "request.made", "request.met", "request.unmet",
    ]  # fmt: skip


def test_it_comes_back_when_all_of_it_is_done(ask, moderated, owner, repository):
    ask("request_gating", "request_documentation")
    change_settings(repository, gating="auto", actor=owner)
    check_conditions()
    moderated.refresh_from_db()
    assert moderated.parked == "owner"
    document(repository, owner)
    check_conditions()
    moderated.refresh_from_db()
    assert moderated.parked == ""


def test_whoever_stays_silent_is_waited_for_no_longer(ask, moderated, set_clock):
    set_clock(BEGIN)
    ask("request_private", within=timedelta(hours=40))
    set_clock(BEGIN + timedelta(hours=40))
    assert ready(Case.objects.filter(pk=moderated.pk)).exists()


def test_an_answer_in_its_public_discussion_brings_the_case_back(ask, moderated, owner):
    from community.actions import add_comment

    (measure,) = ask("request_gating")
    add_comment(measure.discussion, text="I would rather not. May I explain?", actor=owner)
    read_changes()
    moderated.refresh_from_db()
    assert moderated.parked == ""
    assert Event.objects.filter(case=moderated, kind="feedback.given").exists()


def test_of_a_confidential_clause_nothing_is_asked_in_public(report, repository, moderator, owner):
    case = report(repository, "published-without-consent")
    (measure,) = request_of_owner(case, orders=[RequestOrder("request_private")], text=WORDS, actor=moderator)
    assert measure.discussion is None
    assert row_of(measure).confidential
    assert not Discussion.objects.filter(repository=repository).exists()
    letter = InboxMessage.objects.get(recipient=owner, key__startswith="matter-message:")
    assert "in public too" not in letter.body


def test_the_same_request_sent_again_is_made_once(ask, moderated):
    key = uuid.uuid4()
    first = ask("request_gating", request_id=key)
    assert ask("request_gating", request_id=key) == first
    assert Measure.objects.filter(subject=moderated.subject).count() == 1
    with pytest.raises(Refused, match="sent before"):
        ask("request_private", request_id=key)


@pytest.mark.parametrize(
    ("kinds", "changes", "words"),
    [
        (("downgrade",), {}, "cannot be asked"),
        (("request_gating:private",), {}, "cannot be asked"),
        ((), {}, "Choose what you ask"),
        (("request_gating", "request_gating"), {}, "Choose what you ask"),
        (("request_gating",), {"within": timedelta(minutes=5)}, "between an hour"),
        (("request_gating",), {"within": timedelta(days=31)}, "between an hour"),
        (("request_gating",), {"text": " "}, "Write a few words"),
    ],
)
def test_what_cannot_be_asked_is_refused(ask, kinds, changes, words):
    with pytest.raises(Refused, match=words):
        ask(*kinds, **changes)
    assert not Measure.objects.exists()


def test_what_is_asked_for_or_done_already_is_not_asked(ask, owner, repository):
    ask("request_gating")
    with pytest.raises(Refused, match="already"):
        ask("request_gating")
    change_settings(repository, visibility="private", actor=owner)
    with pytest.raises(Refused, match="did this already"):
        ask("request_private")


def test_only_whoever_decides_asks(moderated, owner, reporter):
    for actor in (owner, reporter):
        with pytest.raises(Forbidden):
            request_of_owner(moderated, orders=[RequestOrder("request_gating")], text=WORDS, actor=actor)


def test_a_comment_has_no_owner_who_could_gate_it(case, moderator):
    with pytest.raises(Refused, match="owner of a repository"):
        request_of_owner(case, orders=[RequestOrder("request_gating")], text=WORDS, actor=moderator)


def test_withdrawing_it_ends_the_waiting(ask, moderated, moderator, owner):
    (measure,) = ask("request_gating")
    lift_measure(measure, reason="You explained why it is not needed.", actor=moderator)
    moderated.refresh_from_db()
    assert (moderated.parked, row_of(measure).ended_at is not None) == ("", True)
    assert said_in(measure)[-1] == "measure_lifted"
    assert InboxMessage.objects.filter(recipient=owner, key=f"lifted:{measure.public_id}").exists()
    assert Event.objects.filter(case=moderated, kind="measure.lifted").exists()


def test_a_decision_ends_it_and_taking_that_back_asks_again(ask, moderated, moderator, repository, owner):
    (measure,) = ask("request_gating")
    moderated.refresh_from_db()
    decision = decide(
        moderated, actor=moderator, version=moderated.version, outcome="no_violation",
        explanation="We looked at the card again: it is fine.",
    )  # fmt: skip
    repository.refresh_from_db()
    assert (repository.asked, row_of(measure).ended_at) == (False, decision.decided_at)
    assert not Measure.objects.standing().filter(pk=measure.pk).exists()
    undo_decision(decision, actor=moderator, reason="That was another repository.")
    repository.refresh_from_db()
    assert (repository.asked, row_of(measure).ended_at) == (True, None)
    assert Measure.objects.standing().filter(pk=measure.pk).exists()
    change_settings(repository, gating="manual", actor=owner)
    check_conditions()
    assert row_of(measure).met_at is not None


def test_what_the_owner_did_meanwhile_is_seen_when_it_is_asked_again(ask, moderated, moderator, repository, owner):
    (measure,) = ask("request_gating")
    moderated.refresh_from_db()
    decision = decide(
        moderated, actor=moderator, version=moderated.version, outcome="no_violation",
        explanation="We looked at the card again: it is fine.",
    )  # fmt: skip
    change_settings(repository, gating="manual", actor=owner)
    check_conditions()
    assert row_of(measure).met_at is None
    undo_decision(decision, actor=moderator, reason="That was another repository.")
    check_conditions()
    assert row_of(measure).met_at is not None


def test_what_is_asked_in_a_lane_for_named_people_nobody_else_reads(ask, moderated, moderator, repository):
    """Nor in another case about the same repository (C9)."""
    (measure,) = ask("request_gating")
    repository.refresh_from_db()
    assert Measure.objects.filter(measures_told_to(moderator), pk=measure.pk).exists()
    lane = Lane.objects.create(code="named", title="Named", order=90, group=Group.objects.create(name="Named"))
    Case.objects.filter(pk=moderated.pk).update(lane=lane, reserved=True)
    assert not Measure.objects.filter(measures_told_to(moderator), pk=measure.pk).exists()
    case = Case.objects.get(pk=moderated.pk)
    assert case.subject.repository.asked
    assert asked_of(case, moderator).requests == []
    lane.group.user_set.add(moderator)
    assert asked_of(case, moderator).requests == [measure]


def test_what_happens_to_it_makes_a_decision_stale(ask, moderated, moderator, repository, owner):
    ask("request_gating")
    moderated.refresh_from_db()
    seen = moderated.version
    change_settings(repository, gating="manual", actor=owner)
    check_conditions()
    with pytest.raises(StaleDecision):
        decide(moderated, actor=moderator, version=seen, outcome="no_violation", explanation="It is fine as it is.")


def test_no_decision_makes_a_request(moderated, moderator, clause):
    with pytest.raises(Refused, match="before you decide"):
        decide(
            moderated, actor=moderator, version=moderated.version, outcome="violation",
            clause=clause("toxic-speech-artifacts"), measures=[MeasureOrder("request_gating")], explanation=WORDS,
        )  # fmt: skip


def test_the_chain_of_events_is_whole(ask, moderated, moderator, repository, owner):
    ask("request_documentation:documented_tagged", "request_gating")
    document(repository, owner)
    check_conditions()
    assert list(find_faults()) == []


def test_a_stage_of_a_release_that_begins_counts(ask, moderated, repository, owner, pass_time):
    from repositories.actions.release import plan_release
    from repositories.steps import Step

    (measure,) = ask("request_private")
    plan_release(repository, [Step("private"), Step("public")], actor=owner)
    check_conditions()
    assert row_of(measure).met_at is not None
