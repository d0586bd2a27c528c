"""Findings as scores (H5): so that what a file holds counts like what a text says."""

import hashlib
import importlib.metadata
import io
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from classifiers.contract import CannotLoad, Classifier, Label, LabelScore, Provenance, Reading, Specification
from classifiers.files.findings import FileFindings, Finding
from classifiers.files.scan import KnownBad, scan_file

UNSAFE_PICKLE, SECRET, KNOWN_BAD, BROKEN_HEADER = "unsafe_pickle", "secret", "known_bad", "broken_header"
OUTPUTS = (UNSAFE_PICKLE, SECRET, KNOWN_BAD, BROKEN_HEADER)
# What a finding is worth by its code: how certain it is that the file is what its output says. A secret's form may be
# an example's, an unknown import is usually a library we do not know.
CERTAINTY = {
    "dangerous_import": (UNSAFE_PICKLE, 1.0),
    "suspicious_import": (UNSAFE_PICKLE, 0.4),
    "lambda_layer": (UNSAFE_PICKLE, 1.0),
    "foreign_code": (UNSAFE_PICKLE, 0.4),  # and 1 where it is certainly harmful
    "known_bad": (KNOWN_BAD, 1.0),
    "broken_header": (BROKEN_HEADER, 1.0),
    "huge_header": (BROKEN_HEADER, 1.0),
    "wrong_format": (BROKEN_HEADER, 0.6),
}
SECRETS = 0.8
SHA256 = re.compile(r"[0-9a-f]{64}")
LIBRARIES = ("picklescan", "detect-secrets", "py7zr", "inflate64", "backports.zstd", "lz4")


class FileClassifier:
    """The scanners as a classifier. Safe to use from several threads."""

    def __init__(self, labels: Sequence[Label], provenance: Provenance, known_bad: KnownBad | None) -> None:
        self._labels, self._known_bad = tuple(labels), known_bad
        self.labels: tuple[str, ...] = tuple(label.name for label in labels)
        self.provenance = provenance

    def read(self, items: Sequence[Any]) -> list[Reading]:
        """One reading per file, in order: bytes, the path of a file, or a pair of a path in a repository and bytes.

        A file that could not be looked at whole and where nothing was found has no scores, so that it never passes
        for clean.
        """
        return [reading for _, reading in self.look(items)]

    def look(self, items: Sequence[Any]) -> list[tuple[FileFindings, Reading]]:
        """The readings, each with what was found."""
        return [self._look(item) for item in items]

    def _look(self, item: Any) -> tuple[FileFindings, Reading]:
        if isinstance(item, str | Path):
            with Path(item).open("rb") as file:
                return self._found(str(item), file, Path(item).stat().st_size)
        path, data = item if isinstance(item, tuple) else ("", item)
        return self._found(path, io.BytesIO(data), len(data))

    def _found(self, path: str, stream: BinaryIO, size: int) -> tuple[FileFindings, Reading]:
        found = scan_file(path, stream, size, known_bad=self._known_bad)
        return found, Reading(scores_of(found, self._labels), None)


def scores_of(found: FileFindings, labels: Sequence[Label]) -> list[LabelScore]:
    """A score from 0 to 1 for each label, the most certain finding's; none where nothing was found in what could not
    be looked at whole.
    """
    if found.level == "unscanned":
        return []
    values = dict.fromkeys(OUTPUTS, 0.0)
    for finding in found.findings:
        output, value = _worth(finding)
        if output:
            values[output] = max(values[output], value)
    return [
        LabelScore(label.name, values[label.output or label.name], label.threshold, label.confident_threshold, 0, 0)
        for label in labels
    ]


def _worth(finding: Finding) -> tuple[str, float]:
    """What a finding speaks for and how certainly; "" for what no label is about."""
    if finding.kind == "secret":
        return SECRET, SECRETS
    output, value = CERTAINTY.get(finding.code, ("", 0.0))
    return output, 1.0 if finding.kind == "code" and finding.level == "unsafe" else value


def load(spec: Specification) -> Classifier:
    """The scanners with the lists of `spec.options`. Raises CannotLoad.

    `known_bad` are SHA-256 in hex, the path of a file with one a line (what follows a comma or # is ignored), or a
    function from one to whether it is known. Outputs are those of OUTPUTS; without labels all of them.
    """
    labels = spec.labels or tuple(Label(output, output) for output in OUTPUTS)
    for label in labels:
        if (label.output or label.name) not in OUTPUTS:
            raise CannotLoad(
                f"“{spec.name}” finds no “{label.output or label.name}” for the label “{label.name}”. "
                f"It finds: {', '.join(OUTPUTS)}."
            )
    known, version = _known(spec)
    provenance = Provenance(
        name=spec.name,
        model="files",
        weights_sha256="",
        head_version=version,
        code_version=code_version(),
        libraries={name: importlib.metadata.version(name) for name in LIBRARIES},
        precision="",
        device="cpu",
    )
    return FileClassifier(labels, provenance, known)


def _known(spec: Specification) -> tuple[KnownBad | None, str]:
    """The list, with a version of it as far as it can be told."""
    source: Any = spec.options.get("known_bad")
    if source is None:
        return None, ""
    if callable(source):
        look_up: Callable[[str], bool | str | None] = source
        return look_up, "looked up"
    if isinstance(source, str):
        try:
            lines = Path(source).read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise CannotLoad(f"The list {source} of “{spec.name}” cannot be read ({why}): correct the path.") from None
        source = [line.partition("#")[0].partition(",")[0].strip() for line in lines]
    given = [str(value).lower() for value in source]
    # The words of the line stay out of it: the path may be of any file, and the message goes into letters.
    if wrong := next((number for number, value in enumerate(given, 1) if value and not SHA256.fullmatch(value)), None):
        raise CannotLoad(f"A list of “{spec.name}” is broken: line {wrong} is no SHA-256, 64 hexadecimal digits.")
    values = frozenset(value for value in given if value)
    if not values:
        return None, ""
    return values, hashlib.sha256("\n".join(sorted(values)).encode()).hexdigest()[:12]


@cache
def code_version() -> str:
    """Twelve digits over the sources that turn files into scores (H7)."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
