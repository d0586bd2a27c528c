"""Classifiers as the settings declare them: checked at the start, kept as rows (H2)."""

import json

import pytest
from django.core.checks import run_checks

from moderation.policy.models import Clause
from moderation.scoring import checks, loading
from moderation.scoring.configured import configured
from moderation.scoring.models import Classifier
from moderation.scoring.wording import with_clauses

TEXT = {"name": "text", "kind": "text", "engine": "encoder-head"}
STRICT = TEXT | {"version": 2, "state": "trial", "labels": [{"name": "toxicity", "threshold": 0.1, "clause": "spam"}]}


def test_a_new_installation_has_the_default_classifier_alone(db):
    [row] = configured()
    assert (row.code, row.engine, row.state, row.declared) == ("text@2", "encoder-head", "active", True)
    assert (row.model, row.options) == ("", {"head": "adapted"})


def test_what_is_known_costs_two_queries(db, django_assert_num_queries):
    configured()
    with django_assert_num_queries(2):
        configured()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "no list"),
        ([3], "Entry 1: it is no object"),
        ([{}], "Entry 1: give it a name"),
        ([TEXT | {"kind": "sound"}], "Entry 1 (“text”): its kind is one of text, image, file, terms"),
        ([TEXT | {"engine": "oracle"}], "no engine “oracle”"),
        ([TEXT | {"engine": ["oracle"]}], "its engine is a text"),
        ([TEXT | {"thresholds": 3}], "nothing is called thresholds"),
        ([TEXT | {"labels": [{"name": "a", "threshold": 2}]}], "threshold of “a” is a number from 0 to 1"),
        ([TEXT | {"labels": [{"name": "a", "threshold": 0.9, "confident_threshold": 0.8}]}], "must not lie below"),
        ([TEXT | {"labels": [{"nome": "a"}]}], "a label has"),
        ([TEXT | {"languages": "en"}], "ISO 639-1"),
        ([TEXT | {"device": "tpu"}], "cpu, cuda"),
        ([TEXT | {"precision": "fp8"}], "bf16"),
        ([TEXT | {"version": 0}], "whole number from 1"),
        ([TEXT | {"model": "a/b"}], "pin a revision"),
        ([TEXT | {"options": {"trust_remote_code": True}}], "trust_remote_code"),
        ([TEXT | {"options": {"window": float("nan")}}], "cannot be kept as JSON"),
        ([TEXT | {"options": {"a": ["\0"]}}], "the character zero"),
        ([TEXT | {"model": "\ud800"}], "half of a character"),
        ([TEXT | {"options": {"a": {1, 2}}}], "not JSON serializable"),
        ([TEXT, TEXT], "twice in version 1"),
        ([TEXT, TEXT | {"version": 2}], "Two versions of “text” are active"),
        ("/there/is/none.json", "cannot be read"),
    ],
)
def test_the_check_at_the_start_says_what_is_wrong(settings, said, why):
    settings.CLASSIFIERS = said
    [error] = [one for one in run_checks(tags=["ombud"]) if one.id == "ombud.E002"]
    assert why in error.msg
    assert error.hint


@pytest.mark.parametrize(
    ("kernel", "said"),
    [
        ({"files": True, "calls": True}, []),
        ({"files": False, "calls": True}, ["no Landlock"]),
        ({"files": False, "calls": False}, ["no Landlock", "no seccomp"]),
    ],
)
def test_before_it_goes_out_the_check_says_what_holds_no_decoder(db, monkeypatch, kernel, said):
    monkeypatch.setattr(checks, "in_force", lambda: kernel)
    found = run_checks(tags=["ombud"], include_deployment_checks=True)
    words = [one.msg for one in found if one.id == "ombud.W005"]
    assert [word in one for one, word in zip(words, said, strict=True)] == [True] * len(said)


def test_a_file_may_say_it(settings, tmp_path, db):
    path = tmp_path / "classifiers.json"
    path.write_text(json.dumps([TEXT, STRICT]))
    settings.CLASSIFIERS = str(path)
    assert [(row.code, row.state) for row in configured()] == [("text@1", "active"), ("text@2", "trial")]
    [label] = configured()[1].labels.all()
    assert (label.name, label.threshold, label.clause.code) == ("toxicity", 0.1, "spam")


def test_what_changes_in_the_settings_changes_its_row(settings, db):
    settings.CLASSIFIERS = [TEXT, STRICT]
    configured()
    settings.CLASSIFIERS = [TEXT | {"precision": "fp32"}]
    assert [(row.code, row.precision) for row in configured()] == [("text@1", "fp32")]
    assert Classifier.objects.get(version=2).state == "retired"


def test_a_newer_active_version_in_the_settings_has_to_earn_it(settings, db):
    settings.CLASSIFIERS = [TEXT]
    configured()
    Classifier.objects.update(declared=False)
    settings.CLASSIFIERS = [TEXT | {"version": 2}]
    assert [(row.code, row.state) for row in configured()] == [("text@1", "active"), ("text@2", "trial")]


def test_an_unknown_clause_is_said_and_stops_nothing(settings, db, caplog, django_assert_num_queries):
    settings.CLASSIFIERS = [TEXT | {"labels": [{"name": "toxicity", "clause": "nonsense"}]}]
    configured()
    assert "a clause “nonsense”, which does not exist" in caplog.text
    with django_assert_num_queries(2):
        configured()


def test_a_tuple_in_the_settings_is_the_list_in_the_row(settings, db, django_assert_num_queries):
    settings.CLASSIFIERS = [TEXT | {"options": {"a": (1, 2)}}]
    configured()
    with django_assert_num_queries(2):
        [row] = configured()
    assert row.options == {"a": [1, 2]}


def test_a_label_without_words_of_its_own_is_looked_for_by_those_of_its_clause(settings, db, django_assert_num_queries):
    settings.CLASSIFIERS = [
        {"name": "zero", "kind": "text", "engine": "zero-shot", "labels": [{"name": "spam", "clause": "spam"}]}
    ]
    [row] = configured()
    first = loading.loaded(row)
    [offer], [bug] = (
        one.scores for one in first.read(["Buy followers, cheap prizes, click here!", "The tokenizer test fails."])
    )
    assert bug.value < offer.value
    with django_assert_num_queries(1):
        assert loading.loaded(row) is first
    # Whoever changes the clause changes what is looked for; words of the operator's own go first.
    Clause.objects.filter(code="spam").update(title="Tokenizers", text="Somebody says that the tokenizer test fails.")
    [offer], [bug] = (one.scores for one in loading.loaded(row).read(["Cheap prizes!", "The tokenizer test fails."]))
    assert offer.value < bug.value
    row.options = {"hypotheses": {"spam": "This sells prizes."}}
    with django_assert_num_queries(0):
        assert with_clauses(row.specification) == row.specification
