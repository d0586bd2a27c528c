"""What an image declares about where it comes from, as a classifier (A8): its C2PA manifest, read without a network."""

from collections.abc import Sequence
from typing import Any

from classifiers.contract import Classifier, LabelScore, Provenance, Reading, Specification
from classifiers.files import formats
from classifiers.files.provenance import declares, read_provenance
from classifiers.images.classifier import code_version, image_bytes, labels_of, libraries
from classifiers.images.decoder import MAX_BYTES

ALTERED, AI_GENERATED = "altered", "ai_generated"
OUTPUTS = (ALTERED, AI_GENERATED)
HEAD = 64


class Declared:
    """Safe to use from several threads."""

    def __init__(self, spec: Specification) -> None:
        self._labels = labels_of(spec, OUTPUTS)
        self.labels: tuple[str, ...] = tuple(label.name for label in self._labels)
        self.provenance = Provenance(
            name=spec.name,
            model="C2PA",
            weights_sha256="",
            head_version="",
            code_version=code_version(),
            libraries=libraries("c2pa-python"),
            precision="",
            device="cpu",
        )

    def read(self, items: Sequence[Any]) -> list[Reading]:
        """Whether each image was changed after its provenance was signed, and whether it says a model made it: 0 or 1.

        An image that declares nothing scores 0. One that is too large, or that declares what we cannot read (or in a
        format in which we do not read it, or elsewhere), has no scores: it never passes for unchanged.
        """
        return [self._read(image_bytes(item)) for item in items]

    def _read(self, data: bytes) -> Reading:
        if len(data) > MAX_BYTES:
            return Reading([], None)
        mime_type = formats.image_type(data[:HEAD])
        if not mime_type and declares(data):
            return Reading([], None)
        found = read_provenance(data, mime_type) if mime_type else None
        if found and found.state in ("unreadable", "remote"):
            return Reading([], None)
        said = {ALTERED: bool(found and found.state == "invalid"), AI_GENERATED: bool(found and found.ai_generated)}
        return Reading(
            [
                LabelScore(
                    label.name,
                    float(said[label.output or label.name]),
                    label.threshold,
                    label.confident_threshold,
                    0,
                    0,
                )
                for label in self._labels
            ],
            None,
        )


def load(spec: Specification) -> Classifier:
    """Its outputs are `altered` and `ai_generated`. Raises CannotLoad."""
    return Declared(spec)
