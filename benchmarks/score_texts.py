"""Texts for `make bench-score`: made-up sentences at the length mix of a hub, or the rows of a file."""

import csv
import json
import random
from pathlib import Path
from typing import Any

import numpy as np

# Tokens of a window by quantile, special ones included: median 38, mean 137, a tenth as long as a model reads.
QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.88, 0.9, 1.0)
TOKENS = (6.0, 18.0, 38.0, 140.0, 400.0, 512.0, 512.0)
WORDS = """
the a this our your every some no of in with for from on after before and but because model data set weights card
tokenizer training evaluation accuracy table column picture sentence question answer license author update file
reads writes loads fails shows misses repeats explains is was has gives needs smaller larger better wrong careful
Thai German Vietnamese broken stupid wonderful quickly never always please thanks I you we they nobody everybody
""".split()  # noqa: SIM905 - as a list it would be a page


def made_up(count: int, tokenizer: Any, seed: int = 1) -> list[str]:
    """`count` texts whose lengths in tokens follow the mix, in no order of length; `tokenizer` is a fast one."""
    pick = random.Random(seed)
    texts = []
    for place in range(count):
        tokens = int(np.interp((place + 0.5) / count, QUANTILES, TOKENS)) - 2
        text = _sentences(pick, tokens)
        offsets = tokenizer.encode(text, add_special_tokens=False).offsets
        texts.append(text[: offsets[tokens - 1][1]])
    pick.shuffle(texts)
    return texts


def _sentences(pick: random.Random, words: int) -> str:
    drawn = pick.choices(WORDS, k=words)
    for end in range(9, words, 12):
        drawn[end] += "."
    return " ".join(drawn)


def read(path: Path) -> tuple[list[str], list[bool] | None]:
    """Texts of a CSV with a column `text` or of JSON lines, and which are toxic where a column `is_toxic` says so."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle)) if path.suffix == ".csv" else [json.loads(line) for line in handle]
    toxic = None
    if rows and "is_toxic" in rows[0]:
        toxic = [str(row["is_toxic"]).strip().lower() in {"toxic", "1", "true", "yes"} for row in rows]
    return [row["text"] for row in rows], toxic
