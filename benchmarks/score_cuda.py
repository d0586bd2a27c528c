"""The engine on a GPU: texts a second, and how much of what the device could do at this length mix."""

import time
from typing import Any

import torch

from benchmarks.score_texts import made_up
from benchmarks.score_ways import copied, rows_of
from benchmarks.score_work import operations, peak
from classifiers.device import pick_text_precision
from classifiers.engine.build import build_engine
from classifiers.engine.plain import Output
from launcher.child import say

COUNT = 8_192


def on_cuda(name: str, model: Any, tokenizer: Any, output: Output) -> dict[str, Any]:
    """Texts a second with the tokens at hand and with tokenising, and the part of the device's limit."""
    precision = pick_text_precision("cuda")
    engine = build_engine(copied(model, precision).to("cuda"), output)
    few = made_up(512, tokenizer, seed=3)
    texts = few * (COUNT // len(few))
    rows = rows_of(tokenizer, texts)
    engine.run(rows[:1024])
    bare = _seconds(lambda: engine.run(rows))
    whole = _seconds(lambda: engine.run(rows_of(tokenizer, texts)))
    work = sum(operations(model.config, len(row), first_only=output == "logits") for row in rows)
    limit = peak(precision, "cuda") / work * len(rows)
    say(
        f"{name} on {torch.cuda.get_device_name()} in {precision}: {len(rows) / bare:,.0f} texts a second, with "
        f"tokenising {len(rows) / whole:,.0f}; the limit is {limit:,.0f}: {len(rows) / bare / limit:.0%}"
    )
    return {
        "precision": precision,
        "runner": type(engine.runner).__name__,
        "texts_per_second": round(len(rows) / bare),
        "with_tokenizing": round(len(rows) / whole),
        "limit": round(limit),
        "of_limit": round(len(rows) / bare / limit, 3),
    }


def _seconds(run: Any) -> float:
    best = float("inf")
    for _round in range(3):
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
    return best
