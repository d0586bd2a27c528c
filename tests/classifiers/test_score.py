from concurrent.futures import ThreadPoolExecutor

import pytest

from classifiers.adapted import adapted_sha256
from classifiers.text import default_classifier, load_default

INSULT = "You are a stupid idiot and everybody here hates you."
PROSE = "The rows of this table were collected from public archives and checked by two people. "


def alike(readings):
    return [[(one.label, one.start, one.end, round(one.value, 6)) for one in each.scores] for each in readings]


def test_an_insult_scores_far_above_a_thank_you(score):
    assert score(INSULT)["toxicity"].value > 0.9
    assert score("Thank you, this works well on my machine.")["toxicity"].value < 0.2


def test_every_label_has_its_thresholds(classifier):
    labels = "toxicity", "hate", "harassment", "threat", "sexual", "violence", "self-harm", "spam", "scam"
    assert classifier.labels == labels
    [scores] = classifier.score([INSULT])
    assert tuple(score.label for score in scores) == classifier.labels
    assert all(0 < score.threshold < score.confident_threshold <= 1 for score in scores)


def test_the_window_that_decided_is_kept(score):
    text = PROSE * 60 + INSULT + " " + PROSE * 60
    found = score(text)["toxicity"]
    assert INSULT[:20] in text[found.start : found.end]
    assert found.end - found.start < 1000
    assert found.value > score(PROSE * 60)["toxicity"].value + 0.2


def test_a_score_does_not_depend_on_its_neighbours():
    classifier = load_default(cached=False)
    texts = [INSULT, "Win free cash now, call this number!", *(PROSE * n for n in (1, 3, 9, 40)), "ok", ""]
    together = classifier.score(texts * 3)
    for text, scores in zip(texts * 3, together, strict=True):
        for alone, beside in zip(classifier.score([text])[0], scores, strict=True):
            assert beside.value == pytest.approx(alone.value, abs=0.002)


def test_prepared_texts_get_the_same_readings(classifier):
    texts = [INSULT, "", PROSE * 9, "ok"]
    prepared = classifier.compute(classifier.prepare(texts))
    assert alike(prepared) == alike(classifier.read(texts))


def test_portions_keep_their_order(classifier, monkeypatch):
    texts = [INSULT, "ok", PROSE * 9, "", "Thank you."]
    whole = alike(classifier.read(texts))
    monkeypatch.setattr("classifiers.text.PORTION", 2)
    assert alike(classifier.read(texts)) == whole


def test_no_texts_no_scores(classifier):
    assert classifier.score([]) == []


def test_provenance_says_what_scored(classifier):
    provenance = classifier.provenance
    assert provenance.weights_sha256 == adapted_sha256()
    assert set(provenance.libraries) == {"torch", "transformers", "tokenizers", "confusable-homoglyphs"}
    assert all([provenance.head_version, provenance.code_version, provenance.precision, provenance.device])


def test_threads_share_one_classifier():
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: (default_classifier(), default_classifier().score([text])), [INSULT] * 8))
    assert len({id(classifier) for classifier, _ in found}) == 1
    assert len({scores[0][0].value for _, scores in found}) == 1
