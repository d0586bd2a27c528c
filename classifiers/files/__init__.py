"""Scanners of files: bytes in, findings and scores out (A8, H5). Nothing here runs, loads or fetches what it reads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers.contract import Classifier, Specification


def load(spec: "Specification") -> "Classifier":
    """The scanners as a classifier, see `classifiers.files.classifier`. Raises CannotLoad (H5)."""
    from classifiers.files import classifier

    return classifier.load(spec)
