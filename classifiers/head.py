"""The multi-label head: logistic regressions over embeddings, kept as safetensors with JSON beside it (H2)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

HEADS = Path(__file__).parent / "heads"
DEFAULT_HEAD = HEADS / "default"
TENSORS, METADATA = "head.safetensors", "head.json"
# A confident threshold of 1 means: never confident. Values stay below it.
NEVER = 1.0
HIGHEST = 0.9999


class BrokenHead(Exception):  # noqa: N818 - reads as what happened
    """The head's files are missing, do not belong together, or fit another encoder."""


@dataclass(frozen=True)
class Head:
    """Weights (labels × dimensions), biases and the two thresholds of each label."""

    version: str
    labels: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    thresholds: tuple[float, ...]
    confident: tuple[float, ...]

    def values(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """A value from 0 to HIGHEST per vector and label."""
        logits = vectors.astype(np.float64) @ self.weights.T.astype(np.float64) + self.bias
        return np.minimum(1 / (1 + np.exp(-np.clip(logits, -50, 50))), HIGHEST)


def write_head(
    folder: Path,
    *,
    weights: npt.NDArray[np.float32],
    bias: npt.NDArray[np.float32],
    labels: Mapping[str, Mapping[str, float]],
    encoder_sha256: str,
    training: Mapping[str, Any],
    clauses: Mapping[str, str] | None = None,
) -> str:
    """Writes both files and returns the version, which names the content: equal heads are equal bytes.

    `labels` maps each label, in the rows' order, to its `threshold` and its `confident` threshold; `clauses` some of
    them to the clause that they speak for.
    """
    tensors = save({"weights": weights, "bias": bias})
    sha256 = hashlib.sha256(tensors).hexdigest()
    metadata = {
        "version": _version(sha256, labels),
        "sha256": sha256,
        "encoder_sha256": encoder_sha256,
        "labels": [
            {"label": label, **thresholds, **({"clause": clauses[label]} if clauses and label in clauses else {})}
            for label, thresholds in labels.items()
        ],
        "training": training,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TENSORS).write_bytes(tensors)
    (folder / METADATA).write_text(json.dumps(metadata, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return str(metadata["version"])


def read_head(folder: Path, encoder_sha256: str) -> Head:
    """The head of a folder. Raises BrokenHead, saying why, if it cannot be used with that encoder."""
    try:
        metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
        raw = (folder / TENSORS).read_bytes()
        tensors = load(raw)
        rows = {
            row["label"]: {"threshold": row["threshold"], "confident": row["confident"]} for row in metadata["labels"]
        }
        weights, bias = tensors["weights"], tensors["bias"]
        sha256, version, fitted_on = metadata["sha256"], metadata["version"], metadata["encoder_sha256"]
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise BrokenHead(f"{folder} holds no head: {error!r}. Fit one with `manage.py train_head`.") from error
    if hashlib.sha256(raw).hexdigest() != sha256 or _version(sha256, rows) != version:
        raise BrokenHead(f"{TENSORS} and {METADATA} in {folder} do not belong together: copy or fit the head again.")
    if fitted_on != encoder_sha256:
        raise BrokenHead(f"The head in {folder} was fitted on an encoder with the SHA-256 {fitted_on}.")
    if weights.shape[0] != len(rows) or bias.shape != (len(rows),):
        raise BrokenHead(f"The head in {folder} has {len(rows)} labels but tensors for {weights.shape[0]}.")
    thresholds = tuple(float(row["threshold"]) for row in rows.values())
    confident = tuple(float(row["confident"]) for row in rows.values())
    return Head(version, tuple(rows), weights, bias, thresholds, confident)


def trained_on(folder: Path) -> str:
    """The encoder on which the head of a folder was fitted. Raises BrokenHead."""
    return str(_metadata(folder)["encoder_sha256"])


def shipped_labels(folder: Path) -> list[dict[str, Any]]:
    """The rows of the labels of a folder's head: `label`, `threshold`, `confident`, `clause`. Raises BrokenHead."""
    return list(_metadata(folder)["labels"])


def _metadata(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / METADATA).read_text(encoding="utf-8"))
        found["encoder_sha256"], found["labels"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenHead(f"{folder} holds no head: {error!r}. Fit one with `manage.py train_head`.") from error
    return dict(found)


def _version(sha256: str, labels: Mapping[str, Mapping[str, float]]) -> str:
    """Twelve digits over the weights and the thresholds: changing either makes another version (H7)."""
    return hashlib.sha256(f"{sha256} {json.dumps(labels, sort_keys=True)}".encode()).hexdigest()[:12]
