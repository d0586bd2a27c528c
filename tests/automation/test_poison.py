"""Texts and files that are made to break a scorer: each is done, none is lost, and none holds up another (H1, L3)."""

import pytest

from moderation.automation import batches
from moderation.scoring.models import Score, ScoreRequest
from moderation.subjects.actions import subject_of, take_snapshot
from moderation.subjects.files import content_of_file
from repositories.actions import commit
from tests.automation.test_service import done, running
from tests.conftest import concurrent
from tests.processes import wait_until

# What a database can hold of it; `tests.classifiers.test_survive` has the rest.
TEXTS = ["a" * 1_000_000, "\u200d" * 100_000, "a" + "\u0301" * 100_000, "\u202e" * 10_000, "\ufdfa" * 1_000, " "]
FILES = [b"", b"\xff\xfe\x00", b"\xc3\x28" * 5_000, b"\xed\xa0\x80" * 500, bytes(range(256)) * 40, b"a\x00b"]


@pytest.mark.slow
@concurrent
def test_the_scorer_reads_on_and_loses_nothing(report, written, repository, owner, settings):
    settings.CLASSIFIERS = [
        {"name": "files", "kind": "file", "engine": "files"},
        {"name": "pictures", "kind": "image", "engine": "pdq", "options": {"lists": {"known": ["f" * 64]}}},
        {"name": "text", "kind": "text", "engine": "encoder-head"},
    ]
    batches.ready_ones()
    for text in TEXTS:
        report(written(text))
    for number, data in enumerate(FILES):
        name = f"{number}.png"
        commit(repository, {name: data}, actor=owner, message="Add")
        snapshot = take_snapshot(subject_of(repository), content_of_file(repository, name))
        for code in ("files@1", "pictures@1", "text"):
            ScoreRequest.objects.get_or_create(snapshot=snapshot, classifier=code)
    asked = ScoreRequest.objects.count()
    assert asked >= len(TEXTS) + 3 * len(FILES)
    with running() as service:
        report(written("You are a worthless idiot, shut up."))
        wait_until(lambda: done() > asked and not _left().exists(), why="all of them", seconds=240)
        assert not service.failed
    assert not ScoreRequest.objects.exclude(last_error="").exists()
    texts = ScoreRequest.objects.filter(classifier="text").values_list("snapshot", flat=True)
    assert set(texts) == set(Score.objects.filter(label="toxicity").values_list("snapshot", flat=True))
    assert Score.objects.get(snapshot__text="You are a worthless idiot, shut up.", label="toxicity").over


def _left():
    return ScoreRequest.objects.filter(done_at=None)
