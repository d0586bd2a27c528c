"""Figures that were kept as JSON, as they were before."""

from collections.abc import Mapping
from typing import Any

from classifiers.evaluation.bootstrap import Estimate
from classifiers.evaluation.subgroups import AREAS, GAPS, Bias, Subgroup

_OF_ALL = ("auroc", "false_positive_rate", "false_negative_rate")


def bias_from(said: Mapping[str, Any]) -> Bias:
    """The Bias that `dataclasses.asdict` made `said` of."""
    terms = [_with(one, (*AREAS, *GAPS)) for one in said["terms"]]
    return Bias(**{**_with(said, _OF_ALL), "terms": [Subgroup(**one) for one in terms]})


def _with(said: Mapping[str, Any], figures: tuple[str, ...]) -> dict[str, Any]:
    return {**said, **{name: Estimate(**said[name]) for name in figures}}
