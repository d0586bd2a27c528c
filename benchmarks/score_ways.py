"""Ways to score the same texts with the same weights: ours, transformers' pipelines, and other engines if installed."""

import importlib
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers

from classifiers.batching import batches
from classifiers.device import OF_TEXTS
from classifiers.engine.build import build_engine
from classifiers.engine.plain import Output

Way = Callable[[list[str]], Any]
LONGEST = 512
OTHER_BUDGET = 512  # what other engines were fastest with


def rows_of(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    """Token ids with the special ones at both ends, cut to what a model reads."""
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    encoded = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    return [[first, *one.ids[: LONGEST - 2], last] for one in encoded]


def ours(model: Any, tokenizer: Any, output: Output, precision: str, device: str = "cpu") -> Way:
    """The engine, without its cache: texts to vectors or logits. Raises ValueError where it computes otherwise."""
    engine = build_engine(copied(model, precision).to(device), output, int8=precision == "int8")
    if engine.precision.partition("/")[0] != precision:
        raise ValueError(f"The engine computes in {engine.precision} and not in {precision}.")
    return lambda texts: engine.run(rows_of(tokenizer, texts))


def copied(model: Any, precision: str) -> Any:
    """The same weights in another precision; the model itself stays as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copy = type(model)(deepcopy(model.config))
    copy.load_state_dict(model.state_dict())
    return copy.to(OF_TEXTS[precision]).eval()


def pipelines(model: Any, fast: Any, output: Output) -> dict[str, Way]:
    """transformers' own pipeline in float32: one at a time, and 32 at a time in the order of arrival."""
    if output == "logits":
        made = transformers.pipeline("text-classification", model=model, tokenizer=fast, device="cpu", top_k=None)
        settings: dict[str, Any] = {"truncation": True, "max_length": LONGEST}
    else:
        made = transformers.pipeline("feature-extraction", model=model, tokenizer=fast, device="cpu")
        settings = {"return_tensors": True, "tokenize_kwargs": {"truncation": True, "max_length": LONGEST}}
    return {
        "one at a time": lambda texts: [made(text, **settings) for text in texts],
        "pipeline(batch_size=32)": lambda texts: made(texts, batch_size=32, **settings),
    }


def others(model: Any, tokenizer: Any, output: Output) -> Iterator[tuple[str, str, Way | None]]:
    """Other engines, each with its precision; None for one that is not installed. They get our batches."""
    for name, modules, make in (
        ("ONNX Runtime", ("onnxruntime", "onnx"), _onnxruntime),
        ("OpenVINO", ("openvino", "onnx"), _openvino),
    ):
        try:
            engine, _onnx = (importlib.import_module(module) for module in modules)
        except ImportError:
            yield name, "", None
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.onnx"
            _export(model, output, path)
            for precision in ("fp32", "bf16", "int8"):
                run = make(engine, path, precision)
                if run is not None:
                    yield name, precision, _batched(run, tokenizer, output)


class _Traced(torch.nn.Module):
    def __init__(self, model: Any, output: Output) -> None:
        super().__init__()
        self.model, self.output = model, output

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        found = self.model(input_ids=input_ids, attention_mask=attention_mask)
        return found.logits if self.output == "logits" else found.last_hidden_state


def _export(model: Any, output: Output, path: Path) -> None:
    # A copy, because how it attends is changed: to plain products, which both engines fuse themselves.
    model = copied(model, "fp32")
    model.set_attn_implementation("eager")
    example = (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long))
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "rows", 1: "tokens"} for name in [*names, "found"]}
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Traced(model, output), example, str(path), input_names=names, output_names=["found"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip


def _onnxruntime(engine: Any, path: Path, precision: str) -> Any:
    if precision == "bf16":
        return None  # it has none for processors
    options = engine.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    file = path if precision == "fp32" else _in_int8(path)
    session = engine.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return lambda ids, mask: session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


def _openvino(engine: Any, path: Path, precision: str) -> Any:
    file = path if precision != "int8" else _in_int8(path)
    if file is None:
        return None
    hint = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}[precision]  # of what is left in floating point
    settings = {"INFERENCE_PRECISION_HINT": hint, "INFERENCE_NUM_THREADS": torch.get_num_threads()}
    compiled = engine.Core().compile_model(str(file), "CPU", settings)
    return lambda ids, mask: compiled([ids, mask])[0]


def _in_int8(path: Path) -> Path | None:
    """The model with int8 weights, a scale for each output, and inputs quantised as they come, as ours; None without
    ONNX Runtime, whose tool makes it.
    """
    try:
        quantization = importlib.import_module("onnxruntime.quantization")
    except ImportError:
        return None
    made = path.with_name("model.int8.onnx")
    if not made.exists():
        logging.disable(logging.WARNING)  # it would advise to run another tool first
        try:
            quantization.quantize_dynamic(
                str(path), str(made), per_channel=True, weight_type=quantization.QuantType.QInt8
            )
        finally:
            logging.disable(logging.NOTSET)
    return made


def _batched(run: Any, tokenizer: Any, output: Output) -> Way:
    def way(texts: list[str]) -> Any:
        rows = rows_of(tokenizer, texts)
        found: list[Any] = [None] * len(rows)
        for batch in batches([len(row) for row in rows], OTHER_BUDGET):
            longest = len(rows[batch[0]])
            ids = np.array([rows[index] + [0] * (longest - len(rows[index])) for index in batch])
            mask = np.array([[1] * len(rows[index]) + [0] * (longest - len(rows[index])) for index in batch])
            values = run(ids, mask)
            for index, value in zip(batch, values, strict=True):
                found[index] = value if output == "logits" else _unit(value[: len(rows[index])].mean(0))
        return np.array(found, dtype=np.float32)

    return way


def _unit(vector: Any) -> Any:
    return vector / np.linalg.norm(vector)
