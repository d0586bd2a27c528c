"""The report of `manage.py evaluate_classifier`, from its figures."""

from collections.abc import Sequence

import numpy as np

from classifiers.evaluation import curves
from classifiers.evaluation.document import Document, Plot, Section, Table, counted, percent, shown, threshold
from classifiers.evaluation.evaluate import OfLabel, Slice
from classifiers.evaluation.plots import curve_plot, reliability_plot

TENTHS = np.linspace(0, 1, 11)
FIGURES = ("Rows", "Positive", "AUROC", "Average precision", "Calibration error")


def evaluation_report(title: str, facts: Table, labels: Sequence[OfLabel]) -> Document:
    """A section for each label."""
    return Document(title, facts, [_section(label) for label in labels])


def _section(one: OfLabel) -> Section:
    whole = one.whole
    return Section(
        title=f"{one.label} (column {one.column})",
        notes=[
            f"{whole.rows:,} rows, {percent(whole.positive, whole.rows)} of them positive; "
            f"{one.unlabelled:,} rows without a label are not counted.",
            "Precision and calibration hold for texts with this share of positives only.",
        ],
        tables=[
            _figures("All rows", "Which rows", [whole]),
            _thresholds("At the classifier’s thresholds", "Which rows", [whole]),
            _figures("By language", "Language", one.languages),
            _thresholds("By language, at the thresholds", "Language", one.languages),
            _figures("By length", "Length", one.lengths),
            _thresholds("By length, at the thresholds", "Length", one.lengths),
            _reliability(one),
        ],
        plots=_plots(one),
    )


def _figures(caption: str, first: str, slices: Sequence[Slice]) -> Table:
    rows = [
        [
            one.name,
            f"{one.rows:,}",
            percent(one.positive, one.rows),
            *(shown(figure) for figure in (one.auroc, one.average_precision, one.calibration_error)),
        ]
        for one in slices
    ]
    return Table(caption, (first, *FIGURES), rows)


def _thresholds(caption: str, first: str, slices: Sequence[Slice]) -> Table:
    header = (
        first,
        "Flagged from",
        "Precision",
        "Recall",
        "F1",
        "True positives",
        "False positives",
        "False negatives",
        "True negatives",
    )
    rows = [
        [
            one.name,
            f"{at.name} {threshold(at.threshold)}",
            *(shown(figure) for figure in (at.precision, at.recall, at.f1)),
            *counted((at.true_positive, at.false_positive, at.false_negative, at.true_negative)),
        ]
        for one in slices
        for at in one.at
    ]
    return Table(caption, header, rows)


def _reliability(one: OfLabel) -> Table:
    rows = [
        [
            f"{part.low:.2f} to {part.high:.2f}",
            *counted((part.rows, part.positive)),
            "–" if part.mean is None else f"{part.mean:.3f}",
            "–" if part.share is None else f"{part.share:.3f}",
        ]
        for part in one.reliability
    ]
    return Table("Reliability", ("Values", "Rows", "Positive", "Mean value", "Share of positives"), rows)


def _plots(one: OfLabel) -> list[Plot]:
    recalls = curves.at(one.roc, TENTHS)
    precisions = curves.best_from(one.precision_recall, TENTHS)
    return [
        Plot(
            f"ROC: {one.label}",
            f"How much is found at which price: AUROC {shown(one.whole.auroc)}. The dashed line is chance.",
            curve_plot(one.roc, "false-positive rate", "recall", even=True),
            _tenths(f"ROC of {one.label} in numbers", "False-positive rate at most", "Recall", recalls),
        ),
        Plot(
            f"Precision and recall: {one.label}",
            f"How right it is at each recall: average precision {shown(one.whole.average_precision)}.",
            curve_plot(one.precision_recall, "recall", "precision"),
            _tenths(f"Precision and recall of {one.label} in numbers", "Recall at least", "Precision", precisions),
        ),
        Plot(
            f"Reliability: {one.label}",
            "A dot for each tenth of the values, larger for more rows. On the dashed line a value is a probability; "
            f"expected calibration error {shown(one.whole.calibration_error)}.",
            reliability_plot(one.reliability),
            _reliability(one),
        ),
    ]


def _tenths(caption: str, across: str, up: str, values: Sequence[float]) -> Table:
    rows = [[f"{place:.1f}", f"{value:.3f}"] for place, value in zip(TENTHS, values, strict=True)]
    return Table(caption, (across, up), rows)
