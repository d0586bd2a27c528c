"""Whoever changes the audit trail is found up to the last checkpoint: also the database's superuser, with its triggers
off (J6). What is claimed and what is not stands in docs/audit.md.
"""

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, InternalError, connection, transaction

from moderation.cases.actions import decide, lift_measure
from moderation.cases.actions.erasing import destroy_words
from moderation.cases.actions.escalate import escalate
from moderation.cases.checkpoints import write_checkpoints
from moderation.cases.events import words
from moderation.cases.models import Case, Event, EventText, TextKey
from moderation.cases.verify import find_faults
from moderation.policy.models import Lane

REFUSED = (IntegrityError, InternalError)
FIRST = "(SELECT min(id) FROM cases_case)"
LAST = "(SELECT max(number) FROM cases_event WHERE case_id = (SELECT min(id) FROM cases_case))"
# The tail of the first case's chain, taken back with everything in the database that knows of it.
HEAD_BEFORE = f"(SELECT hash FROM cases_event WHERE case_id = {FIRST} ORDER BY number DESC LIMIT 1)"
SET_BACK = (
    f"UPDATE cases_case SET event_head = {HEAD_BEFORE}, event_count = (SELECT count(*) FROM cases_event "
    f"WHERE case_id = {FIRST}) WHERE id = {FIRST}"
)

# What somebody does, statement by statement, and a part of what verify_events says.
# ruff: noqa: E501 - one statement of SQL a line
TAMPERING = {
    "update an event": (["UPDATE cases_event SET kind = 'case.forgotten' WHERE number = 1"], "was changed"),
    "update what it holds": (["UPDATE cases_event SET data = data || '{\"clause\": \"spam\"}'"], "was changed"),
    "update who did it": ([f"UPDATE cases_event SET actor_id = (SELECT max(id) FROM accounts_user) WHERE number = {LAST}"],
                          "was changed"),
    "update when": (["UPDATE cases_event SET at = at - interval '1 day' WHERE number = 2"], "was changed"),
    "delete from the middle": (["DELETE FROM cases_event WHERE number = 2"], "events between are missing"),
    "delete the first": (["DELETE FROM cases_event WHERE number = 1"], "events between are missing"),
    "reorder": (["UPDATE cases_event SET number = 1000 WHERE number = 1",
                 "UPDATE cases_event SET number = 1 WHERE number = 2",
                 "UPDATE cases_event SET number = 2 WHERE number = 1000"], "was changed"),
    "reorder with their hashes": (
        ["UPDATE cases_event SET number = 1000, previous = '' WHERE number = 1",
         "UPDATE cases_event SET number = 1, previous = '' WHERE number = 2",
         "UPDATE cases_event SET number = 2 WHERE number = 1000"], "was changed"),
    "move to another case": ([f"UPDATE cases_event SET case_id = {FIRST}, number = number + 50 WHERE case_id <> {FIRST}"],
                             "was changed"),
    "insert at the end": (
        [f"INSERT INTO cases_event (case_id, number, kind, actor_id, case_version, data, at, previous, hash) SELECT "
         f"case_id, number + 1, 'case.decided', actor_id, case_version, '{{}}', at, hash, repeat('a', 64) FROM "
         f"cases_event WHERE case_id = {FIRST} AND number = {LAST}"], "was changed"),
    "cut the tail": ([f"DELETE FROM cases_event WHERE case_id = {FIRST} AND number = {LAST}"], "counts "),
    "cut the tail and set the case back": (
        [f"DELETE FROM cases_event WHERE case_id = {FIRST} AND number >= {LAST} - 1", SET_BACK],
        "does not match its checkpoint"),
    "cut the tail and the marks of the checkpoints": (
        [f"DELETE FROM cases_event WHERE case_id = {FIRST} AND number >= {LAST} - 1", SET_BACK,
         f"UPDATE cases_case SET checkpointed = event_count WHERE id = {FIRST}"], "does not match its checkpoint"),
    "drop a whole case": ([f"DELETE FROM cases_event WHERE case_id = {FIRST}", f"DELETE FROM cases_case WHERE id = {FIRST}"],
                          "is gone; it had"),
    "drop its events only": ([f"DELETE FROM cases_event WHERE case_id = {FIRST}",
                              f"UPDATE cases_case SET event_count = 0, event_head = '', checkpointed = 0 WHERE id = {FIRST}"],
                             "does not match its checkpoint"),
    "truncate the events": (["TRUNCATE cases_event CASCADE"], "counts "),
    "truncate everything": (["TRUNCATE cases_case CASCADE"], "is gone; it had"),
    "give a case another name": ([f"UPDATE cases_case SET public_id = gen_random_uuid() WHERE id = {FIRST}"], "is gone"),
    "update a sealed text": (["UPDATE cases_eventtext SET ciphertext = ciphertext || 'x'::bytea"], "cannot be read"),
    "swap two sealed texts": (
        ["UPDATE cases_eventtext a SET ciphertext = b.ciphertext FROM cases_eventtext b WHERE a.id <> b.id"],
        "cannot be read"),
    "update the salt": (["UPDATE cases_eventtext SET salt = repeat('0', 32)"], "was changed"),
    "delete a sealed text": (["DELETE FROM cases_textkey", "DELETE FROM cases_eventtext"], "is gone, not only its key"),
    "say that another clause was decided": (["UPDATE cases_decision SET clause_id = (SELECT max(id) FROM policy_clause)"],
                                            "is not what its event says"),
    "say that another outcome was decided": (["UPDATE cases_decision SET outcome = 'no_violation', clause_id = NULL"],
                                             "is not what its event says"),
    "say that somebody else decided": (["UPDATE cases_decision SET actor_id = (SELECT max(id) FROM accounts_user)"],
                                       "is not what its event says"),
    "say that it was decided earlier": (["UPDATE cases_decision SET decided_at = decided_at - interval '1 day'"],
                                        "is not what its event says"),
    "delete a decision": (["DELETE FROM cases_decision_measures", "DELETE FROM cases_decision"], "has no decision"),
    "delete a report": (["DELETE FROM cases_casereport", "DELETE FROM reports_report"], "has no report"),
}  # fmt: skip


