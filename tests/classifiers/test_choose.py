import numpy as np

from classifiers.head import NEVER
from classifiers.training.fit import balance
from classifiers.training.sources import Example
from classifiers.training.thresholds import choose


def test_the_lowest_threshold_that_is_precise_enough():
    values = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9])
    positive = np.array([False, False, False, False, True, False, True, True])
    found = choose(positive, values, np.ones(8), target=0.9)
    assert (found.value, found.precision, round(found.recall, 2)) == (0.8, 1.0, 0.67)


def test_a_target_out_of_reach_means_never():
    mixed = np.array([True, False] * 50)
    assert choose(mixed, np.full(100, 0.7), np.ones(100), target=0.9).value == NEVER


def test_a_large_source_does_not_outvote_a_small_one():
    examples = [Example("", "large", frozenset())] * 10_000 + [Example("", "small", frozenset())] * 16
    examples += [Example("", "small", frozenset({"spam"}))] * 4
    weights = balance(examples, np.array(["spam" in example.labels for example in examples]))
    large, small, positive = weights[:10_000].sum(), weights[10_000:-4].sum(), weights[-4:].sum()
    assert np.isclose(large + small, positive)
    assert np.isclose(large / small, 5)
