"""The safety checker of diffusers (H3): an image's place in CLIP's space, against concepts with a threshold each.

Written on transformers' CLIP; it loads the weights that diffusers' `StableDiffusionSafetyChecker` saves.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.contract import CannotLoad, Classifier, Label, Specification
from classifiers.device import DTYPES
from classifiers.images.classifier import ImageClassifier, Values, frames_of, labels_of
from classifiers.images.models import in_batches, placed, processor_of, provenance_of, weights_of

Floats = npt.NDArray[np.float32]

UNSAFE, SPECIAL_CARE = "unsafe", "special_care"
CONCEPTS = ("concept_embeds", "concept_embeds_weights", "special_care_embeds", "special_care_embeds_weights")
# What every threshold is lowered by once an image is near a concept of special care.
ADJUSTMENT = 0.01
# How far over the nearest threshold gives which value. A few steps over all concepts together: whoever may see scores
# still cannot walk towards a single concept with them (H6). From 0.5 on the checker of diffusers would withhold.
STEPS = ((0.03, 1.0), (0.01, 0.75), (0.0, 0.5), (-0.02, 0.25))


@dataclass(frozen=True)
class Concepts:
    """Unit vectors of the concepts (number × dimensions) and the cosine from which each counts, both kinds."""

    vectors: Floats
    thresholds: Floats
    special_vectors: Floats
    special_thresholds: Floats

    def margins(self, images: Floats) -> tuple[Floats, Floats]:
        """For unit vectors of images the largest margin over a threshold: of the concepts, of those of special care.

        A margin is rounded to three digits and counts above zero, as in diffusers.
        """
        special = images @ self.special_vectors.T - self.special_thresholds
        adjustment = np.zeros(len(images), np.float32)
        care = np.full(len(images), -2.0, np.float32)
        for column in special.T:
            margin = np.round(column + adjustment, 3)
            care = np.maximum(care, margin)
            adjustment = np.where(margin > 0, np.float32(ADJUSTMENT), adjustment)
        plain = images @ self.vectors.T - self.thresholds + adjustment[:, None]
        return np.round(plain, 3).max(axis=1, initial=-2.0), care


def load(spec: Specification) -> Classifier:
    """The checker in the folder `spec.model` (a pipeline's `safety_checker`). Raises CannotLoad.

    Its outputs are `unsafe` (some concept) and `special_care` (a concept of special care); without labels, `unsafe` is
    called `sexual`. In fp32 unless told otherwise: thresholds are compared to a thousandth.
    """
    device, precision = placed(spec, precision="fp32")
    folder = Path(spec.model)
    tensors = _tensors(spec, folder)
    concepts = _concepts(spec, tensors)
    vision, projection = _vision(spec, folder, tensors)
    vision, projection = vision.to(device, DTYPES[precision]).eval(), projection.to(device, DTYPES[precision])
    labels = labels_of(spec, (UNSAFE, SPECIAL_CARE)) if spec.labels else (Label("sexual", UNSAFE),)
    columns = [(UNSAFE, SPECIAL_CARE).index(label.output or label.name) for label in labels]
    batches = in_batches(
        processor_of(folder, vision.config.image_size),
        device,
        precision,
        lambda pixels: vision(pixel_values=pixels).pooler_output @ projection.T,
    )

    def values(frames: Any) -> Values:
        unsafe, care = concepts.margins(_unit(batches(frames)))
        return np.stack([_steps(unsafe), _steps(care)], axis=1)[:, columns]

    return ImageClassifier(labels, provenance_of(spec, device, precision), values, frames=frames_of(spec.options))


def _steps(margins: Floats) -> Floats:
    return np.select([margins > least for least, _ in STEPS], [value for _, value in STEPS], 0.0).astype(np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def _tensors(spec: Specification, folder: Path) -> dict[str, Any]:
    import torch
    from safetensors.torch import load_file

    tensors: dict[str, Any] = {}
    for path in weights_of(folder):
        try:
            tensors |= load_file(path)
        except Exception as error:
            raise CannotLoad(f"{path.name} of “{spec.name}” is no file of safetensors ({error}).") from error
    if bad := [name for name, tensor in tensors.items() if not torch.isfinite(tensor).all()]:
        raise CannotLoad(f"The weights of “{spec.name}” are broken: {bad[0]} holds no numbers. Get the model anew.")
    return tensors


def _concepts(spec: Specification, tensors: dict[str, Any]) -> Concepts:
    if lacking := [name for name in (*CONCEPTS, "visual_projection.weight") if name not in tensors]:
        raise CannotLoad(f"“{spec.name}” is no safety checker of diffusers: its weights lack {', '.join(lacking)}.")
    concepts, thresholds, special, special_thresholds = (tensors[name].float().numpy() for name in CONCEPTS)
    dimensions = tensors["visual_projection.weight"].shape[0]
    for vectors, limits in ((concepts, thresholds), (special, special_thresholds)):
        if vectors.ndim != 2 or vectors.shape[1] != dimensions or limits.shape != vectors.shape[:1]:
            raise CannotLoad(f"The concepts of “{spec.name}” do not fit each other: get the model anew.")
    return Concepts(_unit(concepts), thresholds, _unit(special), special_thresholds)


def _vision(spec: Specification, folder: Path, tensors: dict[str, Any]) -> tuple[Any, Any]:
    """CLIP's vision model, and the projection (dimensions of the space × of the model)."""
    from transformers import CLIPConfig, CLIPVisionModel

    # diffusers wraps CLIP's vision model, which once wrapped another: both depths are around.
    depth = (
        "vision_model.vision_model."
        if any(key.startswith("vision_model.vision_model.") for key in tensors)
        else ("vision_model.")
    )
    own = {
        key.removeprefix(depth): tensor
        for key, tensor in tensors.items()
        if key.startswith(depth) and not key.endswith("position_ids")
    }
    try:
        model = CLIPVisionModel(CLIPConfig.from_pretrained(folder, local_files_only=True).vision_config)
        model.load_state_dict(own, strict=True)
    except Exception as error:
        raise CannotLoad(f"The weights of “{spec.name}” do not fit its config.json ({error}).") from error
    projection = tensors["visual_projection.weight"]
    if projection.shape[1] != model.config.hidden_size:
        raise CannotLoad(f"The projection of “{spec.name}” does not fit its config.json: get the model anew.")
    return model, projection
