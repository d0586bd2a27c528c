"""The pipeline: what was reported gets its scores once, and the case its priority (H1, L3)."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import InboxMessage, User
from classifiers import registry
from classifiers.contract import CannotLoad
from classifiers.images.classifier import Unread
from foundation import clock
from foundation.models import Change
from foundation.work import claim
from moderation.automation import batches, pipeline
from moderation.automation.batches import ready_ones
from moderation.automation.pipeline import score_pending
from moderation.cases.models import Case
from moderation.scoring import leases, loading
from moderation.scoring.leases import LEASE
from moderation.scoring.models import Classifier, ClassifierRevision, Score, ScoreRequest
from tests.conftest import concurrent

LABELS = {"toxicity", "hate", "harassment", "threat", "sexual", "violence", "self-harm", "spam", "scam"}


def test_what_was_reported_is_scored_for_every_label_once(report, comment, voices):
    for person in voices:
        report(comment, by=person)
    assert ScoreRequest.objects.count() == 1
    assert score_pending() == 1
    assert score_pending() == 0
    assert {score.label for score in Score.objects.all()} == LABELS
    assert Score.objects.count() == len(LABELS)


def test_a_score_says_where_it_comes_from_and_which_words_decided(report, comment):
    report(comment)
    score_pending()
    score = Score.objects.get(label="toxicity")
    assert score.value > score.threshold
    assert comment.text[score.start : score.end].strip()
    revision = ClassifierRevision.objects.get()
    assert revision.model.startswith("ombud/all-MiniLM-L6-v2@")
    assert len(revision.weights_sha256) == 64
    assert revision.head_version
    assert revision.code_version
    assert revision.device
    assert set(revision.libraries) >= {"torch", "transformers"}


def test_scores_raise_the_priority_and_tell_the_rules(report, comment):
    case = report(comment)
    before = case.rank
    score_pending()
    assert Case.objects.get().rank < before
    assert Change.objects.filter(kind="snapshot.scored").count() == 1


def test_an_empty_text_is_scored_too(report, make_user):
    report(make_user("quiet", fullname="", bio=""), "spam")
    assert score_pending() == 1
    assert Score.objects.count() == len(LABELS)


def test_a_worker_that_died_holds_nobody_up(report, comment, pass_time):
    """It took the request and was never seen again: its lease runs out and another one scores."""
    report(comment)
    assert len(claim(ScoreRequest.objects.all(), limit=10, lease=LEASE)) == 1
    assert score_pending() == 0
    pass_time(LEASE + timedelta(seconds=1))
    assert score_pending() == 1
    assert Score.objects.count() == len(LABELS)
    assert ScoreRequest.objects.get().attempts == 2


def test_a_worker_that_lost_its_lease_saves_nothing(report, comment, pass_time):
    report(comment)
    [ready], _rows = ready_ones()
    [late] = batches.claim(ready)
    pass_time(LEASE + timedelta(seconds=1))
    score_pending()
    saved = set(Score.objects.values_list("pk", flat=True))
    assert pipeline.score(late) == 0
    assert set(Score.objects.values_list("pk", flat=True)) == saved


def test_one_text_that_cannot_be_scored_does_not_hold_up_the_others(report, comment, discussion, owner):
    """A snapshot whose scores the database refuses: it is put back with its reason, the rest is scored."""
    poisoned = report(comment).case_reports.get().report.snapshot_id
    report(discussion)
    report(owner, "spam")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE scoring_score ADD CONSTRAINT poison CHECK (snapshot_id <> {poisoned})")
    assert score_pending() == 2
    left = ScoreRequest.objects.get(done_at=None)
    assert left.snapshot_id == poisoned
    assert "poison" in left.last_error
    assert left.due_at > clock.now()


def test_a_picture_that_nothing_decodes_is_read_as_broken_in_the_end(report, comment, monkeypatch, pass_time):
    report(comment)
    tries = []

    def compute(batch):
        tries.append(batch)
        raise Unread("failed")

    monkeypatch.setattr(pipeline, "compute", compute)
    for _ in range(batches.TRIES + 2):
        pass_time(timedelta(hours=1))
        score_pending()
    assert len(tries) == batches.TRIES
    assert ScoreRequest.objects.get().done_at
    assert not Score.objects.exists()


@pytest.mark.parametrize("length", [100_000])
def test_a_very_long_text_is_scored(report, written, length):
    comment = written("All is well here. " * (length // 18))
    report(comment)
    assert score_pending() == 1


@concurrent
def test_nobody_takes_what_is_being_scored_however_long_it_takes(report, written, pass_time):
    long = written("All is well here. " * 4_000)
    report(long)

    def work():
        score_pending()
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    while not (locked := _is_being_scored()) and worker.is_alive():
        time.sleep(0.02)
    pass_time(LEASE + timedelta(seconds=1))
    taken = claim(ScoreRequest.objects.all(), limit=10, lease=LEASE)
    worker.join()
    assert (locked, taken) == (True, [])
    assert Score.objects.count() == len(LABELS)


def _is_being_scored() -> bool:
    """Whether the one request is claimed and locked."""
    with transaction.atomic():
        claimed = ScoreRequest.objects.filter(attempts=1)
        return claimed.exists() and not claimed.select_for_update(skip_locked=True).exists()


def test_long_texts_are_scored_piece_by_piece(report, many_long):
    for comment in many_long(5):
        report(comment)
    [ready], _rows = ready_ones()
    assert [len(batch.requests) for batch in batches.claim(ready)] == [2, 2, 1]


@pytest.fixture
def many_long(written):
    """many_long(5): comments of 90,000 characters."""
    return lambda count: [written(f"Number {number:02}" + "x" * 89_991) for number in range(count)]


@pytest.fixture
def broken(monkeypatch):
    """broken("why"): nothing can be loaded; broken(""): everything can again."""
    load = registry.load

    def break_or_mend(reason):
        def refuse(spec):
            raise CannotLoad(reason)

        loading.keep_only(set())
        monkeypatch.setattr(registry, "load", refuse if reason else load)

    yield break_or_mend
    loading.keep_only(set())


def test_a_broken_model_blames_no_request_and_loses_none(report, comment, broken, pass_time):
    report(comment)
    broken("The weights are not those that were vetted.")
    assert score_pending() == 0
    row = ScoreRequest.objects.get()
    assert (row.attempts, row.last_error) == (0, "")
    assert "not those that were vetted" in Classifier.objects.get().failure
    broken("")
    assert score_pending() == 0, "it is not tried again at once"
    pass_time(loading.TRY_AGAIN)
    assert score_pending() == 1
    assert Classifier.objects.get().failure == ""


def test_administrators_hear_once_of_a_broken_model(report, comment, broken, make_user, pass_time):
    rosa = make_user("rosa")
    User.objects.filter(pk=rosa.pk).update(is_superuser=True)
    broken("Its weights are on a disk that is gone.")
    for _try in range(2):
        score_pending()
        pass_time(loading.TRY_AGAIN)
    letter = InboxMessage.objects.get(recipient=rosa)
    assert "a disk that is gone" in letter.body
    assert letter.link == f"/admin/scoring/classifier/{Classifier.objects.get().pk}/change/"


def test_too_little_memory_halves_the_batch_and_goes_on(report, written, monkeypatch):
    for number in range(5):
        report(written(f"Number {number} is an idiot."))
    [ready], _rows = ready_ones()
    sizes = []

    class Small:
        provenance = ready.classifier.provenance

        def read(self, items):
            sizes.append(len(items))
            if len(items) > 2:
                raise MemoryError
            return ready.classifier.read(items)

    monkeypatch.setattr(batches, "loaded", lambda row: Small())
    assert score_pending() == 5
    assert sizes == [5, 2, 3, 1, 2]
    assert not ScoreRequest.objects.exclude(last_error="").exists()


def test_where_a_service_scores_the_workers_do_not(report, comment, settings):
    report(comment)
    settings.SCORER = "service"
    assert pipeline.answer_bell() == 0
    settings.SCORER = "worker"
    assert pipeline.answer_bell() == 1


def test_what_ended_its_scorers_is_taken_alone_and_ever_later(report, written, pass_time):
    """Nobody learns which of a batch it was, so all who were in hand come one by one, and what is new does not wait."""
    for number in range(3):
        report(written(f"Number {number}"))
    [ready], _rows = ready_ones()
    for expected in (3, 3, 1):
        assert sum(len(batch.requests) for batch in batches.claim(ready)) == expected
        pass_time(LEASE + timedelta(seconds=1))
    taken = ScoreRequest.objects.get(attempts=3)
    assert taken.due_at < clock.now(), "8 seconds later it is due again"
    ScoreRequest.objects.update(attempts=5, lease=None, lease_until=None)
    [alone] = batches.claim(ready)
    assert len(alone.requests) == 1
    pass_time(LEASE + timedelta(seconds=1))
    assert ScoreRequest.objects.get(pk=alone.requests[0].pk).due_at > clock.now()
    leases.give_back(alone.token, [alone.requests[0].pk])
    assert ScoreRequest.objects.filter(attempts=5, due_at__lte=clock.now()).count() == 3, "not begun, it is due at once"


def test_files_take_turns_and_texts_go_first(report, written, settings, monkeypatch):
    settings.CLASSIFIERS = [
        {"name": "files", "kind": "file", "engine": "files"},
        {"name": "text", "kind": "text", "engine": "encoder-head"},
    ]
    snapshots = [report(written(f"note {n}")).case_reports.get().report.snapshot for n in range(3)]
    ScoreRequest.objects.all().delete()
    ScoreRequest.objects.bulk_create(ScoreRequest(snapshot=one, classifier="files@1") for one in snapshots)
    monkeypatch.setattr(batches, "item_of", lambda kind, snapshot: None)
    score = pipeline.score
    done: list[Any] = []

    def note(batch):
        if len(done) == 1:
            report(written("you idiot"))
        done.append(batch.ready.row.name)
        return score(batch)

    monkeypatch.setattr(pipeline, "score", note)
    assert score_pending() == 4
    assert done == ["files", "files", "text", "files"]
