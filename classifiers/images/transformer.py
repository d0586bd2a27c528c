"""Image classifiers of transformers (H3): any for AutoModelForImageClassification, in safetensors, without code."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classifiers.contract import CannotLoad, Classifier, Specification
from classifiers.device import DTYPES
from classifiers.images.classifier import ImageClassifier, Values, frames_of, labels_of
from classifiers.images.decoder import Pixels
from classifiers.images.models import in_batches, placed, processor_of, provenance_of


def load(spec: Specification) -> Classifier:
    """The classifier in the folder `spec.model`. Raises CannotLoad.

    Options: `multi_label` (sigmoids instead of a softmax; else as the model's configuration says), `frames`.
    """
    import torch

    device, precision = placed(spec)
    model = _model(spec, precision).to(device).eval()
    outputs = [str(model.config.id2label[place]) for place in range(model.config.num_labels)]
    labels = labels_of(spec, outputs)
    columns = [outputs.index(label.output or label.name) for label in labels]
    many = spec.options.get("multi_label", model.config.problem_type == "multi_label_classification")
    squash = torch.sigmoid if many or len(outputs) == 1 else lambda logits: torch.softmax(logits, dim=-1)
    batches = in_batches(
        processor_of(Path(spec.model), 224),
        device,
        precision,
        lambda pixels: squash(model(pixel_values=pixels).logits.float()),
    )

    def values(frames: Sequence[Pixels]) -> Values:
        return batches(frames)[:, columns]

    return ImageClassifier(labels, provenance_of(spec, device, precision), values, frames=frames_of(spec.options))


def _model(spec: Specification, precision: str) -> Any:
    from transformers import AutoModelForImageClassification

    try:
        model, found = AutoModelForImageClassification.from_pretrained(
            spec.model,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=DTYPES[precision],
            output_loading_info=True,
        )
    except Exception as error:
        raise CannotLoad(
            f"“{spec.name}” is no image classifier that transformers can load from safetensors ({error})."
        ) from error
    if lacking := sorted({str(key) for key in (*found["missing_keys"], *found["mismatched_keys"])}):
        # transformers would make them up.
        raise CannotLoad(f"The weights of “{spec.name}” lack {', '.join(lacking[:3])}: get the model anew.")
    return model
