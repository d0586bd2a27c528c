"""The classifiers that can be measured, by name."""

from collections.abc import Callable, Mapping

from classifiers.text import TextClassifier, default_classifier

CLASSIFIERS: Mapping[str, Callable[[], TextClassifier]] = {"text": default_classifier}


class UnknownClassifier(Exception):  # noqa: N818 - reads as what happened
    """There is no classifier of that name; says which there are."""


def classifier_named(name: str) -> TextClassifier:
    """The classifier, loaded. Raises UnknownClassifier, or what loading it raises (WrongWeights, BrokenHead)."""
    if name not in CLASSIFIERS:
        raise UnknownClassifier(f"There is no classifier “{name}”. There is: {', '.join(sorted(CLASSIFIERS))}.")
    return CLASSIFIERS[name]()
