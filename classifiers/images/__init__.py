"""Images: bytes in; small decoded frames, scores and blurred previews out. Strangers' bytes are decoded in a child."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers.contract import Classifier, Specification


def load(spec: "Specification") -> "Classifier":
    """The classifier of one of the engines for images; `spec.model` is a folder. Raises CannotLoad (H3, H5)."""
    from importlib import import_module

    modules = {"image": "transformer", "safety-checker": "safety_checker", "pdq": "known", "c2pa": "declared"}
    classifier: Classifier = import_module(f"classifiers.images.{modules[spec.engine]}").load(spec)
    return classifier
