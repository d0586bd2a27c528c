"""How a configured classifier treats groups: asked for by page, API or command, measured by a worker, kept (H8)."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.queries import system_actor
from classifiers.evaluation.measuring import How
from foundation import bells
from foundation.errors import Forbidden, Refused
from moderation.scoring.bias import ask, measure_waiting
from moderation.scoring.models import BiasReport, Classifier, TermList
from tests.api.conftest import program

__all__ = ["program"]

HOW = How(rounds=50)
# Whatever names old people is flagged, whether it is harmless or not.
LINES = ["gay idiots,1", "gay friends,0", "old idiots,1", "old friends,0"]
CSV = "\n".join(["text,label", *LINES * 25]).encode()


@pytest.fixture
def classifier(db, settings) -> Classifier:
    """A real one that needs no model: “idiots” is bad, and it takes “old” for bad too."""
    settings.CLASSIFIERS = []
    words = TermList.objects.create(name="Words", label="toxicity")
    for text, weight in (("idiots", 0.9), ("old", 0.8)):
        words.terms.create(text=text, weight=weight)
    return Classifier.objects.create(name="words", kind="terms", engine="terms", state="active")


@pytest.fixture
def without(moderator):
    """A moderator who may not see thresholds."""
    Group.objects.get(name="Moderators").permissions.remove(Permission.objects.get(codename="see_thresholds"))
    return type(moderator).objects.get(pk=moderator.pk)


def test_a_worker_measures_it_and_the_file_goes(classifier, moderator):
    row = ask(classifier, "../rows.csv", CSV, HOW, actor=moderator)
    assert (row.file, row.done_at) == ("rows.csv", None)
    assert measure_waiting() == 1
    row.refresh_from_db()
    old = {one["term"]: one for one in row.figures["bias"]["terms"]}["old"]
    assert (old["rows"], old["false_positives"], old["false_positive_gap"]["value"]) == (50, 25, 1)
    assert (bytes(row.data), row.revision.classifier, row.asked_by) == (b"", "words@1", moderator)
    assert row.figures["source"]["sha256"] == row.sha256
    assert measure_waiting() == 0


def test_equal_files_give_equal_figures(classifier, moderator):
    rows = [ask(classifier, "rows.csv", CSV, HOW, actor=moderator) for _ in range(2)]
    measure_waiting()
    first, second = (BiasReport.objects.get(pk=one.pk) for one in rows)
    assert first.figures == second.figures


@pytest.mark.parametrize(
    ("data", "how", "why"),
    [
        (b"text,label\n\xff,1\n", HOW, "not UTF-8"),
        (b"text,label\n", HOW, "holds no rows"),
        (b"text,label\nold friends,0\n", HOW, "All 1 rows"),
        (CSV, How(label="spam"), "no label “spam”"),
        (CSV, How(column="truth"), "no column “truth”"),
        (b"text,label\nstones,1\ntrees,0\n", HOW, "No row names a term"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_is_not_tried_again(classifier, moderator, data, how, why):
    row = ask(classifier, "rows.csv", data, how, actor=moderator)
    measure_waiting()
    row.refresh_from_db()
    assert why in row.refusal
    assert row.done_at is not None
    assert row.figures is None


def test_a_classifier_that_cannot_be_loaded_keeps_it_waiting(classifier, moderator):
    row = ask(classifier, "rows.csv", CSV, HOW, actor=moderator)
    Classifier.objects.filter(pk=classifier.pk).update(options={"lists": "not a list"})
    assert measure_waiting() == 0
    row.refresh_from_db()
    assert "is disabled" in row.last_error
    assert (row.done_at, bytes(row.data)) == (None, CSV)


def test_what_can_be_asked_for(classifier, moderator, without, reporter):
    for person in (reporter, without):
        with pytest.raises(Forbidden):
            ask(classifier, "rows.csv", CSV, HOW, actor=person)
    with pytest.raises(Refused, match="with rows"):
        ask(classifier, "rows.csv", b"", HOW, actor=system_actor())
    with pytest.raises(Refused, match="reads no texts"):
        ask(Classifier(name="a", kind="image"), "rows.csv", CSV, HOW, actor=system_actor())
    for _ in range(5):
        ask(classifier, "rows.csv", CSV, HOW, actor=system_actor())
    with pytest.raises(Refused, match="wait until"):
        ask(classifier, "rows.csv", CSV, HOW, actor=system_actor())


def test_asking_rings_a_bell_that_somebody_answers(classifier, moderator, django_capture_on_commit_callbacks):
    ask(classifier, "rows.csv", CSV, HOW, actor=moderator)
    assert "measure_bias" in bells.rung


def test_the_command_keeps_it(classifier, tmp_path, capsys):
    path = tmp_path / "rows.csv"
    path.write_bytes(CSV)
    call_command("bias_report", "words", path, keep=True, rounds=50)
    row = BiasReport.objects.get()
    assert str(row.public_id) in capsys.readouterr().out
    assert row.figures["bias"]["worst"]["false_positive_gap"] in ("gay", "old")
    with pytest.raises(CommandError, match="no classifier “letters” in use"):
        call_command("bias_report", "letters", path, keep=True)
    path.write_bytes(b"text,label\nold friends,0\n")
    with pytest.raises(CommandError, match="All 1 rows"):
        call_command("bias_report", "words@1", path, keep=True)


def test_by_page(classifier, moderator, sign_in):
    client = sign_in(moderator)
    form = {"file": SimpleUploadedFile("rows.csv", CSV), "label": "toxicity", "text": "text", "column": "label"}
    sent = client.post(reverse("quality:ask_bias", args=["words@1"]), {**form, "sample": 4000})
    row = BiasReport.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, reverse("quality:bias", args=[row.public_id]))
    assert "waits for a worker" in client.get(sent["Location"]).content.decode()
    measure_waiting()
    page = client.get(sent["Location"]).content.decode()
    assert "+1.000" in page
    assert page.count('<figure class="plot">') == 5
    assert 'style="' not in page
    assert "rows.csv" in client.get(reverse("quality:classifier", args=["words@1"])).content.decode()
    refused = client.post(reverse("quality:ask_bias", args=["words@1"]), {"label": "toxicity"})
    assert refused.status_code == 422


def test_by_api(classifier, moderator, program):
    client = program(moderator, "moderate")
    path = "/api/v1/classifiers/words@1/bias-reports"
    sent = client.post(f"{path}?name=rows.csv", CSV, content_type="application/octet-stream")
    assert (sent.status_code, sent.json()["figures"]) == (202, None)
    measure_waiting()
    shown = client.get(f"/api/v1/bias-reports/{sent.json()['id']}").json()
    assert shown["figures"]["bias"]["rows"] == 100
    assert client.get(path).json()["results"][0]["id"] == shown["id"]
    assert client.get("/api/v1/classifiers/words@2/bias-reports").status_code == 404
    nameless = client.post(path, CSV, content_type="application/octet-stream")
    assert (nameless.status_code, nameless.json()["errors"][0]["attr"]) == (400, "name")


def test_for_those_who_see_thresholds_only(classifier, without, reporter, sign_in, program, client):
    row = ask(classifier, "rows.csv", CSV, HOW, actor=system_actor())
    measure_waiting()
    pages = [
        reverse("quality:classifiers"),
        reverse("quality:classifier", args=["words@1"]),
        reverse("quality:label", args=["words@1", "toxicity"]),
        reverse("quality:bias", args=[row.public_id]),
    ]
    for page in pages:
        assert client.get(page).status_code == 302
        assert sign_in(reporter).get(page).status_code == 404
        assert sign_in(without).get(page).status_code == 403
    assert sign_in(without).post(reverse("quality:ask_bias", args=["words@1"])).status_code == 403
    paths = ["classifiers", "classifiers/words@1/bias-reports", f"bias-reports/{row.public_id}"]
    for person, scope in ((reporter, "write"), (without, "moderate")):
        of_person = program(person, scope)
        for path in [*paths, "classifiers/words@1/labels/toxicity"]:
            answer = of_person.get(f"/api/v1/{path}")
            assert answer.status_code == 403
            assert "words" not in json.dumps(answer.json())
