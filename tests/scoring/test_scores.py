"""Scores: saved once, reproducible, shown to the team alone (H6, H7)."""

import pytest
from django.db import IntegrityError, transaction

from classifiers.text import LabelScore
from moderation.scoring.actions import request_scores, revision_of, save_scores
from moderation.scoring.models import ClassifierRevision, Score, ScoreRequest
from moderation.subjects.actions import subject_of, take_snapshot
from tests.cases.conftest import PROVENANCE


@pytest.fixture
def snapshot(comment):
    return take_snapshot(subject_of(comment))


def one(value: float = 0.9, label: str = "toxicity") -> LabelScore:
    return LabelScore(label, value, threshold=0.5, confident_threshold=0.8, start=0, end=5)


def test_asking_twice_is_one_request(snapshot):
    request_scores(snapshot)
    request_scores(snapshot)
    assert ScoreRequest.objects.count() == 1


def test_a_revision_is_written_once_per_combination(db):
    from dataclasses import replace

    assert revision_of(PROVENANCE) == revision_of(PROVENANCE)
    assert revision_of(replace(PROVENANCE, device="cuda")) != revision_of(PROVENANCE)
    assert ClassifierRevision.objects.count() == 2


def test_a_score_that_exists_stays_as_it_is(snapshot):
    revision = revision_of(PROVENANCE)
    save_scores([snapshot], [[one(0.9)]], revision=revision, milliseconds=4)
    save_scores([snapshot], [[one(0.1)]], revision=revision, milliseconds=4)
    assert [score.value for score in Score.objects.all()] == [0.9]


def test_the_time_of_a_batch_is_shared(snapshot, discussion):
    other = take_snapshot(subject_of(discussion))
    save_scores([snapshot, other], [[one()], [one()]], revision=revision_of(PROVENANCE), milliseconds=10)
    assert {score.milliseconds for score in Score.objects.all()} == {5.0}


@pytest.mark.parametrize(("value", "over", "confident"), [(0.49, False, False), (0.5, True, False), (0.8, True, True)])
def test_thresholds_include_their_value(value, over, confident):
    score = Score(value=value, threshold=0.5, confident_threshold=0.8)
    assert (score.over, score.confident) == (over, confident)


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_score_lies_between_0_and_1(snapshot, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        save_scores([snapshot], [[one(value)]], revision=revision_of(PROVENANCE), milliseconds=1)


def test_scores_reach_nobody_outside_the_team(report, score, comment, sign_in, author, reporter, owner, client):
    case = report(comment)
    score(case, "toxicity", 0.9137)
    pages = [comment.discussion.get_absolute_url(), "/inbox", "/reports", f"/{author.username}"]
    for who in (client, sign_in(author), sign_in(reporter), sign_in(owner)):
        for page in pages:
            body = who.get(page, follow=True).content.decode()
            assert "0.91" not in body
            assert "toxicity" not in body
