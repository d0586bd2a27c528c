"""A sequence classifier of transformers with its tokenizer, from a folder: safetensors only, and never its own code."""

import hashlib
import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.batching import CPU_BUDGET, CUDA_BUDGET, batches
from classifiers.contract import CannotLoad, Label, LabelScore, Provenance, Reading, Specification
from classifiers.sources import local_folder
from classifiers.text import code_version
from classifiers.weights import file_sha256
from classifiers.windows import MAX_CHARACTERS, MAX_TOKENS, Window, spans

Logits = npt.NDArray[np.float32]
LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "confusable-homoglyphs")
# What a window holds unless the option `window` says otherwise: models for comments were trained on as much.
WINDOW = 256
# Where neither tokenizer nor model says how many tokens it can read.
LONGEST = 512


class Broken(ArithmeticError):  # noqa: N818 - reads as what it is
    """A model that loaded gave values that are no numbers."""


@dataclass(frozen=True)
class Rows:
    """Token ids of texts, and for pairs of texts which of the two each token is of."""

    ids: Sequence[Sequence[int]]
    types: Sequence[Sequence[int]] | None = None


@dataclass(frozen=True)
class SequenceModel:
    """A loaded model; safe to use from several threads.

    Texts go through the `engine`, pairs of texts through the `model`, which is None where none are read. `outputs` are
    the model's own names in the order of its logits, `problem` how it says that they go together, `frame` the special
    tokens around one text, `window` and `overlap` the tokens of a window between them, `longest` those that the model
    can read in all.
    """

    engine: Any
    model: Any
    tokenizer: Any
    pad: int
    takes_types: bool
    outputs: tuple[str, ...]
    problem: str | None
    frame: tuple[tuple[int, ...], tuple[int, ...]]
    window: int
    overlap: int
    longest: int
    device: str
    precision: str
    provenance: Provenance

    def windows(self, texts: Sequence[str], *, reserved: int = 0) -> list[Window]:
        """Overlapping windows of all texts, with room for `reserved` more tokens."""
        size = max(1, min(self.window, self.longest - sum(map(len, self.frame)) - reserved))
        head, tail = self.frame
        windows = []
        readable = [text[:MAX_CHARACTERS].encode(errors="replace").decode() for text in texts]
        for document, encoded in enumerate(self.tokenizer.encode_batch(readable, add_special_tokens=False)):
            ids, offsets = encoded.ids[:MAX_TOKENS], encoded.offsets[:MAX_TOKENS]
            for first, last in spans(len(ids), size, min(self.overlap, size - 1)):
                row = (*head, *ids[first:last], *tail)
                windows.append(Window(document, offsets[first][0], offsets[last - 1][1], row))
        return windows

    def logits(self, rows: Rows) -> Logits:
        """What the model gives for each row, in order, one column for each output. Raises Broken for no numbers."""
        import torch

        if self.model is None:
            try:
                found: Logits = self.engine.run(rows.ids)
            except FloatingPointError as error:
                raise Broken(f"{self.provenance.name} gave values that are no numbers.") from error
            return found
        out = np.zeros((len(rows.ids), len(self.outputs)), dtype=np.float32)
        budget = CUDA_BUDGET if self.device.startswith("cuda") else CPU_BUDGET
        with torch.inference_mode():
            for batch in batches([len(row) for row in rows.ids], budget):
                out[batch] = self._halving(rows, batch)
        if not np.isfinite(out).all():
            raise Broken(f"{self.provenance.name} gave values that are no numbers.")
        return out

    def _halving(self, rows: Rows, batch: list[int]) -> Logits:
        """One pass, or two over half of it each where memory does not suffice."""
        import torch

        try:
            return self._forward(rows, batch)
        except torch.OutOfMemoryError:
            if len(batch) == 1:
                raise
            torch.cuda.empty_cache()
        half = len(batch) // 2
        both: Logits = np.concatenate([self._halving(rows, batch[:half]), self._halving(rows, batch[half:])])
        return both

    def _forward(self, rows: Rows, batch: list[int]) -> Logits:
        import torch

        longest = max(len(rows.ids[at]) for at in batch)

        def padded(lines: Sequence[Sequence[int]], filler: int) -> Any:
            filled = [[*lines[at], *[filler] * (longest - len(lines[at]))] for at in batch]
            return torch.tensor(filled, dtype=torch.long).to(self.device)

        mask = torch.tensor([[1] * len(rows.ids[at]) + [0] * (longest - len(rows.ids[at])) for at in batch])
        inputs = {"input_ids": padded(rows.ids, self.pad), "attention_mask": mask.to(self.device)}
        if self.takes_types and rows.types is not None:
            inputs["token_type_ids"] = padded(rows.types, 0)
        values: Logits = self.model(**inputs).logits.float().cpu().numpy()
        return values


