"""Classifiers in the administration: wrong input says what to do, versions are compared before one counts (H2, H6)."""

import pytest
from django.urls import reverse

from accounts.models import User
from moderation.scoring.configured import configured
from moderation.scoring.models import Classifier, ClassifierRevision, Score
from moderation.subjects.models import Snapshot

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ADD = reverse("admin:scoring_classifier_add")
LIST = reverse("admin:scoring_classifier_changelist")
NEW = {
    "name": "spam", "version": "1", "kind": "text", "engine": "sequence", "model": "somebody/model",
    "revision": COMMIT, "languages": "en,th", "device": "", "precision": "", "options": "{}",
    "labels-TOTAL_FORMS": "1", "labels-INITIAL_FORMS": "0",
    "labels-0-name": "spam", "labels-0-output": "LABEL_1", "labels-0-threshold": "0.6",
    "labels-0-confident_threshold": "0.9",
}  # fmt: skip


@pytest.fixture
def root(make_user, client):
    person = make_user("rosa")
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    client.force_login(User.objects.get(pk=person.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_new_version_begins_on_trial(root):
    assert root.post(ADD, NEW).status_code == 302
    row = Classifier.objects.get(name="spam")
    assert (row.state, row.languages, row.declared) == ("trial", ["en", "th"], False)
    [label] = row.specification.labels
    assert (label.name, label.output, label.threshold, label.confident_threshold) == ("spam", "LABEL_1", 0.6, 0.9)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "not a name"}, "valid"),
        ({"model": ""}, "needs a model"),
        ({"model": "what is this"}, "Name a folder"),
        ({"revision": ""}, "40 digits"),
        ({"revision": "main"}, "40 digits"),
        ({"model": "/models/spam"}, "leave it empty"),
        ({"kind": "image"}, "This engine reads text"),
        ({"engine": "terms", "kind": "terms"}, "has no model"),
        ({"options": '{"trust_remote_code": true}'}, "no code and no pickle"),
        ({"options": "[1]"}, "Write an object"),
        ({"options": "{"}, "valid JSON"),
        ({"options": '{"window": NaN}'}, "valid JSON"),
        ({"options": '{"window": Infinity}'}, "valid JSON"),
        ({"options": r'{"a": "\u0000"}'}, "valid JSON"),
        ({"options": r'{"a": "\ud800"}'}, "valid JSON"),
        ({"languages": "English"}, "at most 3 characters"),
        ({"device": "tpu"}, "valid value"),
        ({"labels-0-threshold": "2"}, "less than or equal to 1"),
        ({"labels-0-confident_threshold": "0.1"}, "must not lie below"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(root, change, said):
    answer = root.post(ADD, NEW | change)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Classifier.objects.exists()


def test_a_version_there_already_is_no_error_of_the_server(root):
    root.post(ADD, NEW)
    assert "has this version already" in root.post(ADD, NEW).content.decode()


def run(root, action, row):
    data = {"action": action, "_selected_action": [row.pk]}
    answer = root.post(LIST, data, follow=True)
    return answer.content.decode()


def test_actions_switch_versions(root):
    configured()
    old = Classifier.objects.get()
    new = Classifier.objects.create(name="text", version=3, kind="text", engine="encoder-head")
    assert "1 classifier changed." in run(root, "let_take_over", new)
    assert [row.state for row in Classifier.objects.all()] == ["retired", "active"]
    assert "This version is active already." in run(root, "let_take_over", new)
    run(root, "put_on_trial", old)
    run(root, "put_away", new)
    assert [row.state for row in Classifier.objects.all()] == ["trial", "retired"]


def test_a_disabled_one_says_why_and_can_be_tried_again(root):
    row = Classifier.objects.create(
        name="spam",
        kind="text",
        engine="sequence",
        failure="There is no folder /models.",
        failed_at="2026-01-01T00:00Z",
    )
    assert "There is no folder /models." in root.get(LIST).content.decode()
    run(root, "try_again", row)
    assert Classifier.objects.get().failure == ""


def test_what_counts_and_what_the_settings_say_is_not_changed_here(root):
    configured()
    row = Classifier.objects.get()
    answer = root.post(reverse("admin:scoring_classifier_change", args=[row.pk]), NEW)
    assert answer.status_code == 403
    assert root.post(reverse("admin:scoring_classifier_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_name_and_version_stay_and_what_it_says_once_it_has_scored(root, report, comment):
    root.post(ADD, NEW)
    row = Classifier.objects.get(name="spam")
    change = reverse("admin:scoring_classifier_change", args=[row.pk])
    [label] = row.labels.all()
    kept = NEW | {"labels-INITIAL_FORMS": "1", "labels-0-id": label.pk, "labels-0-classifier": row.pk}
    assert root.post(change, kept | {"name": "other", "version": "2", "languages": "en"}).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.languages) == ("spam@1", ["en"])

    report(comment)
    revision = ClassifierRevision.objects.create(fingerprint="x", name="spam", libraries={}, classifier="spam@1")
    values = {"value": 0.5, "threshold": 0.5, "confident_threshold": 1, "start": 0, "end": 0, "milliseconds": 1}
    Score.objects.create(snapshot=Snapshot.objects.get(), revision=revision, label="spam", counts=False, **values)
    for wrong in ({"languages": "en,th"}, {"languages": "en", "labels-0-output": "LABEL_0"}):
        assert "It has scored already" in root.post(change, kept | wrong).content.decode()
    moved = kept | {"languages": "en", "device": "cpu"}
    assert root.post(change, moved).status_code == 302, "where it runs may change"


def test_nobody_else_sees_them(client, sign_in, moderator):
    for who in (client, sign_in(moderator)):
        assert who.get(LIST).status_code == 302
