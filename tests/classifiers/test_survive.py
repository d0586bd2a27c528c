import math
import time

import pytest

POISON = {
    "empty": "",
    "blank": " \n\t\u3000 ",
    "one character": "a" * 1_000_000,
    "one ideograph": "中" * 1_000_000,
    "lone surrogates": "\ud800\udfff" * 5_000 + "hello",
    "zero-width joiners": "\u200d" * 100_000,
    "NUL": "\x00" * 10_000 + "a\x00b",
    "marks": "a" + "\u0301" * 100_000,
    "one that becomes many": "\ufdfa" * 1_000,
    "right-to-left overrides": "\u202e\u202d" * 10_000 + "hello",
    "emoji": "👩‍👩‍👧‍👦" * 5_000,
    "unassigned": "\U0010ffff\ufffe" * 1_000,
    "special tokens": "[PAD][MASK][CLS]" * 100,
}


@pytest.mark.parametrize("text", POISON.values(), ids=POISON.keys())
def test_poison_gets_finite_scores_in_bounded_time(classifier, text):
    began = time.process_time()
    for score in classifier.score([text])[0]:
        assert math.isfinite(score.value)
        assert 0 <= score.value < 1
        assert 0 <= score.start <= score.end <= len(text)
    assert time.process_time() - began < 60


def test_nothing_to_read_scores_zero(classifier):
    for scores in classifier.score(["", " \n", "\u200d" * 10, "\x00"]):
        assert {(score.value, score.start, score.end) for score in scores} == {(0.0, 0, 0)}


def test_poison_does_not_change_its_neighbour(classifier):
    [alone] = classifier.score(["an ordinary line"])
    beside = classifier.score(["\ud800", "an ordinary line", "", "!" * 3000])[1]
    assert [score.value for score in beside] == pytest.approx([score.value for score in alone], abs=0.002)
