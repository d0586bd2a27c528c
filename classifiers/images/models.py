"""What the two engines that run a model on a device share: where, in which precision, on which weights."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.contract import CannotLoad, Provenance, Specification
from classifiers.device import DTYPES, pick_device, pick_precision, set_threads
from classifiers.images.classifier import Values, code_version, libraries
from classifiers.images.decoder import Pixels
from classifiers.weights import file_sha256

# Frames in one pass of the model.
BATCH = 16


def placed(spec: Specification, *, precision: str = "") -> tuple[str, str]:
    """Device and precision of a specification, picked where it leaves them empty. Raises CannotLoad."""
    set_threads()
    device = spec.device or pick_device()
    try:
        precision = spec.precision or precision or pick_precision(device.partition(":")[0])
    except ValueError as error:
        raise CannotLoad(str(error)) from error
    if precision not in DTYPES:
        raise CannotLoad(f"“{spec.name}” asks for the precision {precision!r}; choose one of {', '.join(DTYPES)}.")
    return device, precision


def weights_of(folder: Path) -> list[Path]:
    """The files of a model's weights: `model.safetensors`, or its parts; never a variant. Raises CannotLoad."""
    whole = folder / "model.safetensors"
    files = [whole] if whole.is_file() else sorted(folder.glob("model-*-of-*.safetensors"))
    if not files:
        raise CannotLoad(f"{folder} has no model.safetensors: save the model with save_pretrained there.")
    return files


def provenance_of(spec: Specification, device: str, precision: str) -> Provenance:
    """The provenance of a model in a folder (H7)."""
    import torch

    digests = [file_sha256(path) for path in weights_of(Path(spec.model))]
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return Provenance(
        name=spec.name,
        model=spec.model,
        weights_sha256=whole,
        head_version="",
        code_version=code_version(),
        libraries=libraries("torch", "transformers"),
        precision=precision,
        device=f"cuda ({torch.cuda.get_device_name()})" if device == "cuda" else device,
    )


def processor_of(folder: Path, side: int) -> Any:
    """What turns frames into the model's input: as the folder says, where it says nothing as CLIP does it."""
    from transformers import AutoImageProcessor
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    if (folder / "preprocessor_config.json").is_file():
        return AutoImageProcessor.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    return CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})


def in_batches(
    processor: Any, device: str, precision: str, forward: Callable[[Any], Any]
) -> Callable[[Sequence[Pixels]], Values]:
    """Frames in, what `forward` says of them as float32 rows out. A pass that does not fit into memory is halved."""
    import torch

    def run(frames: Sequence[Pixels]) -> Values:
        inputs = processor(images=list(frames), return_tensors="pt", input_data_format="channels_last")
        with torch.inference_mode():
            out = forward(inputs["pixel_values"].to(device=device, dtype=DTYPES[precision]))
        return np.asarray(out.float().cpu(), dtype=np.float32)

    def halving(frames: Sequence[Pixels]) -> Values:
        try:
            return run(frames)
        except torch.OutOfMemoryError:
            if len(frames) == 1:
                raise
            torch.cuda.empty_cache()
        half = len(frames) // 2
        return np.concatenate([halving(frames[:half]), halving(frames[half:])])

    return lambda frames: np.concatenate(
        [halving(frames[start : start + BATCH]) for start in range(0, len(frames), BATCH)]
    )
