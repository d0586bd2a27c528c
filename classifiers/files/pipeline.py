"""Safety signals of a repository, from its declarations and the names of its files (A8)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from classifiers.files.declarations import INDEX, is_null, read_declaration
from classifiers.files.watermarks import read_watermark
from classifiers.files.words import SIGNALS

CHECKER, EXTRACTOR = "safety_checker", "feature_extractor"
# Pipelines of diffusers that come with a safety checker; others, and the larger ones of the family, never had one.
CHECKED = re.compile(
    r"StableDiffusion(?!XL|3|Depth2Img|LatentUpscale)|AltDiffusion|CycleDiffusion|PaintByExample|VersatileDiffusion"
    r"|LatentConsistencyModel|TextToVideoZero|^IF(?=[A-Z])"
)
SAFE = re.compile(r"Safe(?![a-z])")
PICKLED = re.compile(r"(?:^|/)(?!openvino)(?:[^/]*model[^/]*\.bin|[^/]+\.(?:pt|pth|ckpt|pkl))$", re.IGNORECASE)
# What training leaves behind beside the weights.
NO_WEIGHTS = re.compile(r"(?:^|/)(?:optimizer|scheduler|scaler|rng_state|training_args)[^/]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that a repository declares about its safety: what, and the file that says so ("": the list of files).

    Kinds and values are the keys of `words.SIGNALS`.
    """

    kind: Literal["safety_checker", "safe_pipeline", "watermark", "weights"]
    value: str
    path: str = ""

    @property
    def detail(self) -> str:
        """What it means, in the reader's language."""
        return str(SIGNALS[self.kind, self.value])


def read_pipeline(files: Mapping[str, bytes], names: Collection[str]) -> tuple[Signal, ...]:
    """The signals, each kind once at most; `safety_checker` is always there.

    `files` maps paths to the contents of the small files that declare things: model_index.json, config.json and others
    in JSON, README.md; `names` are the paths of all files of the repository. Takes any bytes.
    """
    signals = []
    raw = files.get(INDEX)
    index = read_declaration(raw) if raw is not None else None
    if index is not None:
        signals.append(Signal("safety_checker", _safety_checker(index, {*names, *files}), INDEX))
        if SAFE.search(_class_name(index)):
            signals.append(Signal("safe_pipeline", "yes", INDEX))
    elif raw is not None:
        signals.append(Signal("safety_checker", "unreadable", INDEX))
    else:
        signals.append(Signal("safety_checker", "not_applicable"))
    if watermark := read_watermark(files):
        signals.append(Signal("watermark", *watermark))
    if weights := _weights(names):
        signals.append(Signal("weights", weights))
    return tuple(signals)


def _safety_checker(index: Mapping[str, Any], names: Collection[str]) -> str:
    """Whether the checker would run. diffusers refuses to run one without its feature extractor."""
    checked = CHECKED.search(_class_name(index)) is not None
    if CHECKER not in index:
        return "removed" if checked else "not_applicable"
    if is_null(index[CHECKER]):
        return "null"
    if index.get("requires_safety_checker") is False or not _ships(CHECKER, names):
        return "removed"
    if (checked or EXTRACTOR in index) and (is_null(index.get(EXTRACTOR)) or not _ships(EXTRACTOR, names)):
        return "removed"
    return "present"


def _class_name(index: Mapping[str, Any]) -> str:
    name = index.get("_class_name")
    return name if isinstance(name, str) else ""


def _ships(component: str, names: Collection[str]) -> bool:
    return any(name.startswith(f"{component}/") for name in names)


def _weights(names: Collection[str]) -> str | None:
    pickled = any(PICKLED.search(name) and not NO_WEIGHTS.search(name) for name in names)
    if any(name.endswith(".safetensors") for name in names):
        return "both" if pickled else "safetensors"
    return "pickle" if pickled else None
