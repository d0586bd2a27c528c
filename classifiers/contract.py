"""What every classifier is to those who call it: a specification in, scores with their provenance out.

A loader of one engine is a function `load(spec: Specification) -> Classifier` (see `classifiers.registry`). It raises
CannotLoad, saying what to do, for everything that keeps it from working; it never reads a pickle and never runs code
that comes with a model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol

from classifiers.text import LabelScore, Provenance, Reading

__all__ = ["CannotLoad", "Classifier", "Kind", "Label", "LabelScore", "Provenance", "Reading", "Specification"]

Kind = Literal["text", "image", "file", "terms"]


class CannotLoad(Exception):  # noqa: N818 - reads as what happened
    """A classifier cannot be loaded; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Label:
    """One thing that a classifier says: our name of it, the model's own (`output`), its clause, from when it counts.

    From `threshold` on a score counts as flagged, from `confident_threshold` on a rule may act; 1.0 means never.
    """

    name: str
    output: str = ""
    clause: str = ""
    threshold: float = 0.5
    confident_threshold: float = 1.0


@dataclass(frozen=True)
class Specification:
    """A classifier as an operator configures it (H2–H5).

    `model` is a folder or the id of a model of a hub, then with a pinned `revision` (a commit). `languages` are
    ISO 639-1 codes, empty for all. `device` and `precision` are picked where empty. `options` are the engine's own.
    """

    name: str
    kind: Kind
    engine: str
    model: str = ""
    revision: str = ""
    labels: tuple[Label, ...] = ()
    languages: tuple[str, ...] = ()
    device: str = ""
    precision: str = ""
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class Classifier(Protocol):
    """A loaded classifier, safe to use from several threads."""

    labels: tuple[str, ...]
    provenance: Provenance

    def read(self, items: Sequence[Any]) -> list[Reading]:
        """One reading per item, in order: texts are str, images and files bytes or paths. Takes any item."""
        ...
