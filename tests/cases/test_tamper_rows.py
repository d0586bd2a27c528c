"""Whoever changes, deletes or adds a row that events speak of is found, also with all triggers off (J6).

Every column of a covered model is either in the digest or among its exceptions: a new one fails until it is decided.
"""

import importlib
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
    UUIDField,
)
from django.test.utils import CaptureQueriesContext

from community.actions import add_comment
from foundation import clock
from moderation.cases.actions import MeasureOrder, claim, confirm_decision, decide, lift_measure
from moderation.cases.actions.links import link, unlink
from moderation.cases.actions.parties import invite
from moderation.cases.actions.templates import change_template, write_template
from moderation.cases.actions.threads import answer, ask
from moderation.cases.actions.undo import undo_decision
from moderation.cases.checkpoints import write_checkpoints
from moderation.cases.models import (
    Case,
    CaseLink,
    CaseReport,
    Confirmation,
    Decision,
    Event,
    JournalEvent,
    Party,
    PartyMessage,
    ReasonTemplate,
)
from moderation.cases.seals import CASE_EXCEPTIONS, COVERED, OF_CASE
from moderation.cases.verify import find_faults
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.models import Snapshot

# Rows of these are in the history below. A condition needs a repository with an owner who chose something; what people
# reported, sent and contested is in test_tamper_evidence.py.
TRIED = (CaseReport, Report, Decision, Confirmation, Measure, StatementOfReasons, Party, PartyMessage, CaseLink,
         Snapshot, ReasonTemplate)  # fmt: skip


# Whoever owns the tables also drops what they check.
WITHOUT_CHECKS = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint WHERE contype = 'c'
        AND conrelid::regclass::text ~ '^(cases|sanctions|reports|subjects|appeals)_'
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname); END LOOP;
END $$;
"""


@pytest.fixture
def history(report, discussion, author, make_user, moderator, other_moderator, clause, settings):
    """Cases with everything that can be covered; one was decided, confirmed, partly lifted, one taken back."""
    comments = [add_comment(discussion, text=f"Idiot number {n}!", actor=author) for n in range(3)]
    first, second, third = [report(comment) for comment in comments]
    report(comments[0], by=make_user("ada"))
    claim(first, actor=moderator)
    party = invite(first, role="depicted", person=make_user("dora"), actor=moderator)
    ask(party, text="Is it you in the picture?", actor=moderator)
    answer(party, text="Yes, and I never agreed.", actor=party.user)
    link(first, second, actor=moderator)
    first.refresh_from_db()
    warned = decide(
        first, actor=moderator, version=first.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban"), MeasureOrder("friendly_warning")],
        explanation="You insulted everybody here.",
    )  # fmt: skip
    lift_measure(warned.measures.get(kind="posting_ban"), reason="We mistook the author.", actor=other_moderator)
    second.refresh_from_db()
    taken_back = decide(second, actor=moderator, version=second.version, outcome="violation",
                        clause=clause("harassment"), measures=[MeasureOrder("friendly_warning")],
                        explanation="You insulted everybody here.")  # fmt: skip
    undo_decision(taken_back, actor=other_moderator, reason="It was a quotation of somebody else.")
    third.refresh_from_db()
    waiting = decide(third, actor=moderator, version=third.version, outcome="violation", clause=clause("harassment"),
                     measures=[MeasureOrder("deactivate")], explanation="You insulted everybody here.")  # fmt: skip
    third.refresh_from_db()
    confirm_decision(waiting.confirmation, actor=other_moderator, version=third.version)
    template = write_template(
        actor=moderator, title="Insults", text="You insulted people.", outcome="no_violation", language="en"
    )
    change_template(template, actor=other_moderator, text="You insulted somebody.")
    write_checkpoints()
    return first


def faults() -> list[str]:
    return list(find_faults())


def tampered(sql: str, *values: Any) -> list[str]:
    """What is found after somebody did this with all triggers off; it is taken back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(WITHOUT_CHECKS)
            cursor.execute(sql, values or None)
            assert cursor.rowcount, sql
            cursor.execute("SET LOCAL session_replication_role = origin")
        found = faults()
        transaction.set_rollback(True)
    return found


def other_value(field: Any, row: Any) -> Any:
    """A value of the field that the row does not have."""
    value = getattr(row, field.attname)
    if isinstance(field, BooleanField):
        return not value
    if isinstance(field, DateTimeField):
        return (value or clock.now()) - timedelta(days=1)
    if isinstance(field, UUIDField):
        return "12345678-1234-5678-1234-567812345678"
    if isinstance(field, ForeignKey) and value is None:
        return field.related_model._default_manager.values_list("pk", flat=True).first() or 1
    if isinstance(field, ForeignKey | IntegerField):
        return 1 if value is None else value + 1
    if isinstance(field, JSONField):
        return '{"posting_ban": 7}'
    if isinstance(field, CharField | TextField):
        return f"{value}x"[-field.max_length :] if field.max_length else f"{value}x"
    return ["x"]


