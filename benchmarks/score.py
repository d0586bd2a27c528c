"""`make bench-score [FILE=COMMENTS]`: what scoring a text costs, beside other ways to do it, in one process.

Every way scores the same texts with the same weights on one thread, in turns; the figure is processor time, and its
median over the rounds as a ratio. With FILE, a CSV with `text` and `is_toxic`, it also says what the default precision
costs in AUROC. Prints tables, then one line of JSON; exits 1 where a figure misses its limit.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import torch
import transformers

from benchmarks.score_cuda import on_cuda
from benchmarks.score_gates import gates
from benchmarks.score_texts import made_up
from benchmarks.score_ways import Way, others, ours, pipelines, rows_of
from benchmarks.score_work import operations, peak
from classifiers.device import pick_precision, pick_text_precision
from classifiers.encoder import load_tokenizer
from classifiers.engine.plain import Output
from classifiers.weights import model_folder
from launcher.child import say

PIPELINE, ONE, ONE_FIRST = 9.0, 2.6, 3.5
# Measured beside the default precision: what other engines compute in too.
HALVES = ("bf16",) if pick_precision("cpu") == "bf16" else ()
Limit = tuple[str, float, str, bool]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", help="comments with labels, to measure what precision costs")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    tokenizer, fast = load_tokenizer(model_folder()), transformers.AutoTokenizer.from_pretrained(model_folder())
    precision = pick_text_precision("cpu")
    figures: dict[str, Any] = {"precision": precision, "models": {}}
    limits: list[Limit] = []
    for name, output, model, count in models():
        texts = made_up(count, tokenizer)
        figures["models"][name] = found = compare(model, tokenizer, fast, output, precision, texts, options.rounds)
        table(name, found)
        limits += judged(name, output, precision, found["ways"])
        if torch.cuda.is_available():
            found["cuda"] = on_cuda(name, model, tokenizer, output)
    figures["gates"], gate_limits = gates(options.file, made_up(48, tokenizer, seed=2))
    limits += gate_limits
    say("")
    for what, value, wanted, good in limits:
        say(f"{what:78} {value:>9.4g}   {wanted:9} {'' if good else 'MISSED'}")
    say(json.dumps(figures | {"limits": {what: value for what, value, _wanted, _good in limits}}))
    return 0 if all(good for *_others, good in limits) else 1


def models() -> list[tuple[str, Output, Any, int]]:
    """Name, output, model in float32 and number of texts: as many as take a few seconds."""
    default = transformers.AutoModel.from_pretrained(model_folder(), local_files_only=True)
    torch.manual_seed(1)  # heads of made-up weights: small logits are rounded more, as a part of what they are
    small = transformers.BertForSequenceClassification(default.config)
    small.bert.load_state_dict(default.state_dict())
    base = transformers.BertForSequenceClassification(transformers.BertConfig(num_labels=3))
    found: list[tuple[str, Output, Any, int]] = [
        ("the default model", "mean", default, 32),
        ("its size, read at the first token", "logits", small, 32),
        ("BERT-base size, random weights, first token", "logits", base, 32),
    ]
    return [(name, output, model.eval(), count) for name, output, model, count in found]


def compare(
    model: Any, tokenizer: Any, fast: Any, output: Output, precision: str, texts: list[str], rounds: int
) -> dict[str, Any]:
    """Milliseconds of processor time for a text, each way's ratios to the pipelines, and our part of the peak."""
    ways: dict[str, Way] = pipelines(model, fast, output)
    ways |= {
        f"ours, {kind}": ours(model, tokenizer, output, kind) for kind in dict.fromkeys((precision, *HALVES, "fp32"))
    }
    missing = []
    for name, kind, way in others(model, tokenizer, output):
        if way is None:
            missing.append(name)
        else:
            ways[f"{name}, {kind}"] = way
    for way in ways.values():
        way(sorted(texts, key=len)[: len(texts) // 4])
    spent: dict[str, list[float]] = {name: [] for name in ways}
    peaks = []
    for _round in range(rounds):
        for name, way in ways.items():
            began = time.process_time()
            way(texts)
            spent[name].append((time.process_time() - began) / len(texts) * 1000)
        peaks.append(peak(precision))
    lengths = [len(row) for row in rows_of(tokenizer, texts)]
    work = sum(operations(model.config, length, first_only=output == "logits") for length in lengths) / len(lengths)
    milliseconds = statistics.median(spent[f"ours, {precision}"])
    return {
        "texts": len(texts),
        "tokens": sum(lengths),
        "not_installed": missing,
        "peak_gflops": round(statistics.median(peaks) / 1e9, 1),
        "of_peak": round(work / (milliseconds / 1000) / statistics.median(peaks), 3),
        "ways": {
            name: {
                "ms": round(statistics.median(times), 2),
                "to_one": _ratio(spent["one at a time"], times),
                "to_pipeline": _ratio(spent["pipeline(batch_size=32)"], times),
            }
            for name, times in spent.items()
        },
    }


def _ratio(theirs: list[float], times: list[float]) -> float:
    """The median over the rounds: what else the machine did then slowed both."""
    return round(statistics.median(a / b for a, b in zip(theirs, times, strict=True)), 2)


def table(name: str, found: dict[str, Any]) -> None:
    say(f"\n{name}: {found['texts']} texts, {found['tokens']} tokens")
    say(f"{'':28}{'ms a text':>10}{'× one at a time':>18}{'× pipeline(32)':>18}")
    for way, figures in found["ways"].items():
        say(f"{way:28}{figures['ms']:>10.2f}{figures['to_one']:>18.2f}{figures['to_pipeline']:>18.2f}")
    for way in found["not_installed"]:
        say(f"{way:28}{'not installed':>14}")
    say(f"ours: {found['of_peak']:.0%} of the {found['peak_gflops']:.0f} GFLOP/s of this machine's own product")


def judged(name: str, output: Output, precision: str, ways: dict[str, Any]) -> list[Limit]:
    """What is held to a limit. Another engine only at our precision."""
    mine = ways[f"ours, {precision}"]
    one = ONE_FIRST if output == "logits" else ONE
    rows: list[Limit] = []
    if precision != "fp32":
        rows = [
            (f"{name}: × one at a time", mine["to_one"], f">= {one}", mine["to_one"] >= one),
            (f"{name}: × pipeline(32)", mine["to_pipeline"], f">= {PIPELINE}", mine["to_pipeline"] >= PIPELINE),
        ]
    for way, figures in ways.items():
        other, _comma, kind = way.partition(", ")
        if other in {"ONNX Runtime", "OpenVINO"} and f"ours, {kind}" in ways:
            ratio = ways[f"ours, {kind}"]["to_one"] / figures["to_one"]
            rows.append((f"{name}: × {way}", round(ratio, 2), ">= 1", ratio >= 1))
    return rows


if __name__ == "__main__":
    sys.exit(main())
