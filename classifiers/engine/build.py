"""An engine out of a loaded transformers model, checked against that model before it is used."""

import logging
import random
from typing import Any

import torch

from classifiers.contract import CannotLoad
from classifiers.engine.body import body_of, head_of
from classifiers.engine.cache import Cache
from classifiers.engine.engine import Engine, Runner
from classifiers.engine.memory import out_of_memory
from classifiers.engine.packed import Packed
from classifiers.engine.plain import Output, Plain

logger = logging.getLogger(__name__)
# How far packed values may lie from plain ones, as a part of their norm: rounding, and nothing else.
TOLERANCES = {torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 6e-2}


def build_engine(
    model: Any, output: Output, *, cache: Cache | None = None, budget: int = 0, packed: bool = True
) -> Engine:
    """An engine that gives the `logits` of a sequence classifier, or the unit `mean` of an encoder's last layer.

    `model` is a transformers model in eval mode, on its device and in its precision; of one that runs packed only the
    weights are kept. One whose packed values would not be its own runs plain, which is logged. Raises CannotLoad if
    its values are not finite.
    """
    plain = Plain(model, output)
    rows = _trial(model.config, plain.longest)
    with torch.inference_mode():
        expected = torch.cat([plain([row]) for row in rows])
        if not torch.isfinite(expected).all():
            raise CannotLoad("The model gives numbers that are not finite: its weights are broken, or need fp32.")
        runner: Runner = (_packed(model, output, rows, expected) if packed else None) or plain
    return Engine(runner, str(model.device), expected.shape[1], budget=budget, cache=cache)


def _trial(config: Any, longest: int) -> list[list[int]]:
    """Rows of made-up tokens in several lengths, none of them padding."""
    pick = random.Random(1)  # noqa: S311 - any tokens will do, the same each time
    lengths = sorted({min(longest, length) for length in (40, 17, 17, 3)}, reverse=True)
    tokens = pick.sample(range(config.vocab_size), min(64, config.vocab_size))
    usable = [token for token in tokens if token != config.pad_token_id]
    return [pick.choices(usable, k=length) for length in [*lengths, lengths[-1]]]


def _packed(model: Any, output: Output, rows: list[list[int]], expected: Any) -> Packed | None:
    body = body_of(model)
    head = head_of(model) if output == "logits" else None
    if body is None or (output == "logits" and head is None):
        return None
    try:
        runner = Packed(body, head)
        found = runner(rows)
    except (RuntimeError, NotImplementedError) as error:
        if out_of_memory(error):
            raise
        logger.warning("The packed engine does not run on %s (%s): the plain one does.", model.device, error)
        return None
    far = float(((found - expected).norm() / expected.norm()).cpu())
    if far > TOLERANCES[model.dtype]:
        logger.warning("Packed values of this %s lie %.2g from its own: it runs plain.", model.config.model_type, far)
        return None
    return runner
