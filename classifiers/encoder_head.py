"""The engine “encoder-head”: an encoder with a head, one of the project's own or one in a folder (H2).

The option `head` names one of the project's own (`classifiers.shipped`); without it, it is the first one, which is what
versions that were configured before there was another one go on being.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from classifiers.contract import CannotLoad, Classifier, Label, LabelScore, Reading, Specification
from classifiers.shipped import FIRST, LATEST, folder_of
from classifiers.text import TextClassifier, default_classifier, load_with_head


class Relabelled:
    """A classifier that says fewer labels, under other names or with other thresholds."""

    def __init__(self, inner: TextClassifier, labels: Sequence[Label]) -> None:
        self._inner = inner
        self._wanted = [(inner.labels.index(one.output or one.name), one) for one in labels]
        self.labels: tuple[str, ...] = tuple(one.name for one in labels)
        self.provenance = inner.provenance

    def read(self, items: Sequence[Any]) -> list[Reading]:
        return self._named(self._inner.read(items))

    def prepare(self, items: Sequence[Any]) -> Any:
        prepare = getattr(self._inner, "prepare", None)
        return prepare(items) if prepare else items

    def compute(self, prepared: Any) -> list[Reading]:
        compute = getattr(self._inner, "compute", None)
        return self._named(compute(prepared) if compute else self._inner.read(prepared))

    def _named(self, readings: list[Reading]) -> list[Reading]:
        return [replace(one, scores=[_as(label, one.scores[at]) for at, label in self._wanted]) for one in readings]


def _as(label: Label, score: LabelScore) -> LabelScore:
    return replace(score, label=label.name, threshold=label.threshold, confident_threshold=label.confident_threshold)


def load(spec: Specification) -> Classifier:
    """The head that the option `head` names; with `spec.model` the one in this folder. Raises CannotLoad."""
    from classifiers.head import BrokenHead
    from classifiers.weights import WrongWeights

    try:
        classifier = _classifier(spec)
    except (BrokenHead, WrongWeights, ValueError) as error:
        raise CannotLoad(str(error)) from error
    unknown = [one for one in spec.labels if (one.output or one.name) not in classifier.labels]
    if unknown:
        said = unknown[0].output or unknown[0].name
        raise CannotLoad(f"The head has no label “{said}”, only {', '.join(classifier.labels)}.")
    return Relabelled(classifier, spec.labels) if spec.labels else classifier


def _classifier(spec: Specification) -> TextClassifier:
    said = spec.options.get("head", FIRST)
    if spec.model:
        return load_with_head(spec.name, Path(spec.model), spec.device, spec.precision)
    folder = folder_of(said)
    if said == LATEST and not (spec.device or spec.precision):
        # One for all who want it as it is: they share its memory.
        return default_classifier()
    return load_with_head("default", folder, spec.device, spec.precision, cached=True)
