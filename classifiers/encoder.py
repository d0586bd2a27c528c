"""all-MiniLM-L6-v2, as packaged or fine-tuned: token windows in, normalised embeddings out, with no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers.normalizers import NFKC
from tokenizers.normalizers import Sequence as NormalizerSequence
from transformers import AutoModel, AutoTokenizer
from transformers.utils.logging import disable_progress_bar, enable_progress_bar, is_progress_bar_enabled

from classifiers.adapted import changes_of, merge, read_changes
from classifiers.device import OF_TEXTS, pick_device, pick_text_precision, set_threads
from classifiers.engine.build import build_engine
from classifiers.engine.cache import Cache
from classifiers.engine.engine import Engine
from classifiers.weights import MODEL_NAME, WEIGHTS_SHA256, model_folder, verify
from classifiers.windows import Window

Embeddings = npt.NDArray[np.float32]
DIMENSIONS = 384


@dataclass(frozen=True)
class Encoder:
    """A loaded model with its tokenizer; safe to use from several threads."""

    engine: Engine
    tokenizer: Any
    device: str
    precision: str

    @property
    def device_name(self) -> str:
        """`cpu`, or `cuda` with the name of the GPU."""
        return f"cuda ({torch.cuda.get_device_name(self.device)})" if self.device.startswith("cuda") else self.device

    def embed(self, windows: Sequence[Window]) -> Embeddings:
        """One unit vector (float32) per window: the mean of its tokens' last layer, whatever its batch."""
        return self.engine.run([window.ids for window in windows])


def load_encoder(
    device: str = "",
    precision: str = "",
    folder: Path | None = None,
    *,
    cached: bool = False,
    sha256: str = WEIGHTS_SHA256,
) -> Encoder:
    """The encoder that `sha256` names, its files verified first; device and precision are picked where not given.

    With `cached`, windows that come again are not computed again. Raises WrongWeights if the files are not the vetted
    ones, BrokenHead for changes that do not make that encoder.
    """
    folder = folder or model_folder()
    verify(folder)
    device = device or pick_device()
    precision = precision or pick_text_precision(device.partition(":")[0])  # cuda:1 is a GPU as the first one is
    set_threads()
    model = _quietly(lambda: AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32))
    if changes := changes_of(sha256):
        # In full precision: what is added is smaller than what half of it could tell apart.
        merge(model, read_changes(changes, sha256))
    cache = Cache(f"{MODEL_NAME} {sha256} mean {precision} {device}") if cached else None
    model = model.to(device, OF_TEXTS[precision]).eval()
    engine = build_engine(model, "mean", cache=cache, int8=precision == "int8")
    return Encoder(engine, load_tokenizer(folder), device, engine.precision)


def load_tokenizer(folder: Path) -> Any:
    """The fast tokenizer, without the padding and cutting that its file asks for.

    NFKC comes first, so that full-width and mathematical letters read as letters; the offsets it reports stay
    those of the original text. Zero-width and control characters are dropped by BERT's own normaliser.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True).backend_tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True  # "[SEP]" typed by a person is text
    tokenizer.normalizer = NormalizerSequence([NFKC(), tokenizer.normalizer])
    return tokenizer


def _quietly(load: Any) -> Any:
    """Loads without transformers' own progress bar: 90 MB take no time, and workers log to files."""
    shown = is_progress_bar_enabled()
    disable_progress_bar()
    try:
        return load()
    finally:
        if shown:
            enable_progress_bar()
