"""manage.py lift: undoes what impose did."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command

from accounts.posting import standing_restriction
from moderation.cases.actions import decide_directly
from moderation.sanctions.models import Measure


@pytest.fixture
def measure(comment, moderator, clause) -> Measure:
    return decide_directly(
        comment, kind="posting_ban", clause=clause("harassment"), reason="You called people idiots.", actor=moderator
    ).measures.get()


def run(measure_id: object, *args: str) -> str:
    output = io.StringIO()
    call_command("lift", str(measure_id), "--reason=We were wrong.", *args, stdout=output)
    return output.getvalue()


def test_lift(measure, author, moderator):
    assert "Lifted" in run(measure.public_id, "--as=mira")
    measure.refresh_from_db()
    assert (measure.lifted_by, measure.lift_reason) == (moderator, "We were wrong.")
    assert standing_restriction(author) is None


@pytest.mark.parametrize(("measure_id", "words"), [(uuid.uuid4(), "There is no measure"), ("x", "invalid UUID")])
def test_unknown_measure(db, measure_id, words):
    with pytest.raises(CommandError, match=words):
        run(measure_id)


def test_twice(measure):
    run(measure.public_id)
    with pytest.raises(CommandError, match="holds no more"):
        run(measure.public_id)
