"""What fine-tuning changed of the packaged encoder: kept as whole numbers of 8 bits, added to its weights at loading.

A matrix's change is one number of 8 bits for each weight and one scale for each of its rows; the change of a vector
(biases, norms) is kept in full. So a fine-tuned encoder is 11 MB beside the package, and its hash names both: what the
package brings is verified first, then the changes, and only then are the two added (H7).
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from classifiers.head import BrokenHead, trained_on
from classifiers.shipped import FOLDERS, LATEST
from classifiers.weights import WEIGHTS_SHA256

CHANGES = "encoder.safetensors"
SCALE = ".scale"
ADAPTED = FOLDERS[LATEST]
Arrays = Mapping[str, npt.NDArray[Any]]


def write_changes(folder: Path, changes: Arrays) -> str:
    """Writes the changes of named weights, and returns the SHA-256 of the encoder that they make."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, change in changes.items():
        if change.ndim < 2:
            tensors[name] = change.astype(np.float32)
            continue
        scale = np.maximum(np.abs(change).max(axis=1), 1e-12).astype(np.float32) / 127
        tensors[name] = np.clip(np.round(change / scale[:, None]), -127, 127).astype(np.int8)
        tensors[name + SCALE] = scale
    folder.mkdir(parents=True, exist_ok=True)
    raw = save(tensors)
    (folder / CHANGES).write_bytes(raw)
    return revision(raw)


def revision(raw: bytes) -> str:
    """What names the encoder: digits over the package's weights and the changes."""
    return hashlib.sha256(f"{WEIGHTS_SHA256} {hashlib.sha256(raw).hexdigest()}".encode()).hexdigest()


def read_changes(folder: Path, encoder_sha256: str) -> dict[str, npt.NDArray[np.float32]]:
    """The changes kept in `folder`. Raises BrokenHead unless they make the encoder of that hash."""
    try:
        raw = (folder / CHANGES).read_bytes()
    except OSError as error:
        raise BrokenHead(f"{folder} has no {CHANGES}: get the folder anew, or fit it with `train_encoder`.") from error
    if (found := revision(raw)) != encoder_sha256:
        raise BrokenHead(
            f"{folder / CHANGES} makes the encoder {found[:12]}, but the head was fitted on {encoder_sha256[:12]}: "
            "get both files anew."
        )
    try:
        tensors = load(raw)
    except SafetensorError as error:
        raise BrokenHead(f"{folder / CHANGES} cannot be read: {error}.") from error
    changes = {}
    for name, change in tensors.items():
        if not name.endswith(SCALE):
            scale = tensors.get(name + SCALE)
            changes[name] = change.astype(np.float32) * (1 if scale is None else scale[:, None])
    return changes


def merge(model: Any, changes: Arrays) -> None:
    """Adds the changes to the weights of `model`, in place. Raises BrokenHead if one has no place there."""
    import torch

    weights = dict(model.named_parameters())
    with torch.no_grad():
        for name, change in changes.items():
            if name not in weights or weights[name].shape != change.shape:
                raise BrokenHead(f"The encoder has no weights “{name}” of the shape {change.shape}.")
            weights[name].add_(torch.from_numpy(np.ascontiguousarray(change)).to(weights[name].dtype))


@cache
def adapted_sha256() -> str:
    """The encoder that a new installation uses."""
    return trained_on(ADAPTED)


def changes_of(encoder_sha256: str) -> Path | None:
    """The folder with the changes that make this encoder; None for the packaged one. Raises BrokenHead for others."""
    if encoder_sha256 == WEIGHTS_SHA256:
        return None
    if encoder_sha256 == adapted_sha256():
        return ADAPTED
    raise BrokenHead(f"There is no encoder {encoder_sha256[:12]} here: fit the head again on the present one.")
