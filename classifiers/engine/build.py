"""An engine out of a loaded transformers model, checked against that model before it is used."""

import logging
import random
from typing import Any

import torch

from classifiers.batching import TILES_BUDGET
from classifiers.contract import CannotLoad
from classifiers.engine.attention import has_tiles
from classifiers.engine.body import body_of, head_of
from classifiers.engine.cache import Cache
from classifiers.engine.engine import Engine, Runner
from classifiers.engine.memory import out_of_memory
from classifiers.engine.packed import Packed
from classifiers.engine.plain import Output, Plain
from classifiers.engine.whole import counts_whole, precision_name, takes_whole

logger = logging.getLogger(__name__)
# How far packed values may lie from plain ones, as a part of their norm: rounding, and nothing else.
TOLERANCES = {torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 6e-2}
# The same of whole numbers, of a model in float32.
WHOLE = 0.12
PRECISIONS = {torch.float32: "fp32", torch.float16: "fp16", torch.bfloat16: "bf16"}


def build_engine(
    model: Any,
    output: Output,
    *,
    cache: Cache | None = None,
    budget: int = 0,
    packed: bool = True,
    int8: bool = False,
) -> Engine:
    """An engine that gives the `logits` of a sequence classifier, or the unit `mean` of an encoder's last layer.

    `model` is a transformers model in eval mode, on its device and in its precision; of one that runs packed only the
    weights are kept. One whose packed values would not be its own runs plain, which is logged. With `int8` a model in
    float32 multiplies whole numbers; where this processor or this model cannot, bf16 (`Engine.precision` says which).
    Raises CannotLoad if its values are not finite.
    """
    plain = Plain(model, output)
    rows = _trial(model.config, plain.longest)
    with torch.inference_mode():
        expected = torch.cat([plain([row]) for row in rows])
        if not torch.isfinite(expected).all():
            raise CannotLoad("The model gives numbers that are not finite: its weights are broken, or need fp32.")
        runner: Runner | None = _packed(model, output, rows, expected, int8=True) if int8 and packed else None
        precision = precision_name() if runner else PRECISIONS[model.dtype]
        if int8 and runner is None and model.dtype == torch.float32 and _halves(model.device.type):
            return build_engine(model.to(torch.bfloat16), output, cache=cache, budget=budget, packed=packed)
        runner = runner or (_packed(model, output, rows, expected) if packed else None) or plain
    if not budget and runner is not plain and precision == "bf16" and model.device.type == "cpu" and has_tiles():
        budget = TILES_BUDGET
    return Engine(runner, str(model.device), expected.shape[1], precision, budget=budget, cache=cache)


def _halves(device: str) -> bool:
    """Whether bf16 is faster than float32 there."""
    return device == "cuda" or bool(torch.backends.cpu.get_cpu_capability() == "AVX512")


def _trial(config: Any, longest: int) -> list[list[int]]:
    """Rows of made-up tokens in several lengths, none of them padding."""
    pick = random.Random(1)  # noqa: S311 - any tokens will do, the same each time
    lengths = sorted({min(longest, length) for length in (40, 17, 17, 3)}, reverse=True)
    vocabulary = config.get_text_config().vocab_size
    tokens = pick.sample(range(vocabulary), min(64, vocabulary))
    usable = [token for token in tokens if token != config.pad_token_id]
    return [pick.choices(usable, k=length) for length in [*lengths, lengths[-1]]]


def _packed(model: Any, output: Output, rows: list[list[int]], expected: Any, *, int8: bool = False) -> Packed | None:
    body = body_of(model)
    head = head_of(model) if output == "logits" else None
    if body is None or (output == "logits" and head is None):
        return None
    if int8 and not (counts_whole(str(model.device)) and model.dtype == torch.float32 and takes_whole(body)):
        return None
    try:
        runner = Packed(body, head, int8=int8)
        found = runner(rows)
    except (RuntimeError, NotImplementedError) as error:
        if out_of_memory(error):
            raise
        logger.warning("The packed engine does not run on %s (%s): the plain one does.", model.device, error)
        return None
    far = float(((found - expected).norm() / expected.norm()).cpu())
    if far > (WHOLE if int8 else TOLERANCES[model.dtype]):
        way = "whole numbers are not for it" if int8 else "it runs plain"
        logger.warning("Packed values of this %s lie %.2g from its own: %s.", model.config.model_type, far, way)
        return None
    return runner