def sigmoid(logits: Logits) -> Logits:
    """Each output by itself as a probability."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))), dtype=np.float32)


def softmax(logits: Logits) -> Logits:
    """The outputs of each row as probabilities that make 1 together."""
    powers: Logits = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def readings(labels: Sequence[Label], texts: int, windows: Sequence[Window], values: Logits) -> list[Reading]:
    """For each text and label the window with the highest of `values` (windows × labels), the first of several.

    A text without windows scores 0 at 0 to 0. There are no vectors: those of different models cannot be compared.
    """
    of_text: list[list[int]] = [[] for _text in range(texts)]
    for at, window in enumerate(windows):
        of_text[window.document].append(at)
    return [
        Reading([_best(label, place, rows, windows, values) for place, label in enumerate(labels)], None)
        for rows in of_text
    ]


def _best(label: Label, place: int, rows: Sequence[int], windows: Sequence[Window], values: Logits) -> LabelScore:
    value, start, end = 0.0, 0, 0
    if rows:
        row = max(rows, key=lambda at: (values[at, place], -at))
        value, start, end = float(values[row, place]), windows[row].start, windows[row].end
    return LabelScore(label.name, value, label.threshold, label.confident_threshold, start, end)


def open_model(spec: Specification, *, pairs: bool = False) -> SequenceModel:
    """The sequence classifier that `spec` names, on its device and in its precision; for `pairs` of texts if asked.

    Options: `window` and `overlap` in tokens. Raises CannotLoad for whatever is not a complete sequence classifier in
    safetensors with a fast tokenizer.
    """
    from transformers.utils.logging import disable_progress_bar, enable_progress_bar, is_progress_bar_enabled

    from classifiers.device import DTYPES, OF_TEXTS, pick_device, pick_precision, pick_text_precision, set_threads
    from classifiers.engine.build import build_engine

    device = spec.device or pick_device()
    # Pairs of texts are read by transformers' own model, which multiplies no whole numbers.
    known, pick = (DTYPES, pick_precision) if pairs else (OF_TEXTS, pick_text_precision)
    precision = spec.precision or pick(device.partition(":")[0])
    if precision not in known:
        raise CannotLoad(f"The precision “{precision}” is not for this engine: use {', '.join(known)}.")
    window, overlap = _sizes(spec)
    folder = local_folder(spec.model, spec.revision)
    set_threads()
    shown = is_progress_bar_enabled()
    disable_progress_bar()
    try:
        tokenizer, takes_types, most = _tokenizer(folder)
        model = _model(folder, OF_TEXTS[precision]).to(device).eval()
    finally:
        if shown:
            enable_progress_bar()
    outputs = tuple(str(model.config.id2label[place]) for place in range(model.config.num_labels))
    pad, problem, longest = _pad(model, tokenizer), model.config.problem_type, _positions(model.config)
    engine = None if pairs else build_engine(model, "logits", int8=precision == "int8")
    if engine:
        precision, longest = engine.precision, min(longest, engine.runner.longest)
    return SequenceModel(
        engine=engine,
        model=model if pairs else None,
        tokenizer=tokenizer,
        pad=pad,
        takes_types=takes_types,
        outputs=outputs,
        problem=problem,
        frame=_frame(tokenizer),
        window=window,
        overlap=overlap,
        longest=min(most, longest),
        device=device,
        precision=precision,
        provenance=_provenance(spec, folder, device, precision),
    )


def _sizes(spec: Specification) -> tuple[int, int]:
    window, overlap = spec.options.get("window", WINDOW), spec.options.get("overlap")
    overlap = window // 4 if overlap is None and isinstance(window, int) else overlap
    if not (isinstance(window, int) and isinstance(overlap, int) and 0 <= overlap < window):
        raise CannotLoad("The options “window” and “overlap” are whole numbers of tokens, the overlap the smaller one.")
    return window, overlap


def _tokenizer(folder: Path) -> tuple[Any, bool, int]:
    """The fast tokenizer, whether it tells two texts of a pair apart, and how many tokens it says can be read."""
    from transformers import AutoTokenizer

    try:
        outer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise CannotLoad(f"{folder} has no tokenizer that can be read ({error}): save it with the model.") from error
    if not outer.is_fast:
        raise CannotLoad(f"{folder} has no fast tokenizer: save one as tokenizer.json.")
    tokenizer = outer.backend_tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True  # "[SEP]" typed by a person is text
    most = outer.model_max_length
    return tokenizer, "token_type_ids" in outer.model_input_names, most if 0 < most < 1_000_000 else 1_000_000


def _model(folder: Path, dtype: Any) -> Any:
    import torch
    from transformers import AutoModelForSequenceClassification

    try:
        model, told = AutoModelForSequenceClassification.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=dtype,
            output_loading_info=True,
        )
    except Exception as error:
        raise CannotLoad(f"{folder} holds no sequence classifier that can be read ({error}).") from error
    if missing := sorted({*told["missing_keys"], *map(str, told["mismatched_keys"])}):
        # transformers would make them up, at random.
        raise CannotLoad(f"{folder} lacks weights ({', '.join(missing[:3])}): it is no trained sequence classifier.")
    if not all(bool(torch.isfinite(weights).all()) for weights in model.parameters()):
        raise CannotLoad(f"{folder} has weights that are no numbers: get the model anew.")
    return model


def _pad(model: Any, tokenizer: Any) -> int:
    """What rows are filled up with. Models that read at the last token look for it, so that they must know it."""
    pad = model.config.get_text_config().pad_token_id
    if pad is None:
        end = model.config.get_text_config().eos_token_id
        pad = end[0] if isinstance(end, list) else end
    if pad is None:
        pad = tokenizer.token_to_id("[PAD]") or 0
    model.config.pad_token_id = pad
    return int(pad)


def _frame(tokenizer: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The special tokens that the tokenizer puts before and after a text."""
    framed, bare = tokenizer.encode("a").ids, tokenizer.encode("a", add_special_tokens=False).ids
    at = next((at for at in range(len(framed)) if framed[at : at + len(bare)] == bare), 0)
    return tuple(framed[:at]), tuple(framed[at + len(bare) :])


def _positions(config: Any) -> int:
    most = getattr(config.get_text_config(), "max_position_embeddings", None)
    if not isinstance(most, int) or most <= 0:
        return LONGEST
    # RoBERTa and its kin count positions from behind the filler's.
    kin = ("roberta", "camembert", "bertweet", "mpnet", "esm", "xlm-roberta", "longformer", "ibert", "data2vec-text")
    return most - 2 if any(name in str(config.model_type) for name in kin) else most


def _provenance(spec: Specification, folder: Path, device: str, precision: str) -> Provenance:
    import torch

    files = sorted(folder.glob("*.safetensors")) or sorted(folder.rglob("*.safetensors"))
    digests = [file_sha256(path) for path in files]
    return Provenance(
        name=spec.name,
        model=spec.model,
        weights_sha256=digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
        head_version=spec.revision,
        code_version=code_version(),
        libraries={library: importlib.metadata.version(library) for library in LIBRARIES},
        precision=precision,
        device=f"{device} ({torch.cuda.get_device_name(device)})" if device.startswith("cuda") else device,
    )