def columns_of(model: type[Model]) -> list[Any]:
    names = {path.partition("__")[0] for path in COVERED[model].columns}
    return [field for field in model._meta.concrete_fields if {field.name, field.attname} & names]


def test_nothing_is_found_where_nothing_was_done(history):
    uncovered: Counter[str] = Counter()
    assert list(find_faults(uncovered)) == []
    assert uncovered.total() == 0


def test_every_column_is_covered_or_an_exception_with_its_reason():
    for model, one in COVERED.items():
        fields = {field.name: field.attname for field in model._meta.concrete_fields}
        named = {path.partition("__")[0] for path in one.columns}
        for name, attname in fields.items():
            covered = {name, attname} & named
            by_other_means = name in one.exceptions
            assert covered or by_other_means, f"{model.__name__}.{name} is neither in seals.py nor an exception there"
        assert all(one.exceptions.values())
        assert not set(one.exceptions) - set(fields), f"{model.__name__} has exceptions that are no columns"
    columns = {field.name: field.attname for field in Case._meta.concrete_fields}
    for name, attname in columns.items():
        assert bool({name, attname} & set(OF_CASE)) != (name in CASE_EXCEPTIONS), f"Case.{name}"


@pytest.mark.slow
def test_a_change_of_any_covered_column_is_found(history):
    missed = []
    for model in TRIED:
        row = model._default_manager.order_by("-pk").first()
        if model is ReasonTemplate:
            row = ReasonTemplate.objects.get(title="Insults")
        table = model._meta.db_table
        for field in columns_of(model):
            value = other_value(field, row)
            found = tampered(f'UPDATE {table} SET "{field.column}" = %s WHERE id = %s', value, row.pk)
            if not found:
                missed.append(f"{model.__name__}.{field.name}")
    assert missed == []
    assert faults() == []


def test_a_deleted_row_is_found(history):
    missed = []
    for model in TRIED:
        table = model._meta.db_table
        rows = "title = 'Insults'" if model is ReasonTemplate else f"id = (SELECT max(id) FROM {table})"
        if not any(COVERED[model].name in one for one in tampered(f"DELETE FROM {table} WHERE {rows}")):
            missed.append(model.__name__)
    assert missed == []


def test_a_forged_row_is_found(history):
    """A copy of a row with another public id, as if it had been decided, said or imposed a second time."""
    missed = []
    for model in (Decision, Measure, StatementOfReasons, PartyMessage, Party, Report):
        table = model._meta.db_table
        columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        own = {"public_id": "gen_random_uuid()", "request_id": "gen_random_uuid()", "event_id": "event_id + 1000000",
               "user_id": "user_id + 1000000", "recipient_id": "recipient_id + 1000000",
               "restriction_id": "NULL", "posting_restriction_id": "NULL", "state": "'upheld'"}  # fmt: skip
        if model is not Report:
            own.pop("state")
        values = ", ".join(own.get(name, f'"{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        found = tampered(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = (SELECT max(id) FROM {table})"
        )
        if not any("no event speaks of it" in one for one in found):
            missed.append((model.__name__, found))
    assert missed == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("track = 'moderated'", "The track of case"),
        ("state = 'open', decided_at = NULL", "is open, and by event"),
        ("clause_id = (SELECT max(id) FROM policy_clause)", "The clause of case"),
        ("lane_id = (SELECT max(id) FROM policy_lane)", "The lane of case"),
        ("at_risk = true", "person at risk"),
        ("not_by = '{7}'", "who may not decide"),
        ("subject_id = (SELECT max(id) FROM subjects_subject)", "The subject of case"),
        ("assignee_id = (SELECT max(id) FROM accounts_user)", "The assignee of case"),
        ("opened_at = opened_at - interval '9 days'", "The opening of case"),
    ],
)
def test_a_changed_case_is_found_and_said_in_plain_words(history, change, said):
    first = "(SELECT min(id) FROM cases_case)"
    assert said in "\n".join(tampered(f"UPDATE cases_case SET {change} WHERE id = {first}"))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE cases_decision SET undone_at = NULL, undone_by_id = NULL WHERE undone_at IS NOT NULL", "decision"),
        ("UPDATE sanctions_measure SET lifted_at = NULL, lifted_by_id = NULL WHERE lifted_at IS NOT NULL", "measure"),
        ("DELETE FROM cases_decision_measures", "decision"),
        ("DELETE FROM sanctions_statementofreasons_measures", "statement of reasons"),
        ("UPDATE cases_casereport SET case_id = (SELECT max(id) FROM cases_case)", "report in a case"),
        ("UPDATE cases_journalevent SET kind = 'template.forgotten'", "of the journal was changed"),
        ("DELETE FROM cases_journalevent WHERE number = 2", "The journal counts 2 events but has 1"),
        ("UPDATE cases_journal SET count = 0, head = ''", "The journal counts 0 events"),
        ("DELETE FROM cases_textkey", "and no event destroyed it"),
    ],
)  # fmt: skip
def test_what_was_undone_lifted_or_linked_cannot_be_made_unseen(history, sql, said):
    assert said in "\n".join(tampered(sql))


