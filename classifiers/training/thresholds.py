"""Thresholds by target precision, for the share of bad content a moderation team really meets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.head import NEVER
from classifiers.training.fit import Flags, Floats, balance
from classifiers.training.sources import Example

# One in ten of what is scored is taken to be bad. The data sets have far more, which would flatter precision.
PREVALENCE = 0.1
FLAG_PRECISION = 0.7
CONFIDENT_PRECISION = 0.97
# Half of what is scored is taken to read like our own hub lines: tweets and text messages alone say little about
# how often a card or a question is flagged for nothing.
HUB_SHARE = 0.5
# A threshold that finds less than this rests on a handful of rows: then there is none.
LEAST_RECALL = 0.05


@dataclass(frozen=True)
class Threshold:
    """A value and what it does on the held-out rows; NEVER with no recall where the target is out of reach."""

    value: float
    precision: float
    recall: float


def expected(examples: Sequence[Example], positive: Flags) -> Floats:
    """A weight per row, so that each side is made up as expected in use: HUB_SHARE of hub lines."""
    weights = balance(examples, positive)
    hub = np.array([example.source == "hub" for example in examples])
    for side in (True, False):
        ours, theirs = (positive == side) & hub, (positive == side) & ~hub
        weights[ours] *= HUB_SHARE / weights[ours].sum()
        weights[theirs] *= (1 - HUB_SHARE) / weights[theirs].sum()
    return weights


NONE = Threshold(NEVER, 0.0, 0.0)


def at_least(lowest: float, chosen: Threshold, positive: Flags, values: Floats, weights: Floats) -> Threshold:
    """`chosen`, or if that lies lower, the threshold `lowest` with what it does."""
    if chosen.value >= lowest:
        return chosen
    recall, precision = _does(values >= lowest, positive, weights)
    return Threshold(lowest, round(precision, 4), round(recall, 4))


def _does(passed: Flags, positive: Flags, weights: Floats) -> tuple[float, float]:
    """Recall, and precision at PREVALENCE, of flagging those that `passed`."""
    recall = float(weights[passed & positive].sum() / weights[positive].sum())
    fallout = float(weights[passed & ~positive].sum() / weights[~positive].sum())
    right, wrong = PREVALENCE * recall, (1 - PREVALENCE) * fallout
    return recall, right / (right + wrong) if right + wrong else 0.0


def choose(positive: Flags, values: Floats, weights: Floats, target: float) -> Threshold:
    """The lowest threshold whose precision, at PREVALENCE, reaches the target (H8).

    Takes per row: truth, value from 0 to 1, weight. The value returned is a little above the last row let out,
    rounded to four decimals.
    """
    candidates = np.unique(np.ceil(values * 10_000) / 10_000)
    for candidate in candidates[candidates < NEVER]:
        passed = values >= candidate
        recall, precision = _does(passed, positive, weights)
        if recall < LEAST_RECALL:
            break
        if precision >= target:
            return Threshold(float(candidate), round(precision, 4), round(recall, 4))
    return NONE