@pytest.fixture
def history(case, report, many_cases, make_user, moderator, other_moderator):
    """Two cases; one with reports, a move, a decision and what was lifted of it."""
    many_cases(1)
    report(case.subject.target, by=make_user("ada"))
    case.refresh_from_db()
    escalate(case, Lane.objects.get(code="senior"), reason="Somebody with more experience, please.", actor=moderator)
    from moderation.cases.actions import MeasureOrder

    decision = decide(case, actor=moderator, version=case.version, outcome="violation", clause=case.clause,
                      measures=[MeasureOrder("posting_ban")], explanation="You insulted everybody here.")  # fmt: skip
    lift_measure(decision.measures.get(), reason="We mistook the author.", actor=other_moderator)
    write_checkpoints()
    return case


def run(*statements, triggers):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if not triggers:
            cursor.execute("SET LOCAL session_replication_role = replica")
        try:
            for statement in statements:
                cursor.execute(statement)
        finally:
            if not connection.needs_rollback and not triggers:
                cursor.execute("SET LOCAL session_replication_role = origin")


def test_nothing_is_found_where_nothing_was_done(history):
    assert list(find_faults()) == []
    assert Event.objects.count() >= 6


def test_a_superuser_with_triggers_off_is_found(history):
    """Each way of tampering on the same history, taken back before the next."""
    missed = {}
    for what, (statements, said) in TAMPERING.items():
        with transaction.atomic():
            run(*statements, triggers=False)
            found = "\n".join(find_faults())
            if said not in found:
                missed[what] = found
            transaction.set_rollback(True)
    assert missed == {}
    assert list(find_faults()) == []


@pytest.mark.parametrize("verb", ["UPDATE cases_event ", "DELETE FROM cases_event ", "TRUNCATE cases_event "])
def test_with_its_triggers_the_database_refuses(history, verb):
    before = list(Event.objects.values())
    ways = [statements for statements, _said in TAMPERING.values() if statements[0].startswith(verb)]
    assert ways
    for statements in ways:
        with pytest.raises(REFUSED), transaction.atomic():
            run(*statements, triggers=True)
    assert list(Event.objects.values()) == before


def test_words_sealed_anew_under_an_own_key_are_found(history):
    key = Fernet.generate_key()
    sealed = EventText.objects.first()
    EventText.objects.filter(pk=sealed.pk).update(ciphertext=Fernet(key).encrypt(b"Other words."))
    TextKey.objects.filter(text=sealed).update(key=key)
    assert words(sealed.event) == "Other words."  # which is how earlier versions sealed
    assert "was changed" in "\n".join(find_faults())


def test_what_came_after_the_last_checkpoint_and_went_without_a_trace_is_not_found(history, report, many_cases):
    """The limit of what we claim: less than a minute, and only with every row that knows of it."""
    [late] = many_cases(1)
    report = late.case_reports.get().report
    run(f"DELETE FROM reports_report WHERE id = {report.pk}", triggers=False)
    run(f"DELETE FROM subjects_snapshot WHERE id = {report.snapshot_id}", triggers=False)
    rows = ("cases_casereport WHERE case_id", "cases_event WHERE case_id", "cases_case WHERE id")
    run(*(f"DELETE FROM {row} = {late.pk}" for row in rows), triggers=False)
    assert list(find_faults()) == []
    write_checkpoints()
    assert Case.objects.filter(pk=history.pk).exists()


def test_a_key_that_was_destroyed_by_an_event_is_no_fault(history):
    destroy_words(EventText.objects.all())
    assert not TextKey.objects.exists()
    assert list(find_faults()) == []


def test_a_key_that_no_event_destroyed_is_found(history):
    TextKey.objects.all().delete()
    assert "and no event destroyed it" in "\n".join(find_faults())
