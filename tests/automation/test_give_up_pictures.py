"""A picture that kills whatever decodes it: tried for a while, held up by nobody's fault, and never taken for clean."""

from datetime import timedelta

import pytest
from django.db import connection

from classifiers.images import decoder
from moderation.automation import batches
from moderation.scoring.models import Score, ScoreRequest
from moderation.subjects.actions import subject_of, take_snapshot
from moderation.subjects.files import content_of_file
from repositories.actions import commit
from tests.automation.test_service import running
from tests.classifiers.drawing import encoded, endless_jpeg, picture
from tests.conftest import concurrent
from tests.processes import wait_until

HASH = "f" * 64


@pytest.fixture
def pictures(settings):
    """A classifier of pictures beside the one of texts."""
    settings.CLASSIFIERS = [
        {"name": "pictures", "kind": "image", "engine": "pdq", "options": {"lists": {"known": [HASH]}}},
        {"name": "text", "kind": "text", "engine": "encoder-head"},
    ]
    batches.ready_ones()


@pytest.fixture
def asked(repository, owner, pictures):
    """asked("a.jpg", bytes): the request for what is known of a file."""

    def ask(name: str, data: bytes) -> ScoreRequest:
        commit(repository, {name: data}, actor=owner, message="Add")
        snapshot = take_snapshot(subject_of(repository), content_of_file(repository, name))
        return ScoreRequest.objects.create(snapshot=snapshot, classifier="pictures@1")

    return ask


@concurrent
def test_it_is_given_up_and_holds_up_no_other(asked, report, written, monkeypatch, pass_time):
    monkeypatch.setattr(decoder, "SECONDS", 1)
    monkeypatch.setattr(batches, "TRIES", 3)
    kills, fine = asked("kills.jpg", endless_jpeg()), asked("fine.png", encoded(picture()))
    with running() as service:
        report(written("Thank you for this model, it is very helpful."))
        wait_until(lambda: Score.objects.filter(label="toxicity").exists(), why="the text", seconds=60)
        wait_until(lambda: _now(fine).done_at is not None, why="the fine picture", seconds=60)
        for number in (1, 2):
            wait_until(
                lambda: _now(kills).last_error != "" and _now(kills).lease is None, why=f"try {number}", seconds=60
            )
            assert (_now(kills).last_error, _now(kills).done_at) == ("Unread: too_slow", None)
            ScoreRequest.objects.filter(pk=kills.pk).update(last_error="")
            pass_time(timedelta(hours=1))
            connection.commit()
        wait_until(lambda: _now(kills).done_at is not None, why="the end of it", seconds=60)
        assert not service.failed
    assert _now(kills).attempts == 3
    # Without any score, it passes for nothing; the other has its own.
    assert not Score.objects.filter(snapshot=kills.snapshot).exists()
    assert Score.objects.filter(snapshot=fine.snapshot).exists()


def _now(request: ScoreRequest) -> ScoreRequest:
    return ScoreRequest.objects.get(pk=request.pk)
