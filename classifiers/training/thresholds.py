"""Thresholds by target precision, for the share of bad content a moderation team really meets."""

from dataclasses import dataclass

import numpy as np

from classifiers.head import NEVER
from classifiers.training.fit import Flags, Floats

# One in ten of what is scored is taken to be bad. The data sets have far more, which would flatter precision.
PREVALENCE = 0.1
FLAG_PRECISION = 0.7
CONFIDENT_PRECISION = 0.95
# A threshold that finds less than this rests on a handful of rows: then there is none.
LEAST_RECALL = 0.05


@dataclass(frozen=True)
class Threshold:
    """A value and what it does on the held-out rows; NEVER with no recall where the target is out of reach."""

    value: float
    precision: float
    recall: float


def choose(positive: Flags, values: Floats, weights: Floats, target: float) -> Threshold:
    """The lowest threshold whose precision, at PREVALENCE, reaches the target (H8).

    Takes per row: truth, value from 0 to 1, weight. The value returned is a little above the last row let out,
    rounded to four decimals.
    """
    candidates = np.unique(np.ceil(values * 10_000) / 10_000)
    for candidate in candidates[candidates < NEVER]:
        passed = values >= candidate
        recall = weights[passed & positive].sum() / weights[positive].sum()
        fallout = weights[passed & ~positive].sum() / weights[~positive].sum()
        if recall < LEAST_RECALL:
            break
        right, wrong = PREVALENCE * recall, (1 - PREVALENCE) * fallout
        if right / (right + wrong) >= target:
            return Threshold(float(candidate), round(float(right / (right + wrong)), 4), round(float(recall), 4))
    return Threshold(NEVER, 0.0, 0.0)
