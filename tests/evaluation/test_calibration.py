import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from classifiers.evaluation.calibration import calibration_error, reliability
from classifiers.evaluation.metrics import once
from tests.evaluation.conftest import in_order

ROWS = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60)


@given(ROWS, st.integers(1, 12))
def test_the_error_is_the_gap_of_each_bin_weighted_by_its_rows(rows, bins):
    ours = in_order(*zip(*rows, strict=True))
    table = reliability(ours, bins)
    assert sum(one.rows for one in table) == len(rows)
    expected = sum(one.rows * abs(one.mean - one.share) for one in table if one.rows) / len(rows)
    assert calibration_error(ours, bins)(once(len(rows)))[0] == pytest.approx(expected)


def test_the_table_is_that_of_scikit_learn():
    pick = np.random.default_rng(1)
    values = pick.random(400)
    positive = pick.random(400) < values
    share, mean = calibration_curve(positive, values, n_bins=10)
    table = reliability(in_order(positive, values))
    assert [one.share for one in table] == pytest.approx(share)
    assert [one.mean for one in table] == pytest.approx(mean)


def test_an_empty_bin_has_counts_and_no_shares():
    table = reliability(in_order([True, False], [1.0, 0.95]))
    assert (table[0].rows, table[0].mean, table[0].share) == (0, None, None)
    assert (table[9].rows, table[9].positive, table[9].mean, table[9].share) == (2, 1, 0.975, 0.5)
