"""The values of a classifier for many texts."""

from collections.abc import Callable, Sequence

import numpy as np

from classifiers.evaluation.metrics import Floats
from classifiers.text import TextClassifier

AT_ONCE = 512


def values_of(
    classifier: TextClassifier, texts: Sequence[str], advance: Callable[[int], object] | None = None
) -> Floats:
    """The value of each text (rows) for each of the classifier's labels (columns).

    `advance` hears how many more texts are scored.
    """
    values = np.zeros((len(texts), len(classifier.labels)))
    for first in range(0, len(texts), AT_ONCE):
        piece = texts[first : first + AT_ONCE]
        values[first : first + len(piece)] = [[one.value for one in scores] for scores in classifier.score(piece)]
        if advance:
            advance(len(piece))
    return values


def thresholds_of(classifier: TextClassifier) -> dict[str, tuple[float, float]]:
    """Of each label the threshold of flagging and the confident one."""
    [scores] = classifier.score([""])
    return {one.label: (one.threshold, one.confident_threshold) for one in scores}
