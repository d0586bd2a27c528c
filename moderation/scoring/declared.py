"""Classifiers as a file describes them: `settings.CLASSIFIERS`, a list of entries or the path of a JSON file with one.

[{"name": "text", "kind": "text", "engine": "encoder-head"},
 {"name": "spam", "version": 2, "kind": "text", "engine": "sequence", "model": "/models/spam", "languages": ["en"],
  "labels": [{"name": "spam", "output": "LABEL_1", "clause": "spam", "threshold": 0.6}]}]
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from django.conf import settings

from classifiers.contract import Kind, Label, Specification
from classifiers.head import BrokenHead
from classifiers.registry import fault
from classifiers.shipped import declared_labels
from moderation.scoring.storable import storable

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
DEVICE = re.compile(r"(cpu|cuda(:\d+)?)?")
PRECISIONS = ("", "bf16", "fp16", "fp32", "int8")
# A version that was the default once: it stays where it is in use, and begins nowhere.
FORMER = "former"
STATES = ("active", "trial", FORMER)


class BadEntry(ValueError):  # noqa: N818 - reads as what it is
    """An entry of settings.CLASSIFIERS that describes no classifier; the message says which and what to do."""


@dataclass(frozen=True)
class Declared:
    """One version of a classifier, and the state in which it begins; FORMER: in none, where it is not in use."""

    specification: Specification
    version: int
    state: str


def declared() -> list[Declared]:
    """The classifiers of the settings. Raises BadEntry for the first that is wrong."""
    said = settings.CLASSIFIERS
    if isinstance(said, str | Path):
        said = _read(Path(said))
    if not isinstance(said, list):
        raise BadEntry("It is no list: write [{…}, {…}], one entry for each classifier.")
    found = [_entry(number, one) for number, one in enumerate(said, start=1)]
    codes = [(one.specification.name, one.version) for one in found]
    active = [one.specification.name for one in found if one.state == "active"]
    for name, version in codes:
        if codes.count((name, version)) > 1:
            raise BadEntry(f"“{name}” is there twice in version {version}: give the newer one the next version.")
        if active.count(name) > 1:
            raise BadEntry(f'Two versions of “{name}” are active: write "state": "trial" for the newer one.')
    return found


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadEntry(f"{path} cannot be read ({error}): name a JSON file with a list of classifiers.") from error


def _entry(number: int, said: Any) -> Declared:
    def require(holds: object, words: str) -> None:
        if not holds:
            raise BadEntry(f"Entry {number}{f' (“{name}”)' if name else ''}: {words}")

    name = ""
    require(isinstance(said, Mapping), "it is no object. Write {“name”: …, “kind”: …, “engine”: …}.")
    try:
        # Python has more than JSON: compared with what is read back, a tuple would differ for ever.
        said = storable(dict(said))
    except ValueError as error:
        require(False, f"it has what cannot be kept as JSON: {error}.")
    known = {one.name for one in fields(Specification)} | {"version", "state"}
    given = said.get("name")
    require(isinstance(given, str) and NAME.fullmatch(given), "give it a name of up to 40 letters, digits, - and _.")
    name = given
    unknown = sorted(set(map(str, said)) - known)
    require(not unknown, f"nothing is called {', '.join(unknown)}. There is {', '.join(sorted(known))}.")
    kind = said.get("kind")
    require(kind in get_args(Kind), f"its kind is one of {', '.join(get_args(Kind))}.")
    texts = {key: said.get(key, "") for key in ("engine", "model", "revision", "device", "precision")}
    for key, value in texts.items():
        require(isinstance(value, str), f"its {key} is a text in quotation marks.")
    require(DEVICE.fullmatch(texts["device"]), "its device is cpu, cuda or cuda:1, or left out.")
    require(texts["precision"] in PRECISIONS, f"its precision is one of {', '.join(PRECISIONS[1:])}, or left out.")
    require(len(texts["model"]) <= 200, "its model has more than 200 letters.")
    version, state = said.get("version", 1), said.get("state", "active")
    require(type(version) is int and 1 <= version <= 10_000, "its version is a whole number from 1.")
    require(state in STATES, f"its state is one of {', '.join(STATES)}.")
    languages, options = said.get("languages", []), said.get("options", {})
    require(
        isinstance(languages, list | tuple)
        and all(isinstance(one, str) and LANGUAGE.fullmatch(one) for one in languages),
        "its languages are a list of ISO 639-1 codes: [“en”, “th”].",
    )
    require(isinstance(options, Mapping), "its options are an object: {“…”: …}.")
    labels = said.get("labels", []) or _shipped(said, require)
    require(isinstance(labels, list | tuple), "its labels are a list.")
    made = tuple(_label(one, require) for one in labels)
    names = [one.name for one in made]
    require(len(set(names)) == len(names), "two of its labels have one name.")
    spec = Specification(name, kind, labels=made, languages=tuple(languages), options=dict(options), **texts)
    wrong = fault(spec)
    require(not wrong, wrong)
    return Declared(spec, version, state)


def _shipped(said: Mapping[str, Any], require: Any) -> list[dict[str, Any]]:
    """The labels of one of the project's own heads that is named, with the clauses that they speak for."""
    head = said.get("options", {}).get("head", "") if isinstance(said.get("options"), Mapping) else ""
    if said.get("engine") != "encoder-head" or said.get("model") or not head:
        return []
    try:
        return declared_labels(head)
    except BrokenHead as error:
        require(False, str(error))
    return []


def _label(said: Any, require: Any) -> Label:
    known = {one.name for one in fields(Label)}
    require(isinstance(said, Mapping) and set(said) <= known, f"a label has {', '.join(sorted(known))}, no more.")
    values = dict(said)
    name = values.get("name")
    require(isinstance(name, str) and NAME.fullmatch(name), "each of its labels needs a name of up to 40 letters.")
    for key in ("output", "clause"):
        require(isinstance(values.get(key, ""), str), f"the {key} of “{name}” is a text in quotation marks.")
    for key in ("threshold", "confident_threshold"):
        value = values.get(key, 0.5)
        number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
        require(number, f"the {key} of “{name}” is a number from 0 to 1.")
    label = Label(**values)
    ordered = label.threshold <= label.confident_threshold
    require(ordered, f"the confident_threshold of “{name}” must not lie below its threshold.")
    return label
