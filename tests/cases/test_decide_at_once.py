"""A decision that nobody has to confirm is a few statements: they write what the long way writes, and nothing else."""

import importlib
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from accounts.models import InboxMessage, MailDelivery
from foundation.models import Change
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.actions.locking import lock_row
from moderation.cases.as_locked import take_over
from moderation.cases.chain import SEALED
from moderation.cases.events import words
from moderation.cases.models import Case, Decision, Event
from moderation.reports.models import Report, ReporterRecord
from moderation.sanctions.models import Measure, StatementOfReasons

WORDS = "You called people idiots and told them to shut up."
NO_VIOLATION: dict[str, Any] = {"outcome": "no_violation", "explanation": WORDS}
WRITTEN = (
    Case, Event, Decision, Measure, StatementOfReasons, Decision.measures.through, StatementOfReasons.measures.through,
    InboxMessage, MailDelivery, Change, Report, ReporterRecord,
)  # fmt: skip
# What differs between any two decisions: keys, hashes and moments, and what events say of rows.
OWN = re.compile(r"(^|_)(id|hash|head|at|until)$|^object_id$|^rows$|^event_count$")
UNIQUE = re.compile(r"[0-9a-f]{8}-?[0-9a-f-]{24,}|\d{4}-\d\d-\d\dT[\d:.+]+")


@pytest.fixture
def reported(case, report, comment, make_user):
    """The case with three reports, in two languages, the clauses and an address unlike each other."""
    report(comment, by=make_user("ana", language="th"))
    report(comment, "spam", by=make_user("ben", email=""))
    case.refresh_from_db()
    return case


@pytest.fixture
def violation(clause):
    def make(*kinds):
        orders = [MeasureOrder(kind) for kind in kinds]
        return {"outcome": "violation", "clause": clause("harassment"), "measures": orders, "explanation": WORDS}

    return make


def written() -> dict[str, list[Any]]:
    """Every row that a decision could write, without what differs between any two."""
    rows = {model.__name__: sorted(map(_plain, model._default_manager.all()), key=str) for model in WRITTEN}
    # One way says in its event what it leaves of rows, the other in one that follows.
    rows["Event"] = [one for one in rows["Event"] if one["kind"] != SEALED]
    return rows


def _plain(row: Any) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    if isinstance(row, Event):
        values["data"] = {name: value for name, value in row.data.items() if name != "text"}
    recipient = {"to": row.recipient_id} if hasattr(row, "recipient_id") else {}
    kept = {name: value for name, value in values.items() if not OWN.search(name) and not isinstance(value, UUID)}
    return recipient | {
        name: UNIQUE.sub("…", value) if isinstance(value, str) else value for name, value in kept.items()
    }


def rows_of(case: Case, verdict: dict[str, Any], actor: Any) -> dict[str, list[Any]]:
    """What a decision writes; it is taken back afterwards."""
    with transaction.atomic():
        decision = decide(case, actor=actor, version=case.version, **verdict)
        rows = written()
        assert words(Event.objects.get(decision=decision)) == WORDS
        transaction.set_rollback(True)
    case.refresh_from_db()
    return rows


@pytest.mark.parametrize("kinds", [(), ("friendly_warning",), ("posting_ban", "friendly_warning"), ("hold",)])
def test_both_ways_write_the_same_rows(reported, moderator, violation, kinds, monkeypatch):
    module = importlib.import_module("moderation.cases.actions.decide")
    verdict = violation(*kinds) if kinds else NO_VIOLATION
    short = rows_of(reported, verdict, moderator)
    known = module.circumstances_of

    def as_if_a_rule_had_acted(*args, **values):
        return replace(known(*args, **values), interim=True)

    monkeypatch.setattr(module, "circumstances_of", as_if_a_rule_had_acted)
    assert rows_of(reported, verdict, moderator) == short
    assert len(short["InboxMessage"]) == 3 + bool(kinds)
    assert len(short["Decision_measures"]) == len(kinds)


@pytest.mark.parametrize(("kinds", "queries"), [((), 6), (("friendly_warning",), 6)])
def test_it_costs_few_statements(reported, moderator, violation, kinds, queries, django_assert_num_queries):
    """Case, what it is about, what there is, stakes; reports; what is new, with outcomes, letters; and a savepoint."""
    verdict = violation(*kinds) if kinds else NO_VIOLATION
    assert moderator.has_perm("cases.decide")  # as a request knows it
    with django_assert_num_queries(queries):
        decide(reported, actor=moderator, version=reported.version, **verdict)


def test_the_callers_case_says_what_holds_now(case, moderator, other_moderator):
    stale = Case.objects.select_related("subject").get(pk=case.pk)
    stale.assignee = other_moderator
    Case.objects.filter(pk=case.pk).update(assignee=moderator)
    with transaction.atomic():
        take_over(stale, lock_row(case))
    assert stale.assignee == moderator  # asked again, as another one
    assert "subject" in stale._state.fields_cache
    case.refresh_from_db()
    names = [field.attname for field in Case._meta.concrete_fields]
    assert [getattr(stale, name) for name in names] == [getattr(case, name) for name in names]
