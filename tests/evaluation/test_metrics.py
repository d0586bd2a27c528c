"""The statistics, against scikit-learn and against counting by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score, roc_curve

from classifiers.evaluation import curves, metrics
from classifiers.evaluation.metrics import Rows, once
from tests.evaluation.conftest import in_order

# Few distinct values, so that ties are frequent.
ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 9).map(lambda one: one / 10)), min_size=2, max_size=60).filter(
    lambda rows: len({positive for positive, _value in rows}) == 2
)


def figure(statistic, rows):
    return statistic(once(len(rows.values)))[0]


@given(ROWS)
def test_the_area_and_the_average_precision_are_those_of_scikit_learn(rows):
    positive, values = zip(*rows, strict=True)
    ours = in_order(positive, values)
    assert figure(metrics.auroc(ours), ours) == pytest.approx(roc_auc_score(positive, values))
    assert figure(metrics.average_precision(ours), ours) == pytest.approx(average_precision_score(positive, values))


@given(ROWS, st.integers(0, 10).map(lambda one: one / 10))
def test_figures_at_a_threshold_are_those_of_scikit_learn(rows, threshold):
    positive, values = zip(*rows, strict=True)
    ours = in_order(positive, values)
    said = [value >= threshold for value in values]
    flagged = ours.flagged(threshold)
    recall, f1 = metrics.share(flagged, ours.positive), metrics.f1(ours, threshold)
    assert figure(recall, ours) == pytest.approx(recall_score(positive, said))
    assert figure(f1, ours) == pytest.approx(f1_score(positive, said))
    precision = figure(metrics.share(ours.positive, flagged), ours)
    if any(said):
        assert precision == pytest.approx(precision_score(positive, said))
    else:
        assert np.isnan(precision)


@given(ROWS, st.data())
@settings(max_examples=50)
def test_a_row_that_a_resample_holds_twice_counts_as_two_rows(rows, data):
    positive, values = zip(*rows, strict=True)
    ours = in_order(positive, values)
    held = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))))
    again = Rows(np.repeat(ours.positive, held), np.repeat(ours.values, held))
    if again.positive.all() or not again.positive.any():
        return
    for make in (metrics.auroc, metrics.average_precision, lambda one: metrics.f1(one, 0.5)):
        assert make(ours)(held[None, :].astype(float))[0] == pytest.approx(figure(make(again), again))


def test_the_sides_to_compare_can_be_chosen():
    rows = in_order([True, False, True, False], [0.9, 0.8, 0.3, 0.1])
    high = rows.values > 0.5
    assert figure(metrics.auroc(rows, rows.positive & ~high, ~rows.positive & high), rows) == 0
    assert figure(metrics.auroc(rows, rows.positive & high, ~rows.positive & ~high), rows) == 1
    assert figure(metrics.auroc(rows, rows.positive & high, ~rows.positive), rows) == 1
    assert np.isnan(figure(metrics.auroc(rows, np.zeros(4, dtype=bool)), rows))


@pytest.mark.parametrize("values", [[0.2, 0.1], [0.1, np.nan], [0.1]])
def test_rows_are_in_order_finite_and_whole(values):
    with pytest.raises(ValueError, match="value"):
        Rows(np.array([True, False]), np.array(values))


@given(ROWS)
def test_the_roc_curve_is_that_of_scikit_learn(rows):
    positive, values = zip(*rows, strict=True)
    wrong, right, _thresholds = roc_curve(positive, values, drop_intermediate=False)
    assert np.allclose(curves.roc(in_order(positive, values)), np.stack([wrong, right], axis=1))


def test_curves_are_thinned_but_keep_their_ends():
    pick = np.random.default_rng(0)
    rows = in_order(pick.random(5_000) < 0.5, pick.random(5_000))
    roc = curves.roc(rows)
    assert len(roc) == curves.POINTS
    assert (roc[0], roc[-1]) == ((0, 0), (1, 1))
    assert curves.precision_recall(rows)[-1] == pytest.approx((1, rows.positive.mean()))


def test_a_curve_is_read_at_round_numbers():
    roc = [(0.0, 0.0), (0.0, 0.4), (0.5, 0.8), (1.0, 1.0)]
    assert curves.at(roc, np.array([0.0, 0.4, 0.5, 1.0])) == [0.4, 0.4, 0.8, 1.0]
    assert curves.best_from([(0.5, 1.0), (0.8, 0.6), (1.0, 0.7)], np.array([0.0, 0.6, 1.0])) == [1.0, 0.7, 0.7]
