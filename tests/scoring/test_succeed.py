"""Versions follow each other, and nothing that was reported is lost or counted twice meanwhile (H1, H2)."""

import threading
import time
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connections, transaction

from accounts.queries import system_actor
from foundation.errors import Refused
from moderation.automation import batches, pipeline, succession
from moderation.scoring import drawing, leases, loading
from moderation.scoring.configured import configured
from moderation.scoring.models import Classifier, ClassifierRevision, Score, ScoreRequest
from moderation.scoring.versions import retire, take_over, try_out
from moderation.subjects.models import Snapshot
from tests.conftest import concurrent

TEXT = {"name": "text", "kind": "text", "engine": "encoder-head"}
WORDS = {"name": "words", "kind": "terms", "engine": "terms"}


@pytest.fixture(autouse=True)
def first(settings):
    """The first version is the one in use, whatever a new installation begins with."""
    settings.CLASSIFIERS = [TEXT]


def another(version, **values):
    values = {"state": "trial"} | values
    return Classifier.objects.create(name="text", version=version, kind="text", engine="encoder-head", **values)


def states():
    return [(row.code, row.state) for row in Classifier.objects.filter(name="text").order_by("version")]


def counting():
    return set(Score.objects.counting().values_list("revision__classifier", flat=True))


def test_back_to_the_version_before_it_counts_again(settings, db, caplog):
    for said, expected in (
        (TEXT, [("text@1", "active")]),
        (TEXT | {"version": 2}, [("text@1", "retired"), ("text@2", "active")]),
        (TEXT, [("text@1", "active"), ("text@2", "retired")]),
    ):
        settings.CLASSIFIERS = [said]
        configured()
        assert states() == expected
    assert "No classifier of texts is active" not in caplog.text


def test_what_an_administrator_retired_the_settings_do_not_bring_back(settings, db):
    settings.CLASSIFIERS = [TEXT]
    configured()
    retire(Classifier.objects.get(), actor=system_actor())
    assert configured() == []


def test_that_nobody_reads_texts_is_said(settings, db, caplog):
    settings.CLASSIFIERS = [TEXT]
    configured()
    found = lambda: {one.id for one in run_checks(tags=["ombud"], databases=["default"])}  # noqa: E731
    assert "ombud.W003" not in found()
    retire(Classifier.objects.get(), actor=system_actor())
    configured()
    configured()
    assert caplog.text.count("No classifier of texts is active") == 1
    assert "ombud.W003" in found()


def test_what_waits_for_a_version_that_left_the_settings_is_the_next_ones(settings, report, comment):
    settings.CLASSIFIERS = [TEXT, WORDS]
    rows = configured()
    report(comment)
    drawing.draw(rows)
    settings.CLASSIFIERS = [TEXT | {"version": 2}, WORDS]
    pipeline.score_pending()
    assert not ScoreRequest.objects.filter(done_at=None).exists()
    assert counting() == {"text@2"}


def test_what_was_stranded_before_is_found(report, comment):
    report(comment)
    configured()
    another(2, state="retired")
    ScoreRequest.objects.update(classifier="text@2")
    assert pipeline.score_pending() == 1
    assert counting() == {"text@1"}


def test_of_two_versions_one_counts_though_it_scores_later(report, comment):
    report(comment)
    pipeline.score_pending()
    two = another(2)
    ScoreRequest.objects.create(snapshot=Snapshot.objects.get(), classifier="text@2")
    take_over(two, actor=system_actor())
    succession.replace_scores()
    assert counting() == {"text@1"}, "until the new one has something to say"
    pipeline.score_pending()
    assert counting() == {"text@2"}


def test_of_two_who_follow_none_overtakes_the_other(report, written, monkeypatch):
    configured()
    for number in range(2):
        report(written(f"idiot {number}"))
    for version in (1, 2, 3):
        if version > 1:
            another(version)
        revision = ClassifierRevision.objects.create(
            fingerprint=str(version), name="text", libraries={}, classifier=f"text@{version}"
        )
        for snapshot in Snapshot.objects.all():
            Score.objects.create(
                snapshot=snapshot, revision=revision, label="toxicity", value=0.5, threshold=0.5,
                confident_threshold=1, start=0, end=0, milliseconds=1, counts=version == 1,
            )  # fmt: skip
    take_over(Classifier.objects.get(version=2), actor=system_actor())
    monkeypatch.setattr(succession, "PORTION", 1)
    replace = succession._replace
    seen: list[Any] = []

    def overtaken(row, keys):
        done = replace(row, keys)
        if not seen:
            seen.append(row)
            take_over(Classifier.objects.get(version=3), actor=system_actor())
            succession.replace_scores()
        return done

    monkeypatch.setattr(succession, "_replace", overtaken)
    succession.replace_scores()
    assert counting() == {"text@3"}


