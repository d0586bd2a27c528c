"""Any sequence classifier of transformers, for one label of several or several at once (H2)."""

from collections.abc import Sequence

from classifiers.contract import CannotLoad, Classifier, Label, Provenance, Reading, Specification
from classifiers.sequence_model import Rows, SequenceModel, open_model, readings, sigmoid, softmax


class SequenceClassifier:
    """Long texts are read in overlapping windows, and each label keeps its worst. Safe to use from several threads."""

    def __init__(self, model: SequenceModel, labels: Sequence[Label], columns: Sequence[int], *, several: bool) -> None:
        """`columns` are the model's outputs of the `labels`. With `several` labels may hold at once."""
        self._model, self._labels, self._columns, self._several = model, tuple(labels), list(columns), several
        self.labels: tuple[str, ...] = tuple(label.name for label in labels)
        self.provenance: Provenance = model.provenance

    def read(self, items: Sequence[str]) -> list[Reading]:
        """For each text its scores in the order of `labels`, each with the window that decided; no vectors."""
        windows = self._model.windows(items)
        logits = self._model.logits(Rows([window.ids for window in windows]))
        values = sigmoid(logits) if self._several else softmax(logits)
        return readings(self._labels, len(items), windows, values[:, self._columns])


def load(spec: Specification) -> Classifier:
    """The classifier whose folder or hub's id `spec.model` is.

    Each label takes the model's output of the name `output`, or of its own name; without labels every output is one.
    Whether several may hold at once says the model's configuration, or the option `multi_label`. Raises CannotLoad.
    """
    model = open_model(spec)
    labels = spec.labels or tuple(Label(output) for output in model.outputs)
    columns = [_column(label, model.outputs) for label in labels]
    if len({label.name for label in labels}) < len(labels):
        raise CannotLoad(f"Two labels of “{spec.name}” have the same name: give each its own.")
    return SequenceClassifier(model, labels, columns, several=_several(spec, model))


def _column(label: Label, outputs: Sequence[str]) -> int:
    """Where the output of `label` stands; capital letters do not matter unless two outputs differ by nothing else."""
    wanted = label.output or label.name
    if wanted in outputs:
        return outputs.index(wanted)
    small = [output.casefold() for output in outputs]
    if small.count(wanted.casefold()) == 1:
        return small.index(wanted.casefold())
    raise CannotLoad(f"The model has no output “{wanted}” for the label “{label.name}”. It has: {', '.join(outputs)}.")


def _several(spec: Specification, model: SequenceModel) -> bool:
    """As the model was trained; an output alone is never shared among one."""
    kind = model.problem
    said = spec.options.get("multi_label")
    if said is not None and not isinstance(said, bool):
        raise CannotLoad("The option “multi_label” is true or false.")
    if kind == "regression" and said is None:
        raise CannotLoad("The model gives measures and no probabilities: choose another, or say “multi_label”.")
    return len(model.outputs) == 1 or (kind == "multi_label_classification" if said is None else said)
