"""The text classifier: what a worker calls. Importing this module loads neither torch nor a model."""

import hashlib
import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from classifiers.engine.ahead import ahead

if TYPE_CHECKING:
    from classifiers.encoder import Embeddings, Encoder
    from classifiers.head import Head
    from classifiers.windows import Window

# Texts that are cut together: enough for full batches of like length, few enough to begin soon.
PORTION = 256
LIBRARIES = ("torch", "transformers", "tokenizers", "confusable-homoglyphs")


@dataclass(frozen=True)
class Provenance:
    """Everything that makes a score reproducible (H7), but for the text and the thresholds beside it."""

    name: str
    model: str
    weights_sha256: str
    head_version: str
    code_version: str
    libraries: dict[str, str]
    precision: str
    device: str


@dataclass(frozen=True)
class LabelScore:
    """How much a text shows a label: 0 to 1, as high as in its worst window, the characters `start` to `end`.

    From `threshold` on it counts as flagged, from `confident_threshold` on a rule may act; 1.0 means never.
    A text with nothing to read scores 0 at 0 to 0.
    """

    label: str
    value: float
    threshold: float
    confident_threshold: float
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What one pass over a text gives: its scores in the order of the labels, and where it lies among other texts.

    `vector` is a unit vector, the mean of those of its windows; None for a text with nothing to read.
    """

    scores: list[LabelScore]
    vector: "Embeddings | None"


@dataclass(frozen=True)
class Prepared:
    """`count` texts in windows, ready for the device."""

    count: int
    windows: "Sequence[Window]"


class TextClassifier:
    """An encoder and a head. Safe to use from several threads."""

    def __init__(self, name: str, encoder: "Encoder", head: "Head", model: str, weights_sha256: str) -> None:
        self._encoder, self._head = encoder, head
        self.labels: tuple[str, ...] = head.labels
        self.provenance = Provenance(
            name=name,
            model=model,
            weights_sha256=weights_sha256,
            head_version=head.version,
            code_version=code_version(),
            libraries={library: importlib.metadata.version(library) for library in LIBRARIES},
            precision=encoder.precision,
            device=encoder.device_name,
        )

    def score(self, texts: Sequence[str]) -> list[list[LabelScore]]:
        """For each text its scores, in the order of `labels`. Takes any string; of very long ones only the
        first `windows.MAX_CHARACTERS` characters and `windows.MAX_TOKENS` tokens are read (H2).
        """
        return [one.scores for one in self.read(texts)]

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """For each text its scores and its vector, in one pass: a precedent costs no second look (D6).

        Many texts are cut a portion ahead, on a thread of their own, while the device computes.
        """
        portions = [texts[first : first + PORTION] for first in range(0, len(texts), PORTION)]
        return [reading for prepared in ahead(self.prepare, portions) for reading in self.compute(prepared)]

    def prepare(self, texts: Sequence[str]) -> Prepared:
        """What `compute` takes: needs the processor only, so any thread may do it while the device is busy."""
        from classifiers.windows import cut

        return Prepared(len(texts), cut(self._encoder.tokenizer, texts))

    def compute(self, prepared: Prepared) -> list[Reading]:
        """The readings of prepared texts, in their order."""
        windows = prepared.windows
        embeddings = self._encoder.embed(windows)
        values = self._head.values(embeddings)
        of_text: list[list[int]] = [[] for _ in range(prepared.count)]
        for index, window in enumerate(windows):
            of_text[window.document].append(index)
        return [
            Reading(
                scores=[
                    self._best(place, windows, [(float(values[i, place]), i) for i in rows])
                    for place in range(len(self.labels))
                ],
                vector=_mean(embeddings[rows]) if rows else None,
            )
            for rows in of_text
        ]

    def _best(self, place: int, windows: Sequence["Window"], found: list[tuple[float, int]]) -> LabelScore:
        value, start, end = 0.0, 0, 0
        if found:
            value, index = max(found, key=lambda pair: (pair[0], -pair[1]))
            start, end = windows[index].start, windows[index].end
        head = self._head
        return LabelScore(head.labels[place], value, head.thresholds[place], head.confident[place], start, end)


def _mean(vectors: "Embeddings") -> "Embeddings | None":
    mean = vectors.mean(axis=0)
    length = float((mean * mean).sum()) ** 0.5
    return mean / length if length else None


@cache
def code_version() -> str:
    """Twelve digits over the sources that turn text into scores, so that no change of them goes unnoticed (H7)."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.glob("engine/*.py")]):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


_lock = Lock()
_default: TextClassifier | None = None


def default_classifier() -> TextClassifier:
    """The fine-tuned encoder with its head, what a new installation has: loaded at the first call, once per process.

    Raises WrongWeights or BrokenHead if the files are not those that were vetted.
    """
    global _default
    with _lock:
        if _default is None:
            _default = load_default()
        return _default


def load_default(device: str = "", precision: str = "", *, cached: bool = True) -> TextClassifier:
    """A fresh default classifier on a chosen device (cpu, cuda) in a chosen precision (int8, bf16, fp16, fp32).

    Unless it is `cached`, it computes a text anew each time.
    """
    from classifiers.adapted import ADAPTED

    return load_with_head("default", ADAPTED, device, precision, cached=cached)


def load_with_head(
    name: str, folder: Path, device: str = "", precision: str = "", *, cached: bool = False
) -> TextClassifier:
    """The head in `folder` on the encoder that it was fitted on. Raises WrongWeights or BrokenHead."""
    from classifiers.encoder import load_encoder
    from classifiers.head import read_head, trained_on
    from classifiers.weights import model_name

    sha256 = trained_on(folder)
    head = read_head(folder, sha256)
    return TextClassifier(
        name, load_encoder(device, precision, cached=cached, sha256=sha256), head, model_name(sha256), sha256
    )
