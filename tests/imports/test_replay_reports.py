"""Replaying reports: every imported comment once, in a seeded order, through the form's action."""

import random

import pytest
from django.core.management import CommandError, call_command

from moderation.cases.models import Case
from moderation.reports.models import Report
from moderation.scoring.models import ScoreRequest


@pytest.fixture
def imported(db, tmp_path, capsys) -> None:
    path = tmp_path / "comments.csv"
    path.write_text("text\n" + "\n".join(f"comment {number}" for number in range(12)))
    call_command("import_comments", path)


def order() -> list[str]:
    return list(Report.objects.order_by("pk").values_list("subject__comment__text", flat=True))


def test_every_comment_is_reported_once(imported, capsys) -> None:
    for _run in range(2):
        call_command("replay_reports", reporters=3)
    assert (Report.objects.count(), Case.objects.count(), ScoreRequest.objects.count()) == (12, 12, 12)
    assert Report.objects.values("reporter").distinct().count() > 1
    assert set(Report.objects.values_list("confidential", flat=True)) == {True}


def test_the_order_is_shuffled_and_the_same_for_a_seed(imported, capsys) -> None:
    call_command("replay_reports", seed=7)
    first = order()
    assert first != sorted(first)
    expected = sorted(first, key=lambda text: int(text.split()[1]))
    random.Random(7).shuffle(expected)
    assert first == expected


def test_what_is_missing_is_named(db) -> None:
    with pytest.raises(CommandError, match="run import_comments first"):
        call_command("replay_reports")
