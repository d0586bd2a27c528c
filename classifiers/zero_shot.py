"""Labels without a model of their own, from the words of their clause: a makeshift until somebody has labelled texts.

With a model of natural language inference a text is asked whether it entails the words; without one, how close the
default encoder finds the two. The latter is weak and not calibrated: its values put texts in an order and are no
chances, and of some kinds of violation the order may be no better than one by lot. Neither has seen what people
here take for a violation: measure it on your own labelled texts (H9) before a threshold or a rule relies on it.
"""

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from classifiers.contract import CannotLoad, Classifier, Label, Provenance, Reading, Specification
from classifiers.sequence_model import Logits, Rows, SequenceModel, open_model, readings, softmax
from classifiers.text import LIBRARIES, code_version
from classifiers.windows import Window, cut

if TYPE_CHECKING:
    from classifiers.encoder import Embeddings, Encoder

# They spread the default encoder's cosines over 0 to 1: set once by public examples that do not come with Ombud, which
# says nothing of other texts. Closeness alone is never a sure sign, so that no value says more than MOST.
SLOPE, OFFSET, MOST = 9.26, -1.15, 0.75
VERSION = "similarity-1"


class Inference:
    """Asks a model of natural language inference. Safe to use from several threads."""

    def __init__(self, model: SequenceModel, labels: Sequence[Label], hypotheses: Mapping[str, Sequence[str]]) -> None:
        self._model, self._labels, self._hypotheses = model, tuple(labels), hypotheses
        self._entails, self._against = _columns(model.outputs)
        self.labels: tuple[str, ...] = tuple(label.name for label in labels)
        self.provenance: Provenance = model.provenance
        self._longest = max(len(model.tokenizer.encode(one).ids) for some in hypotheses.values() for one in some)

    def read(self, items: Sequence[str]) -> list[Reading]:
        """How surely each text entails the words of each label, at its worst window. Any string."""
        windows = self._model.windows(items, reserved=self._longest)
        values = np.stack([self._values(label.name, items, windows) for label in self._labels], axis=1)
        return readings(self._labels, len(items), windows, values)

    def _values(self, label: str, items: Sequence[str], windows: Sequence[Window]) -> Logits:
        """Of each window the highest value for any of the label's hypotheses."""
        found = np.zeros(len(windows), dtype=np.float32)
        for hypothesis in self._hypotheses[label]:
            pairs = [(_readable(items[one.document][one.start : one.end]), hypothesis) for one in windows]
            encoded = self._model.tokenizer.encode_batch(pairs)
            rows = Rows([one.ids for one in encoded], [one.type_ids for one in encoded])
            values = softmax(self._model.logits(rows)[:, [self._entails, *self._against]])
            found = np.maximum(found, values[:, 0])
        return found


class Similarity:
    """Compares with the default encoder. Safe to use from several threads."""

    def __init__(
        self, encoder: "Encoder", provenance: Provenance, labels: Sequence[Label], targets: Sequence["Embeddings"]
    ) -> None:
        """`targets` are for each label the vectors of its sentences."""
        self._encoder, self._labels, self._targets = encoder, tuple(labels), targets
        self.labels: tuple[str, ...] = tuple(label.name for label in labels)
        self.provenance: Provenance = provenance

    def read(self, items: Sequence[str]) -> list[Reading]:
        """How close each text comes to the words of each label, at its closest window: at most MOST. Any string."""
        windows = cut(self._encoder.tokenizer, items)
        vectors = self._encoder.embed(windows)
        values = [spread((vectors @ target.T).max(axis=1, initial=-1)) for target in self._targets]
        return readings(self._labels, len(items), windows, np.stack(values, axis=1))


def spread(similarity: "Embeddings") -> Logits:
    """Cosines (-1 to 1) as values from 0 to MOST, in the same order. They are no probabilities."""
    values: Logits = np.minimum(MOST, 1 / (1 + np.exp(-(SLOPE * similarity + OFFSET)))).astype(np.float32)
    return values


def load(spec: Specification) -> Classifier:
    """The labels of `spec` from the words in its option `hypotheses`: for each label a sentence, or several.

    Whoever loads it fills in the wording of a label's clause where it names none (moderation.scoring.wording).
    With a model (of natural language inference) good words say what a text does: “This text insults a person.”
    Raises CannotLoad.
    """
    hypotheses = _hypotheses(spec)
    if spec.model:
        return Inference(open_model(spec, pairs=True), spec.labels, hypotheses)
    from classifiers.encoder import load_encoder
    from classifiers.weights import MODEL_NAME, WEIGHTS_SHA256, WrongWeights

    try:
        encoder = load_encoder(spec.device, spec.precision)
    except (WrongWeights, KeyError, ValueError) as error:
        raise CannotLoad(f"The default encoder cannot be loaded ({error}): install it again.") from error
    targets = [_embedded(encoder, hypotheses[label.name]) for label in spec.labels]
    return Similarity(encoder, _provenance(spec.name, encoder, MODEL_NAME, WEIGHTS_SHA256), spec.labels, targets)


def _hypotheses(spec: Specification) -> dict[str, tuple[str, ...]]:
    given = spec.options.get("hypotheses", {})
    if not isinstance(given, Mapping) or not spec.labels:
        raise CannotLoad("Name the labels, and the words of each in the option “hypotheses”: {“label”: “This text …”}.")
    found = {}
    for label in spec.labels:
        said = given.get(label.name, ())
        sentences = (said,) if isinstance(said, str) else tuple(said)
        if not sentences or not all(isinstance(one, str) and one.strip() for one in sentences):
            raise CannotLoad(
                f"The label “{label.name}” has no words: name its clause, or write them in the option “hypotheses”."
            )
        found[label.name] = sentences
    return found


def _columns(outputs: Sequence[str]) -> tuple[int, list[int]]:
    """Where the model says that a text entails the words, and what speaks against it: without "neutral" if it can."""
    small = [output.casefold() for output in outputs]
    entails = [at for at, output in enumerate(small) if output.startswith("entail")]
    if len(entails) != 1 or len(outputs) < 2:
        has = ", ".join(outputs)
        raise CannotLoad(f"The model has no output “entailment”, so it is none of inference. It has: {has}.")
    against = [at for at, output in enumerate(small) if output.startswith("contra")]
    return entails[0], against or [at for at in range(len(outputs)) if at != entails[0]]


def _readable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _embedded(encoder: "Encoder", sentences: Sequence[str]) -> "Embeddings":
    """One unit vector for each sentence, of which the first window is read."""
    windows = {window.document: window for window in reversed(cut(encoder.tokenizer, sentences))}
    return encoder.embed([windows[at] for at in sorted(windows)])


def _provenance(name: str, encoder: "Encoder", model: str, weights_sha256: str) -> Provenance:
    return Provenance(
        name=name,
        model=model,
        weights_sha256=weights_sha256,
        head_version=VERSION,
        code_version=code_version(),
        libraries={library: importlib.metadata.version(library) for library in LIBRARIES},
        precision=encoder.precision,
        device=encoder.device_name,
    )
