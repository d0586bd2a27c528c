"""Events: append-only, chained, sealed; whoever tampers is found (J6)."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, InternalError, connection, transaction

from moderation.cases.actions import decide
from moderation.cases.actions.erasing import destroy_words
from moderation.cases.checkpoints import write_checkpoints
from moderation.cases.events import unseal, words
from moderation.cases.models import Case, CaseReport, Event, EventText, TextKey
from moderation.cases.verify import find_faults

REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def history(case, report, make_user, moderator) -> Case:
    """A case with three events."""
    report(case.subject.target, by=make_user("ada"))
    case.refresh_from_db()
    decide(case, actor=moderator, version=2, outcome="no_violation", explanation="Words that were sealed.")
    return case


@pytest.fixture
def tamper() -> Callable[..., None]:
    """tamper(sql, …): as somebody would who owns the table and switches its triggers off."""

    def run(*statements: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return run


def faults() -> str:
    return "\n".join(find_faults())


def test_every_transition_is_an_event_of_the_chain(history):
    events = list(Event.objects.filter(case=history))
    assert [(one.number, one.kind) for one in events] == [
        (1, "report.received"), (2, "report.received"), (3, "case.decided"),
    ]  # fmt: skip
    assert [one.previous for one in events] == ["", events[0].hash, events[1].hash]
    assert (history.event_count, history.event_head) == (3, events[2].hash)
    assert faults() == ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_event SET kind = 'case.decided'",
        "UPDATE cases_event SET data = '{}' WHERE number = 3",
        "DELETE FROM cases_event",
        "DELETE FROM cases_event WHERE number = 3",
        "TRUNCATE cases_event CASCADE",
    ],
)
def test_the_database_refuses_to_change_them(history, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert Event.objects.filter(case=history).count() == 3


def test_the_orm_is_refused_too(history):
    event = Event.objects.first()
    event.kind = "nothing.happened"
    with pytest.raises(REFUSED), transaction.atomic():
        event.save()


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'case.acted_on'",
        "actor_id = (SELECT id FROM accounts_user WHERE username = 'ombud')",
        "case_version = 7",
        'data = data || \'{"outcome": "violation"}\'',
        "at = at + interval '1 microsecond'",
        "hash = repeat('0', 64)",
        "previous = repeat('0', 64)",
    ],
)
def test_a_changed_event_is_found(history, tamper, change):
    tamper(f"UPDATE cases_event SET {change} WHERE number = 3")
    assert f"Event 3 of case {history.public_id.hex} was changed." in faults()


def test_an_event_taken_out_of_the_middle_is_found(history, tamper):
    tamper("DELETE FROM cases_event WHERE number = 2")
    assert "events between are missing" in faults()


def test_reordered_events_are_found(history, tamper):
    tamper(
        "UPDATE cases_event SET number = 9 WHERE number = 1",
        "UPDATE cases_event SET number = 1 WHERE number = 2",
        "UPDATE cases_event SET number = 2 WHERE number = 9",
    )
    assert "was changed" in faults()


def test_a_cut_tail_is_found_by_the_case(history, tamper):
    tamper("DELETE FROM cases_event WHERE number IN (2, 3)")
    assert "counts 3 events but has 1" in faults()


def test_a_cut_tail_with_the_case_set_back_is_found_by_the_checkpoint(case, report, make_user, tamper):
    report(case.subject.target, by=make_user("ada"))
    write_checkpoints()
    head = Event.objects.get(number=1).hash
    tamper("DELETE FROM cases_event WHERE number = 2", f"UPDATE cases_case SET event_count = 1, event_head = '{head}'")
    assert "does not match its checkpoint" in faults()


def test_a_chain_rewritten_without_the_key_is_found(history, tamper):
    tamper("UPDATE cases_event SET data = '{}', hash = encode(sha256('x'), 'hex') WHERE number = 3",
           "UPDATE cases_case SET event_head = encode(sha256('x'), 'hex')")  # fmt: skip
    assert "was changed" in faults()


def test_a_case_that_is_gone_is_found_by_the_checkpoint(case, tamper):
    write_checkpoints()
    gone = case.public_id.hex
    CaseReport.objects.all().delete()
    tamper("DELETE FROM cases_event", "DELETE FROM cases_case")
    assert f"Case {gone} is gone; it had 1 events" in faults()


def test_a_changed_text_is_found(history):
    sealed = EventText.objects.get()
    sealed.ciphertext = bytes(sealed.ciphertext)[:-4] + b"AAAA"
    sealed.save()
    assert "cannot be read" in faults()


def test_a_text_sealed_anew_with_other_words_is_found(history):
    sealed = EventText.objects.get()
    sealed.ciphertext = bytes(12) + AESGCM(bytes(sealed.key.key)).encrypt(bytes(12), b"Other words.", None)
    sealed.save()
    assert "The text of event 3" in faults()
    assert "was changed" in faults()


def test_a_text_that_was_thrown_away_is_found(history):
    TextKey.objects.all().delete()
    EventText.objects.all().delete()
    assert "is gone, not only its key" in faults()


def test_destroying_the_key_destroys_the_words_and_leaves_the_chain_valid(history):
    event = Event.objects.get(number=3)
    assert words(event) == "Words that were sealed."
    destroy_words(EventText.objects.all())
    assert words(event) == ""
    assert unseal(EventText.objects.select_related("key").get()) == ""
    assert faults() == ""


def test_events_hold_no_words(history):
    stored = " ".join(str(event.data) for event in Event.objects.all())
    assert "sealed" not in stored
    assert "insults" not in stored


def test_a_confidential_reporter_is_named_in_no_event(case, reporter):
    assert not Event.objects.filter(actor=reporter).exists()
    assert str(reporter.pk) not in {str(value) for event in Event.objects.all() for value in event.data.values()}
