"""The head fitted anew on own labels, and compared with the one in use on labels that neither of the two was fitted on.

What is written is a head in which the labels that got better are new, and all others stay as they were (H9).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers.evaluation import metrics
from classifiers.evaluation.bootstrap import Estimate
from classifiers.evaluation.choosing import for_precision
from classifiers.evaluation.metrics import Flags, Floats, Rows, Statistic
from classifiers.evaluation.settings import Settings
from classifiers.head import HIGHEST, NEVER, Head
from classifiers.training import fit
from classifiers.training.sources import LABELS as PUBLIC
from classifiers.training.sources import Example
from classifiers.training.thresholds import CONFIDENT_PRECISION, FLAG_PRECISION

SOURCE = "own"
# Rows of each side that a label needs on each side of the split, for anything to be said about it.
LEAST = 20
HELD_OUT = 0.3
FOLDS = 5


@dataclass(frozen=True)
class Own:
    """A text that people decided about: `truth` of each label that they decided, `group` what must not be parted.

    Rows of one group lie on the same side of the split: texts of one thing, or of one person, resemble each other.
    """

    text: str
    group: str
    truth: Mapping[str, bool]


@dataclass(frozen=True)
class Compared:
    """One label: `fitted` and `held_out` rows of our own, areas under the ROC curve on the latter, their difference.

    `why` says why it was not fitted, "" where it was.
    """

    label: str
    fitted: int
    held_out: int
    before: Estimate
    after: Estimate
    difference: Estimate
    why: str = ""

    @property
    def better(self) -> bool:
        """Whether the whole interval of the difference lies above 0."""
        return self.difference.low is not None and self.difference.low > 0


@dataclass(frozen=True)
class Outcome:
    """The comparison of each label, and the head in which those that got better are new; None where none did."""

    compared: list[Compared]
    head: Head | None


@dataclass(frozen=True)
class Shipped:
    """Training data that came along, and the vectors of its texts."""

    examples: Sequence[Example]
    vectors: npt.NDArray[np.float32]


def split(own: Sequence[Own], seed: int) -> Flags:
    """Which rows are held out: whole groups, about HELD_OUT of them, picked by the seed and their name alone.

    So what was held out once is held out again, and no later head was fitted on it.
    """
    return np.array([_number(one.group, seed) < HELD_OUT for one in own], dtype=bool)


def _number(group: str, seed: int) -> float:
    """From 0 to 1, the same for the same group and seed."""
    digest = hashlib.sha256(f"{seed} {group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def retrain(
    own: Sequence[Own], vectors: npt.NDArray[np.float32], current: Head, settings: Settings, shipped: Shipped | None
) -> Outcome:
    """Fit every label of `current` on own rows that are not held out, and on `shipped`; compare on those held out.

    `vectors` are those of `own`. Equal rows and seed give equal heads.
    """
    away = split(own, settings.seed)
    before = current.values(vectors)
    weights, bias = current.weights.copy(), current.bias.copy()
    thresholds, confident = list(current.thresholds), list(current.confident)
    compared = []
    for place, label in enumerate(current.labels):
        known = np.array([label in one.truth for one in own], dtype=bool)
        truth = np.array([one.truth.get(label, False) for one in own], dtype=bool)
        seen, unseen = known & ~away, known & away
        if why := _too_few(truth, seen, unseen):
            none = Estimate.none(why)
            compared.append(Compared(label, int(seen.sum()), int(unseen.sum()), none, none, none, why))
            continue
        # The public data sets say nothing of the other labels: there the own rows stand alone.
        public = shipped if label in PUBLIC else None
        fitted = _fit(label, own, vectors, truth, seen, public)
        after = _values(fitted.logits(vectors))
        one = _compare(label, truth, seen, unseen, before[:, place], after, settings)
        compared.append(one)
        if one.better:
            weights[place], bias[place] = fitted.weights, fitted.bias
            apart = _out_of_fold(label, own, vectors, truth, seen, public, settings.seed)
            thresholds[place], confident[place] = _thresholds(truth[seen], apart)
    better = any(one.better for one in compared)
    head = Head("", current.labels, weights, bias, tuple(thresholds), tuple(confident)) if better else None
    return Outcome(compared, head)


def _too_few(truth: Flags, seen: Flags, unseen: Flags) -> str:
    counts = {
        "violations to fit on": seen & truth,
        "others to fit on": seen & ~truth,
        "violations held out": unseen & truth,
        "others held out": unseen & ~truth,
    }
    lacking = [f"{int(part.sum())} {name}" for name, part in counts.items() if part.sum() < LEAST]
    return f"too few: {', '.join(lacking)}; {LEAST} needed" if lacking else ""


def _fit(
    label: str,
    own: Sequence[Own],
    vectors: npt.NDArray[np.float32],
    truth: Flags,
    rows: Flags,
    shipped: Shipped | None,
) -> fit.Fitted:
    places = [int(place) for place in np.flatnonzero(rows)]
    examples = [Example(own[place].text, SOURCE, frozenset({label} if truth[place] else ())) for place in places]
    given = vectors[rows]
    if shipped is not None:
        examples += shipped.examples
        given = np.concatenate([given, shipped.vectors])
    positive = fit.flags(examples, label)
    return fit.fit(given, positive, fit.balance(examples, positive))


def _values(logits: Floats) -> Floats:
    return np.minimum(1 / (1 + np.exp(-np.clip(logits, -50, 50))), HIGHEST)


def _compare(
    label: str, truth: Flags, seen: Flags, unseen: Flags, before: Floats, after: Floats, settings: Settings
) -> Compared:
    """Both on the same resamples of the rows held out: what differs is the heads, not the rows."""
    rows = truth[unseen]
    one, other = _area(rows, after[unseen]), _area(rows, before[unseen])
    found = settings.bootstrap.estimates(
        {"after": one, "before": other, "difference": metrics.difference(one, other)},
        rows.astype(np.intp),
        f"own head {label}",
    )
    return Compared(label, int(seen.sum()), int(unseen.sum()), found["before"], found["after"], found["difference"])


def _area(truth: Flags, values: Floats) -> Statistic:
    """The area under the ROC curve for counts of rows in the order given."""
    order = np.argsort(values, kind="stable")
    area = metrics.auroc(Rows(truth[order], values[order]))
    return lambda counts: area(counts[:, order])


def _out_of_fold(
    label: str,
    own: Sequence[Own],
    vectors: npt.NDArray[np.float32],
    truth: Flags,
    seen: Flags,
    shipped: Shipped | None,
    seed: int,
) -> Floats:
    """For every own row that was fitted on, its value from a head that was fitted without its group."""
    places = np.flatnonzero(seen)
    groups = sorted({own[int(place)].group for place in places})
    folds = dict(zip(groups, np.random.default_rng(seed + 1).permutation(len(groups)) % FOLDS, strict=True))
    of = np.array([folds[own[int(place)].group] for place in places])
    values = np.zeros(len(places))
    for fold in range(FOLDS):
        rest = np.zeros(len(own), dtype=bool)
        rest[places[of != fold]] = True
        inside = of == fold
        if inside.any() and 0 < truth[rest].sum() < rest.sum():
            fitted = _fit(label, own, vectors, truth, rest, shipped)
            values[inside] = _values(fitted.logits(vectors[places[inside]]))
    return values


def _thresholds(truth: Flags, values: Floats) -> tuple[float, float]:
    """By target precision on own labels: for these the share of violations is what it is in use."""
    flagged = for_precision(truth, values, FLAG_PRECISION, LEAST)
    confident = for_precision(truth, values, CONFIDENT_PRECISION, LEAST)
    first = flagged.threshold if flagged else NEVER
    return first, max(first, confident.threshold if confident else NEVER)