def test_the_tail_of_the_journal_cannot_be_cut(history):
    head = JournalEvent.objects.get(number=1).hash
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM cases_journalevent WHERE number = 2")
        cursor.execute("UPDATE cases_journal SET count = 1, head = %s, checkpointed = 1", [head])
        cursor.execute("SET LOCAL session_replication_role = origin")
        assert "The journal does not match its checkpoint" in "\n".join(faults())
        transaction.set_rollback(True)


def test_a_link_that_was_taken_away_cannot_come_back(history, moderator):
    row = CaseLink.objects.get()
    unlink(row.first, row.second, actor=moderator)
    assert faults() == []
    row.pk = None
    row.save()
    assert "says that it is gone" in "\n".join(faults())


def test_events_from_before_are_not_covered_and_no_fault(report, comment, moderator, monkeypatch, pass_time):
    """A history whose events spoke of no rows yet."""
    events = importlib.import_module("moderation.cases.events")
    known = events.draft

    def without_rows(model, **values):
        if model is Event:
            values["rows"] = None
        return known(model, **values)

    def hashed(**values):
        return event_hash(**(values | {"rows": None}))

    event_hash = events.event_hash
    monkeypatch.setattr(events, "draft", without_rows)
    monkeypatch.setattr(events, "event_hash", hashed)
    case = report(comment)
    decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="Blunt, but no violation.")
    monkeypatch.undo()
    uncovered: Counter[str] = Counter()
    assert list(find_faults(uncovered)) == []
    assert uncovered["cases"] == 1
    assert uncovered["decision"] == 1
    # What comes from now on is covered, and what is forged from now on found.
    pass_time(timedelta(hours=1))
    decision = Decision.objects.get()
    undo_decision(decision, actor=moderator, reason="It was no figure of speech.")
    assert list(find_faults()) == []
    Decision.objects.update(undone_at=None, undone_by=None)
    assert "The decision" in "\n".join(find_faults())


def test_what_was_tampered_with_is_found_after_an_action_sealed_the_row_anew(history, other_moderator):
    """Lifting a measure says anew what it is: the reason that somebody changed before does not become the right one."""
    measure = Measure.objects.get(kind="deactivate")
    Measure.objects.filter(pk=measure.pk).update(reason="He said nothing at all.")
    lift_measure(Measure.objects.get(pk=measure.pk), reason="We looked at it again.", actor=other_moderator)
    assert "was changed before it was sealed anew" in "\n".join(faults())


def test_an_ended_measure_is_no_fault(history, pass_time):
    pass_time(timedelta(days=400))
    assert faults() == []


def test_how_much_is_asked_does_not_grow_with_the_cases(many_cases, moderator):
    counts = []
    for count in (2, 9):
        for case in many_cases(count):
            decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation="No violation.")
        with CaptureQueriesContext(connection) as asked:
            assert faults() == []
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_claims_are_events(case, moderator, other_moderator):
    from moderation.cases.actions import release, renew

    claim(case, actor=moderator)
    version = case.version
    renew(case, actor=moderator)
    claim(case, actor=moderator)  # renews it
    release(case, actor=other_moderator)  # nothing to give back
    release(case, actor=moderator)
    kinds = list(Event.objects.filter(case=case).order_by("number").values_list("kind", "actor__username"))
    assert kinds[1:] == [("case.claimed", "mira"), ("case.released", "mira")]
    case.refresh_from_db()
    assert case.version == version
    assert faults() == []


def test_a_report_that_raises_the_clause_says_so_in_its_event(case, report, make_user):
    worse = Clause.objects.filter(severity__gt=case.clause.severity, lane=None).first()
    report(case.subject.target, worse.code, by=make_user("ada"))
    case.refresh_from_db()
    event = Event.objects.filter(case=case).latest("number")
    assert event.data["raised"] == {"clause": worse.code, "track": case.track}


def test_what_is_covered_is_there(history):
    for model in TRIED:
        assert model._default_manager.exists(), model.__name__
