"""One logistic regression per label over frozen embeddings, and how well each does on rows it never saw."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from classifiers.training.sources import BadData, Example

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

FOLDS = 5
# The strength and the exponent were picked together: none ranks better within each held-out source, averaged
# over sources, labels and five splits, which is what carries over to text from elsewhere.
INVERSE_STRENGTH = 0.3
SOURCE_EXPONENT = 0.25
# Enough digits for equal scores, few enough that the last bits of another processor do not show in the file.
DECIMALS = 4


@dataclass(frozen=True)
class Fitted:
    """Weights and bias of one label's logistic regression."""

    weights: Floats
    bias: float

    def logits(self, vectors: npt.NDArray[np.float32]) -> Floats:
        """Raw scores of unit vectors, one per row."""
        return np.asarray(vectors.astype(np.float64) @ self.weights + self.bias)


def folds(examples: Sequence[Example], seed: int) -> list[tuple[Indices, Indices]]:
    """FOLDS pairs of rows to fit on and rows to hold out; every row is held out once.

    Every source and combination of labels is in each fold. Raises BadData if one has too few rows for that.
    """
    strata = [f"{example.source} {' '.join(sorted(example.labels))}".strip() for example in examples]
    rarest, rows = min(Counter(strata).items(), key=lambda item: item[1])
    if rows < FOLDS:
        raise BadData(f"Too few rows: {rows} of {rarest!r}, at least {FOLDS} are needed.")
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(strata, strata))


def held_out(examples: Sequence[Example], vectors: npt.NDArray[np.float32], positive: Flags, seed: int) -> Floats:
    """For every row its logit from a head that was fitted without it."""
    logits = np.zeros(len(examples))
    for seen, unseen in folds(examples, seed):
        weights = balance([examples[i] for i in seen], positive[seen])
        logits[unseen] = fit(vectors[seen], positive[seen], weights).logits(vectors[unseen])
    return logits


def flags(examples: Sequence[Example], label: str) -> Flags:
    """Which examples carry the label."""
    return np.array([label in example.labels for example in examples])


def balance(examples: Sequence[Example], positive: Flags) -> Floats:
    """A weight per example: both sides count the same, and on each side a source counts little more for its size.

    So 19,000 offensive tweets do not outvote everything else.
    """
    weights = np.zeros(len(examples))
    sources = np.array([example.source for example in examples])
    for side in (True, False):
        of_side = positive == side
        for source in set(sources[of_side]):
            group = of_side & (sources == source)
            weights[group] = float(group.sum()) ** (SOURCE_EXPONENT - 1)
        weights[of_side] *= len(examples) / 2 / weights[of_side].sum()
    return weights


def fit(vectors: npt.NDArray[np.float32], positive: Flags, weights: Floats) -> Fitted:
    """The regression of one label; the solver converges to the one optimum, so nothing is random."""
    model = LogisticRegression(C=INVERSE_STRENGTH, solver="newton-cholesky", tol=1e-8, max_iter=200)
    model.fit(vectors.astype(np.float64), positive, sample_weight=weights)
    return Fitted(np.round(model.coef_[0], DECIMALS), round(float(model.intercept_[0]), DECIMALS))


def figures(positive: Flags, logits: Floats) -> dict[str, float]:
    """Area under the ROC curve and average precision, unweighted."""
    return {
        "auroc": round(float(roc_auc_score(positive, logits)), 4),
        "average_precision": round(float(average_precision_score(positive, logits)), 4),
    }


def by_source(examples: Sequence[Example], positive: Flags, logits: Floats) -> dict[str, float]:
    """The area under the ROC curve within each source that has both sides."""
    sources = np.array([example.source for example in examples])
    groups = {source: sources == source for source in sorted(set(sources))}
    return {
        source: round(float(roc_auc_score(positive[group], logits[group])), 4)
        for source, group in groups.items()
        if 0 < positive[group].sum() < group.sum()
    }
