"""The engine “encoder-head”: the packaged encoder with a head, the project's own or one in a folder (H2)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from classifiers.contract import CannotLoad, Classifier, Label, LabelScore, Reading, Specification
from classifiers.text import TextClassifier, default_classifier, load_default


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
    """The default classifier; with `spec.model` that of the head in this folder. Raises CannotLoad."""
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
    if not spec.model:
        # One for all who want it as it is: they share its memory.
        return load_default(spec.device, spec.precision) if spec.device or spec.precision else default_classifier()
    from classifiers.encoder import load_encoder
    from classifiers.head import read_head
    from classifiers.weights import MODEL_NAME, WEIGHTS_SHA256

    head = read_head(Path(spec.model), WEIGHTS_SHA256)
    encoder = load_encoder(spec.device, spec.precision)
    return TextClassifier(spec.name, encoder, head, MODEL_NAME, WEIGHTS_SHA256)