def test_a_draw_with_an_old_view_strands_nothing(settings, report, comment):
    settings.CLASSIFIERS = [TEXT, WORDS]
    configured()
    one, two = Classifier.objects.get(name="text"), another(2)
    take_over(two, actor=system_actor())
    stale = configured()
    report(comment)
    take_over(one, actor=system_actor())
    drawing.draw(stale)
    assert set(ScoreRequest.objects.filter(done_at=None).values_list("classifier", flat=True)) == {"text@1", "words@1"}


def test_what_comes_while_no_version_is_active_waits_for_the_next(settings, report, comment):
    settings.CLASSIFIERS = [TEXT, WORDS]
    configured()
    retire(Classifier.objects.get(name="text"), actor=system_actor())
    report(comment)
    assert pipeline.score_pending() == 1, "the terms do not wait"
    take_over(another(2), actor=system_actor())
    pipeline.score_pending()
    assert counting() == {"text@2"}


def test_alone_on_trial_it_takes_nothing_from_the_one_to_come(report, comment):
    configured()
    retire(Classifier.objects.get(), actor=system_actor())
    another(2)
    report(comment)
    assert pipeline.score_pending() == 0
    assert ScoreRequest.objects.get().classifier == ScoreRequest.ANY


@concurrent
def test_retiring_and_scoring_do_not_wait_for_each_other(report, written):
    report(written("Hello idiot"))
    configured()
    two = another(2)
    drawing.draw(configured())
    [ready] = [one for one in batches.ready_ones()[0] if one.row.pk == two.pk]
    [batch] = batches.claim(ready)
    batches.prepare(batch)
    batches.compute(batch)
    held, errors = threading.Event(), []

    def scorer():
        try:
            with transaction.atomic():
                ours = leases.complete(batch.token, [one.pk for one in batch.requests])
                held.set()
                time.sleep(0.5)
                batches.save(batch, ours)
        except Exception as error:  # noqa: BLE001 - a deadlock, or what it should be
            errors.append(type(error))
        finally:
            connections.close_all()

    thread = threading.Thread(target=scorer)
    thread.start()
    held.wait(10)
    retire(two, actor=system_actor())
    thread.join()
    assert errors == [batches.RetiredMeanwhile]


def test_where_it_is_loaded_it_goes_on_though_another_process_could_not_load_it(report, comment):
    report(comment)
    batches.ready_ones()
    loading.disable(Classifier.objects.get(), "This machine has no such disk.")
    assert pipeline.score_pending() == 1
    assert Classifier.objects.get().failure, "and says so until it can be loaded there"


def test_of_an_image_no_characters_are_marked(report, comment, monkeypatch):
    report(comment)
    [ready], _rows = batches.ready_ones()
    [batch] = batches.claim(ready)
    batches.prepare(batch)
    batches.compute(batch)
    batch.texts = []
    batches.save_computed(batch)
    assert set(Score.objects.values_list("start", "end")) == {(0, 0)}


def test_a_model_in_a_deep_folder_is_noted_whole(report, comment, settings, tmp_path):
    import shutil

    from classifiers.head import DEFAULT_HEAD

    folder = tmp_path / ("a" * 60) / "head"
    shutil.copytree(DEFAULT_HEAD, folder)
    settings.CLASSIFIERS = [TEXT | {"model": str(folder)}]
    report(comment)
    assert pipeline.score_pending() == 1


def test_what_the_settings_name_no_longer_takes_nothing_over(db, settings):
    """They would retire it again at once, and no version would count."""
    settings.CLASSIFIERS = [TEXT, TEXT | {"version": 2, "state": "trial"}]
    configured()
    settings.CLASSIFIERS = [TEXT]
    configured()
    two = Classifier.objects.get(version=2)
    for action in (take_over, try_out):
        with pytest.raises(Refused, match="no longer"):
            action(two, actor=system_actor())
    assert states() == [("text@1", "active"), ("text@2", "retired")]
    settings.CLASSIFIERS = [TEXT, TEXT | {"version": 2, "state": "trial"}]
    take_over(two, actor=system_actor())
    configured()
    assert states() == [("text@1", "retired"), ("text@2", "active")]
