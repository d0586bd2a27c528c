"""The default classifier got a new version: fresh installations begin with it, others try it first (H2, H7)."""

import pytest

from accounts.queries import system_actor
from classifiers.head import shipped_labels
from classifiers.shipped import LATEST, folder_of
from moderation.scoring.configured import configured
from moderation.scoring.declared import BadEntry, declared
from moderation.scoring.models import Classifier
from moderation.scoring.versions import take_over

FIRST = {"name": "text", "kind": "text", "engine": "encoder-head"}
CLAUSES = {
    "toxicity": "code-of-conduct",
    "hate": "hate-speech",
    "harassment": "harassment",
    "threat": "harms-others",
    "sexual": "unrequested-sexual-content",
    "violence": "glorifying-violence",
    "self-harm": "self-harm",
    "spam": "spam",
    "scam": "fraud-phishing",
}


@pytest.fixture
def older(settings, db):
    """older(): an installation of the time before, and back to what the settings say now."""
    now = settings.CLASSIFIERS

    def upgrade() -> None:
        settings.CLASSIFIERS = [FIRST]
        configured()
        settings.CLASSIFIERS = now

    return upgrade


def states():
    return [(row.code, row.state) for row in configured()]


def test_a_fresh_installation_has_the_new_version_alone(db):
    assert states() == [("text@2", "active")]
    assert not Classifier.objects.filter(version=1).exists()


def test_its_labels_speak_for_clauses_from_the_thresholds_of_the_model_card(db):
    [row] = configured()
    said = {one["label"]: (one["threshold"], one["confident"]) for one in shipped_labels(folder_of(LATEST))}
    assert {one.name: one.clause.code for one in row.labels.all()} == CLAUSES
    assert {one.name: (one.threshold, one.confident_threshold) for one in row.labels.all()} == said


def test_an_installation_that_has_the_old_one_tries_the_new_one_beside_it(older, django_assert_num_queries):
    older()
    assert states() == [("text@1", "active"), ("text@2", "trial")]
    with django_assert_num_queries(2):
        configured()
    assert Classifier.objects.get(version=1).options == {}


def test_the_new_one_takes_over_and_the_old_one_stays_retired(older):
    older()
    configured()
    take_over(Classifier.objects.get(version=2), actor=system_actor())
    assert states() == [("text@2", "active")]
    assert Classifier.objects.get(version=1).state == "retired"


def test_a_version_that_an_administrator_added_is_not_written_over(older, caplog, monkeypatch):
    monkeypatch.setattr("moderation.scoring.configured._taken", set())
    older()
    own = Classifier.objects.create(name="text", version=2, kind="text", engine="encoder-head", model="/srv/own")
    assert states() == [("text@1", "active"), ("text@2", "trial")]
    own.refresh_from_db()
    assert (own.model, own.options, own.declared) == ("/srv/own", {}, False)
    assert "“text@2” was added in the administration" in caplog.text


def test_labels_of_the_settings_come_before_those_of_the_head(settings):
    entry = FIRST | {"options": {"head": "adapted"}}
    settings.CLASSIFIERS = [entry | {"labels": [{"name": "spam", "threshold": 0.7}]}]
    [one] = declared()
    assert [(label.name, label.threshold) for label in one.specification.labels] == [("spam", 0.7)]


def test_a_head_that_does_not_exist_is_said(settings):
    settings.CLASSIFIERS = [FIRST | {"options": {"head": "newest"}}]
    with pytest.raises(BadEntry, match="no head “newest”"):
        declared()
