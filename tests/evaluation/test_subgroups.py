"""Bias figures, on groups made by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from classifiers.evaluation.settings import Settings
from classifiers.evaluation.subgroups import bias, worst

FEW = Settings(rounds=20, least=1)
NONE: frozenset[str] = frozenset()
GROUP = frozenset({"group"})


def found_for(rows, settings=FEW):
    """What `bias` finds for rows of truth, value and whether they name the group."""
    positive, values, inside = (list(column) for column in zip(*rows, strict=True))
    named = [GROUP if one else NONE for one in inside]
    return bias("toxicity", 0.5, np.array(positive), np.array(values, dtype=float), named, settings)


ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 9).map(lambda one: one / 10), st.booleans()), max_size=40).map(
    lambda rows: [*rows, (True, 0.6, True), (False, 0.6, True), (True, 0.7, False), (False, 0.2, False)]
)


@given(ROWS)
@settings(max_examples=50, deadline=None)
def test_each_area_is_that_of_scikit_learn_over_its_rows(rows):
    [group] = found_for(rows).terms

    def area(keep):
        kept = [(positive, value) for positive, value, inside in rows if keep(positive, inside)]
        return pytest.approx(roc_auc_score(*zip(*kept, strict=True)))

    assert group.subgroup_auc.value == area(lambda _positive, inside: inside)
    assert group.bpsn_auc.value == area(lambda positive, inside: positive != inside)
    assert group.bnsp_auc.value == area(lambda positive, inside: positive == inside)


def test_a_group_that_is_flagged_for_its_name():
    rows = [(True, 0.7, False), (False, 0.1, False), (True, 0.9, True), (False, 0.8, True)] * 30
    found = found_for(rows)
    [group] = found.terms
    assert (group.rows, group.positive, group.false_positives, group.false_negatives) == (60, 30, 30, 0)
    assert (group.subgroup_auc.value, group.bpsn_auc.value, group.bnsp_auc.value) == (1, 0, 1)
    assert (group.false_positive_gap.value, group.false_negative_gap.value) == (1, 0)
    # All 30 were flagged, and none of the 30 others: both could be chance to some degree.
    assert group.false_positive_gap.low == pytest.approx(1 - 2 * (1 - 0.025 ** (1 / 30)))
    assert (found.rows, found.positive, found.without_term) == (120, 60, 60)
    assert found.auroc.value == 0.75


def test_a_group_that_is_overlooked():
    rows = [(True, 0.7, False), (False, 0.3, False), (True, 0.2, True), (False, 0.1, True)] * 30
    [group] = found_for(rows).terms
    assert (group.bpsn_auc.value, group.bnsp_auc.value) == (1, 0)
    assert (group.false_positive_gap.value, group.false_negative_gap.value) == (0, 1)


def test_a_group_that_is_treated_like_others_has_no_gap_in_its_intervals():
    pick = np.random.default_rng(2)
    truth = pick.random(1_000) < 0.5
    values = np.clip(pick.normal(0.4 + 0.2 * truth, 0.15), 0, 0.99)
    found = found_for(list(zip(truth, values, pick.random(1_000) < 0.3, strict=True)), Settings(rounds=300))
    [group] = found.terms
    for gap in (group.false_positive_gap, group.false_negative_gap):
        assert gap.low < 0 < gap.high
    for area in (group.subgroup_auc, group.bpsn_auc, group.bnsp_auc):
        assert area.low < found.auroc.value < area.high


def test_too_few_rows_have_counts_and_reasons():
    rows = [(True, 0.7, False), (False, 0.3, False)] * 20 + [(True, 0.8, True)] * 25 + [(False, 0.1, True)] * 3
    [group] = found_for(rows, Settings(rounds=20)).terms
    assert (group.rows, group.positive) == (28, 25)
    assert group.subgroup_auc.why == "too few: 3 negative with it; 20 needed"
    assert group.bpsn_auc.value is None
    assert group.false_positive_gap.value is None
    assert group.bnsp_auc.value == 1


def test_the_worst_is_the_smallest_area_and_the_gap_furthest_from_none():
    truth = np.array([True, False] * 30)
    named = [frozenset({"one"})] * 20 + [frozenset({"other"})] * 20 + [frozenset({"one", "other"})] * 20
    values = np.array([0.9, 0.1] * 10 + [0.1, 0.9] * 10 + [0.9, 0.1] * 10)
    found = bias("toxicity", 0.5, truth, values, named, FEW)
    assert [(one.term, one.rows) for one in found.terms] == [("one", 40), ("other", 40)]
    assert found.worst["subgroup_auc"] == "other"
    # "one" is flagged wrongly less often than the rest: a gap of -1 is worse than one of +0.5.
    assert found.worst["false_positive_gap"] == "one"
    assert worst([]) == {}


def test_one_side_only_is_refused():
    with pytest.raises(ValueError, match="positive and negative"):
        found_for([(True, 0.2, True), (True, 0.4, False)])
