"""Intervals, on data whose spread is known."""

import numpy as np
import pytest

from classifiers.evaluation import bootstrap, metrics
from classifiers.evaluation.bootstrap import Bootstrap, Estimate, room
from classifiers.evaluation.calibration import calibration_error
from classifiers.evaluation.metrics import once
from tests.evaluation.conftest import in_order

NORMAL = 1.959964


def sample(seed: int, rows: int = 400):
    """Normal values, those of the positive rows one deviation higher: the true area is 0.7602."""
    pick = np.random.default_rng(seed)
    positive = np.arange(rows) < rows // 2
    return in_order(positive, pick.normal(0, 1, rows) + positive)


def estimate(rows, statistic, *, rounds=500, seed=0):
    return Bootstrap(rounds, seed).estimates({"it": statistic}, rows.positive.astype(int), "test")["it"]


def test_a_share_has_the_interval_of_the_binomial_distribution():
    rows = in_order([True] * 500 + [False] * 50, [0.9] * 350 + [0.1] * 200)
    found = estimate(rows, metrics.share(rows.flagged(0.5), rows.positive), rounds=4_000)
    half = NORMAL * (0.7 * 0.3 / 500) ** 0.5
    assert found.value == 0.7
    assert found.low == pytest.approx(0.7 - half, abs=0.004)
    assert found.high == pytest.approx(0.7 + half, abs=0.004)


def test_an_area_has_the_interval_of_hanley_and_mcneil():
    rows = sample(3)
    found = estimate(rows, metrics.auroc(rows), rounds=2_000)
    area, side = found.value, 200
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + (side - 1) * (first - area**2) + (side - 1) * (second - area**2)) / side**2
    assert found.high - found.low == pytest.approx(2 * NORMAL * variance**0.5, rel=0.12)


def test_nineteen_of_twenty_intervals_hold_the_true_area():
    inside = 0
    for seed in range(100):
        rows = sample(seed, 200)
        found = estimate(rows, metrics.auroc(rows), rounds=200)
        inside += found.low <= 0.76025 <= found.high
    assert 88 <= inside <= 99


def test_a_calibration_error_lies_in_its_own_interval():
    pick = np.random.default_rng(4)
    values = pick.random(500)
    rows = in_order(pick.random(500) < values, values)
    statistic, strata = calibration_error(rows), rows.positive.astype(int)
    [plain] = Bootstrap(500, 0).estimates({"it": statistic}, strata, "x").values()
    [found] = Bootstrap(500, 0).estimates({"it": statistic}, strata, "x", centred=frozenset({"it"})).values()
    assert plain.low + plain.high > 2.5 * found.value  # it grows by resampling: plain percentiles lie too high
    assert 0 <= found.low < found.value < found.high


def test_resamples_keep_the_size_of_every_stratum(monkeypatch):
    monkeypatch.setattr(bootstrap, "CELLS", 100)
    strata = np.array([0] * 20 + [1] * 5 + [3] * 1)
    pieces = list(Bootstrap(50, 1).resamples(strata, "x"))
    assert {len(piece) for piece in pieces} == {3, 2}
    counts = np.concatenate(pieces)
    assert counts.shape == (50, 26)
    assert (counts[:, :20].sum(axis=1) == 20).all()
    assert (counts[:, 20:25].sum(axis=1) == 5).all()
    assert (counts[:, 25] == 1).all()


def test_equal_seeds_and_purposes_give_equal_intervals():
    rows = sample(1, 100)
    one = estimate(rows, metrics.auroc(rows))
    assert one == estimate(rows, metrics.auroc(rows))
    assert one != estimate(rows, metrics.auroc(rows), seed=1)
    other = Bootstrap(500, 0).estimates({"it": metrics.auroc(rows)}, rows.positive.astype(int), "other")["it"]
    assert other.value == one.value
    assert other.low == pytest.approx(one.low, abs=0.02)
    assert other != one


def test_no_errors_in_few_rows_are_no_certainty():
    assert room(0.0, 40) == pytest.approx((0, 0.0881), abs=1e-4)  # Clopper-Pearson: 1 - 0.025 ** (1 / 40)
    assert room(1.0, 40) == pytest.approx((0.0881, 0), abs=1e-4)
    assert room(0.5, 40) == room(None, 0) == (0, 0)
    assert Estimate(1.0, 1.0, 1.0).widened(0.1, 0) == Estimate(1.0, 0.9, 1.0)
    assert Estimate.none("too few").widened(0.1, 0.1) == Estimate.none("too few")


def test_a_figure_that_no_row_stands_behind_has_no_number():
    rows = in_order([True, False], [0.1, 0.2])
    found = estimate(rows, metrics.share(rows.positive, rows.flagged(0.9)))
    assert found == Estimate(None, why="too few rows")
    assert np.isnan(metrics.share(rows.positive, rows.flagged(0.9))(once(2))[0])


@pytest.mark.parametrize(("rounds", "seed"), [(0, 0), (1, -1)])
def test_rounds_and_seeds_that_make_no_sense(rounds, seed):
    with pytest.raises(ValueError, match="round"):
        Bootstrap(rounds, seed)
