"""all-MiniLM-L6-v2 as a frozen encoder: token windows in, normalised embeddings out, with no network."""

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

from classifiers.batching import CPU_BUDGET, CUDA_BUDGET, batches
from classifiers.device import DTYPES, pick_device, pick_precision, set_threads
from classifiers.weights import model_folder, verify
from classifiers.windows import Window

Embeddings = npt.NDArray[np.float32]
DIMENSIONS = 384


@dataclass(frozen=True)
class Encoder:
    """A loaded model with its tokenizer; safe to use from several threads."""

    model: Any
    tokenizer: Any
    device: str
    precision: str

    @property
    def device_name(self) -> str:
        """`cpu`, or `cuda` with the name of the GPU."""
        return f"cuda ({torch.cuda.get_device_name()})" if self.device == "cuda" else self.device

    def embed(self, windows: Sequence[Window]) -> Embeddings:
        """One unit vector (float32) per window: the mean of its tokens' last layer, whatever its batch."""
        out = np.zeros((len(windows), DIMENSIONS), dtype=np.float32)
        budget = CUDA_BUDGET if self.device == "cuda" else CPU_BUDGET
        with torch.inference_mode():
            for batch in batches([len(window.ids) for window in windows], budget):
                out[batch] = self._forward([windows[index].ids for index in batch]).numpy()
        return out

    def _forward(self, rows: list[tuple[int, ...]]) -> Any:
        longest = max(len(row) for row in rows)
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows]).to(self.device)
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows]).to(self.device)
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weights = mask.unsqueeze(-1).float()
        mean = (states * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=1).cpu()


def load_encoder(device: str = "", precision: str = "", folder: Path | None = None) -> Encoder:
    """The encoder, its files verified first; device and precision are picked where not given.

    Raises WrongWeights if the files are not the vetted ones.
    """
    folder = folder or model_folder()
    verify(folder)
    device = device or pick_device()
    precision = precision or pick_precision(device)
    set_threads()
    model = _quietly(lambda: AutoModel.from_pretrained(folder, local_files_only=True, dtype=DTYPES[precision]))
    return Encoder(model.to(device).eval(), load_tokenizer(folder), device, precision)


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
