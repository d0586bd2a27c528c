"""manage.py verify_events: says what it checked, and exits with 1 for a fault (J6)."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from moderation.cases.actions import decide_directly
from moderation.cases.checkpoints import write_checkpoints

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(comment, moderator, clause):
    """One case with two events: what it looked like, and the decision."""
    decision = decide_directly(
        comment, kind="posting_ban", clause=clause("harassment"), reason="You called people idiots.", actor=moderator
    )
    write_checkpoints()
    return decision.case


def run() -> str:
    output = io.StringIO()
    call_command("verify_events", stdout=output)
    return output.getvalue()


def rewrite(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_nothing_to_check():
    assert run() == "0 events and 0 checkpoints checked. Faults: none.\n"


def test_no_fault(case):
    assert run() == f"{case.event_count} events and 1 checkpoints checked. Faults: none.\n"


def test_changed_event(case):
    rewrite("UPDATE cases_event SET kind = 'case.forgotten' WHERE number = 2")
    with pytest.raises(CommandError, match="Faults: 1") as raised:
        run()
    assert raised.value.returncode == 1


def test_changed_checkpoints(case, settings):
    path = Path(settings.CHECKPOINT_FILE)
    path.write_text(path.read_text().replace('"count": 2', '"count": 3'))
    with pytest.raises(CommandError, match="Faults: 1"):
        run()
