"""Images that are known already: PDQ hashes against lists (H5)."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.contract import CannotLoad, Classifier, Label, Provenance, Specification
from classifiers.images.classifier import ImageClassifier, Values, code_version, frames_of, libraries
from classifiers.images.decoder import Pixels
from classifiers.images.pdq import DISTANCE, QUALITY, Hash, KnownHashes, hash_of, is_hash, turned


def load(spec: Specification) -> Classifier:
    """The lists of `spec.options`. Raises CannotLoad for lists that cannot be read.

    `lists` maps names to hashes in hex, or to the path of a file with one a line (what follows a comma or # is
    ignored); a label gets the lists that its `output` names, with commas between them. `distance` (31; or a mapping
    from lists) is how many bits may differ, `quality` (50) below which an image matches nothing, `turned` (true)
    whether mirrored and turned images match too.

    A value is 1 for the very hash and falls to 0.5 at `distance`; 0 is no match.
    """
    lists = _lists(spec)
    distances = {name: _distance(spec, name) for name in lists}
    quality = _number("quality", spec.options.get("quality", QUALITY), 100)
    labels = spec.labels or tuple(Label(name, name) for name in lists)
    if not labels:
        raise CannotLoad(f"“{spec.name}” has no list: give the option “lists”.")
    known = [[(_known(spec, lists[name]), distances[name]) for name in _names(spec, label, lists)] for label in labels]
    hashes_of = turned if spec.options.get("turned", True) else lambda pixels: [hash_of(pixels)]

    def certainty(pixels: Pixels) -> list[float]:
        hashes = hashes_of(pixels)
        return [max(_certainty(one, hashes, distance, quality) for one, distance in of_label) for of_label in known]

    def values(frames: Sequence[Pixels]) -> Values:
        return np.array([certainty(pixels) for pixels in frames], np.float32)

    digest = hashlib.sha256("\n".join(hash_ for name in sorted(lists) for hash_ in (name, *lists[name])).encode())
    provenance = Provenance(
        name=spec.name,
        model="PDQ",
        weights_sha256="",
        head_version=f"{digest.hexdigest()[:12]}, {'/'.join(sorted({str(one) for one in distances.values()}))} bits"[
            :60
        ],
        code_version=code_version(),
        libraries=libraries("pdqhash"),
        precision="",
        device="cpu",
    )
    return ImageClassifier(labels, provenance, values, frames=frames_of(spec.options))


def _lists(spec: Specification) -> dict[str, list[str]]:
    lists = spec.options.get("lists", {})
    if not isinstance(lists, Mapping):
        raise CannotLoad("The option “lists” maps names to hashes, or to the path of a file with one a line.")
    return {str(name): _hashes(spec, source) for name, source in lists.items()}


def _hashes(spec: Specification, source: Any) -> list[str]:
    if not isinstance(source, str):
        return [str(value).strip().lower() for value in source]
    try:
        lines = Path(source).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise CannotLoad(f"The list {source} of “{spec.name}” cannot be read ({why}): correct the path.") from None
    values = [line.partition("#")[0].partition(",")[0].strip().lower() for line in lines]
    # The words of the line stay out of it: the path may be of any file, and the message goes into letters.
    if wrong := next((number for number, value in enumerate(values, 1) if value and not is_hash(value)), None):
        raise CannotLoad(f"The list {source} of “{spec.name}” is broken: line {wrong} is no PDQ hash.")
    return [value for value in values if value]


def _known(spec: Specification, values: list[str]) -> KnownHashes:
    try:
        return KnownHashes(values)
    except ValueError as error:
        raise CannotLoad(f"A list of “{spec.name}” is broken: {error}") from error


def _certainty(known: KnownHashes, hashes: Sequence[Hash], distance: int, quality: int) -> float:
    near = known.nearest(hashes, distance=distance, quality=quality)
    return 1 - near.distance / (2 * max(distance, 1)) if near else 0.0


def _names(spec: Specification, label: Label, lists: Mapping[str, list[str]]) -> list[str]:
    """The lists of a label."""
    names = [name.strip() for name in (label.output or label.name).split(",")]
    if unknown := next((name for name in names if name not in lists), None):
        raise CannotLoad(f"“{spec.name}” has no list “{unknown}” for the label “{label.name}”: {', '.join(lists)}.")
    return names


def _distance(spec: Specification, name: str) -> int:
    said = spec.options.get("distance", DISTANCE)
    return _number("distance", said.get(name, DISTANCE) if isinstance(said, Mapping) else said, 128)


def _number(option: str, said: Any, most: int) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= most:
        raise CannotLoad(f"The option “{option}” is {said!r}: give a whole number from 0 to {most}.")
    return said
