"""What every classifier of images shares: items are decoded in children, frames scored, the worst frame decides."""

import hashlib
import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.contract import CannotLoad, Label, LabelScore, Provenance, Reading, Specification
from classifiers.images.decoder import FRAMES, MAX_BYTES, SIDE, Decoded, Pixels, decoder
from classifiers.images.words import FAILED, TOO_SLOW

Values = npt.NDArray[np.float32]
# Images decoded at once: the frames of so many lie in memory together.
PIECE = 16
# Verdicts that are no property of the image.
AGAIN = (FAILED, TOO_SLOW)


class Unread(Exception):  # noqa: N818 - reads as what happened
    """An image could not be looked at this time; the message is the verdict, a key of `words.VERDICTS`."""


class ImageClassifier:
    """Frames in, values out, whatever the engine. Safe to use from several threads."""

    def __init__(
        self,
        labels: Sequence[Label],
        provenance: Provenance,
        values: Callable[[Sequence[Pixels]], Values],
        *,
        side: int = SIDE,
        frames: int = FRAMES,
    ) -> None:
        """`values` gives rows of numbers from 0 to 1 for frames: one column per label."""
        self._labels, self._values, self._side, self._frames = tuple(labels), values, side, frames
        self.labels: tuple[str, ...] = tuple(label.name for label in labels)
        self.provenance = provenance

    def read(self, items: Sequence[Any]) -> list[Reading]:
        """One reading per image (bytes, or the path of a file), in order.

        Of an animation the worst frame counts; `start` and `end` are its place and the next. An image that could not
        be looked at, or an animation of which a part could not be and whose other frames flag nothing, has no scores,
        so that it never passes for clean; `look` says why. Raises Unread where another try may go better: the machine
        may have been busy, or a child killed for memory.
        """
        looked = self.look(items)
        if again := next((decoded.verdict for decoded, _ in looked if decoded.verdict in AGAIN), ""):
            raise Unread(again)
        return [reading for _, reading in looked]

    def look(self, items: Sequence[Any]) -> list[tuple[Decoded, Reading]]:
        """The readings, each with what came of decoding its image."""
        out: list[tuple[Decoded, Reading]] = []
        for start in range(0, len(items), PIECE):
            images = [image_bytes(item) for item in items[start : start + PIECE]]
            decoded = decoder().decode_all(images, side=self._side, frames=self._frames)
            frames = [frame.pixels for one in decoded for frame in one.frames]
            rows = iter(self._values(frames) if frames else ())
            for one in decoded:
                of_image = [next(rows) for _ in one.frames]
                out.append((one, Reading(self._scores(one, of_image), None)))
        return out

    def _scores(self, decoded: Decoded, rows: Sequence[Values]) -> list[LabelScore]:
        if not rows:
            return []
        scores = []
        for place, label in enumerate(self._labels):
            worst = max(range(len(rows)), key=lambda row, place=place: float(rows[row][place]))  # type: ignore[misc]
            index = decoded.frames[worst].index
            value = float(rows[worst][place])
            scores.append(LabelScore(label.name, value, label.threshold, label.confident_threshold, index, index + 1))
        flagged = any(score.value >= score.threshold for score in scores)
        return scores if decoded.whole or flagged else []


def image_bytes(item: Any) -> bytes:
    """The bytes of an image, of a path those of its file: one byte more than is decoded, at most. Raises OSError."""
    if isinstance(item, bytes | bytearray | memoryview):
        return bytes(item)
    with Path(item).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def labels_of(spec: Specification, outputs: Sequence[str]) -> tuple[Label, ...]:
    """The labels that an operator configured; without any, one for each of the model's own outputs.

    Raises CannotLoad for a label whose output the model does not have.
    """
    labels = spec.labels or tuple(Label(output, output) for output in outputs)
    for label in labels:
        if (label.output or label.name) not in outputs:
            raise CannotLoad(
                f"“{spec.name}” has no output “{label.output or label.name}” for the label “{label.name}”. "
                f"It has: {', '.join(outputs)}."
            )
    return labels


def frames_of(options: Mapping[str, Any]) -> int:
    """How many frames of an animation are looked at. Raises CannotLoad for anything but 1 to 32."""
    frames = options.get("frames", FRAMES)
    if not isinstance(frames, int) or isinstance(frames, bool) or not 1 <= frames <= 32:
        raise CannotLoad(f"The option “frames” is {frames!r}: give a whole number from 1 to 32.")
    return frames


def libraries(*names: str) -> dict[str, str]:
    """The versions of those that turn an image into a score."""
    return {name: importlib.metadata.version(name) for name in ("pillow", *names)}


@cache
def code_version() -> str:
    """Twelve digits over the sources that turn images into scores (H7)."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
