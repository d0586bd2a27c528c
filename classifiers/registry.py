"""Every engine by its name, and how a classifier of it comes to be loaded (H2–H5).

    classifier = load(Specification(name="text", kind="text", engine="encoder-head"))

An engine is a module with `load(spec)`, imported when somebody wants it. What is asked of every model is asked here:
it lies in a folder with safetensors, or on a hub under a pinned commit; it brings no code; its weights give numbers.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from types import MappingProxyType
from typing import Any

from classifiers.contract import CannotLoad, Classifier, Kind, Provenance, Reading, Specification
from classifiers.probes import PROBES
from classifiers.sources import local_folder, source_fault


@dataclass(frozen=True)
class Engine:
    """`loader` is the dotted path of the module that loads it; `kinds` are what its classifiers read.

    `model` says whether a specification has to name one: "required", "optional" or "none".
    """

    loader: str
    kinds: tuple[Kind, ...]
    model: str = "required"


ENGINES: Mapping[str, Engine] = MappingProxyType(
    {
        "encoder-head": Engine("classifiers.encoder_head", ("text",), model="optional"),
        "sequence": Engine("classifiers.sequence", ("text",)),
        "zero-shot": Engine("classifiers.zero_shot", ("text",), model="optional"),
        "image": Engine("classifiers.images", ("image",)),
        "safety-checker": Engine("classifiers.images", ("image",)),
        "pdq": Engine("classifiers.images", ("image",), model="none"),
        "c2pa": Engine("classifiers.images", ("image",), model="none"),
        "files": Engine("classifiers.files", ("file",), model="none"),
        "terms": Engine("classifiers.terms", ("terms",), model="none"),
    }
)
# What would have transformers run code that comes with a model, or read a pickle.
FORBIDDEN_OPTIONS = frozenset({"trust_remote_code", "use_safetensors", "weights_only", "auto_map"})


class Loaded:
    """A classifier of any engine under the name, and with the model, that its specification gives it.

    What an engine can do beyond the contract (`prepare`, `compute`) is found here too.
    """

    def __init__(self, inner: Classifier, spec: Specification) -> None:
        self._inner = inner
        self.labels: tuple[str, ...] = inner.labels
        model = spec.model + (f"@{spec.revision}" if spec.revision else "") if spec.model else inner.provenance.model
        self.provenance: Provenance = replace(inner.provenance, name=spec.name, model=model[-200:])

    def read(self, items: Any) -> list[Reading]:
        return self._inner.read(items)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._inner, name)


def fault(spec: Specification) -> str:
    """Why no classifier can be loaded from `spec`, as far as can be said without touching a disk; "" for none."""
    engine = ENGINES.get(spec.engine)
    if engine is None:
        return f"There is no engine “{spec.engine}”. There is: {', '.join(sorted(ENGINES))}."
    if spec.kind not in engine.kinds:
        return f"The engine “{spec.engine}” reads {' and '.join(engine.kinds)}, not {spec.kind}: change one of the two."
    if engine.model == "none" and (spec.model or spec.revision):
        return f"The engine “{spec.engine}” has no model: leave model and revision empty."
    if forbidden := sorted(FORBIDDEN_OPTIONS & set(spec.options)):
        return f"The option “{forbidden[0]}” is not ours to give: no code and no pickle of a model is ever loaded."
    if spec.model:
        return source_fault(spec.model, spec.revision)
    if spec.revision:
        return "A revision without a model says nothing: leave it empty."
    return f"The engine “{spec.engine}” needs a model: a folder, or a hub's id." if engine.model == "required" else ""


def load(spec: Specification) -> Classifier:
    """The classifier that `spec` describes, after it has read a probe.

    Raises CannotLoad, saying what to do, for whatever keeps it from working.
    """
    if wrong := fault(spec):
        raise CannotLoad(wrong)
    engine = ENGINES[spec.engine]
    local = replace(spec, model=str(local_folder(spec.model, spec.revision)), revision="") if spec.model else spec
    loader = _loader(engine, spec)
    try:
        classifier = Loaded(loader(local), spec)
        readings = classifier.read([PROBES[spec.kind]()])
    except CannotLoad:
        raise
    except MemoryError as error:
        raise CannotLoad(f"There is too little memory for “{spec.name}”: choose a smaller model or device.") from error
    except Exception as error:
        raise CannotLoad(f"“{spec.name}” cannot be loaded ({type(error).__name__}: {error}).") from error
    _require_numbers(spec, classifier, readings)
    return classifier


def _loader(engine: Engine, spec: Specification) -> Any:
    try:
        return import_module(engine.loader).load
    except (ImportError, AttributeError) as error:
        raise CannotLoad(
            f"The engine “{spec.engine}” is not installed ({error}): choose another, or install what it needs."
        ) from error


def _require_numbers(spec: Specification, classifier: Classifier, readings: list[Reading]) -> None:
    """Raise CannotLoad unless the one probe got one score from 0 to 1 for each label: broken weights give NaN."""
    broken = f"The weights of “{spec.name}” are broken"
    if len(readings) != 1:
        raise CannotLoad(f"{broken}: it read one thing and answered {len(readings)} times. Get the model anew.")
    for score in readings[0].scores:
        if not (math.isfinite(score.value) and 0 <= score.value <= 1):
            raise CannotLoad(f"{broken}: “{score.label}” comes out as {score.value}. Get the model anew.")
    if len(readings[0].scores) != len(classifier.labels):
        raise CannotLoad(f"{broken}: it has {len(classifier.labels)} labels and scores {len(readings[0].scores)}.")
