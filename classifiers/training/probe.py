"""Where the head begins: fitted on the vectors of the encoder as it is packaged.

A head that began at zero would first push the encoder about at random, and what it knows of words that no training
text has would suffer (Kumar and others, "Fine-Tuning can Distort Pretrained Features", 2022).
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from classifiers.training.loss import masked_loss, truth_and_known
from classifiers.training.masked import Row
from classifiers.training.vectors import vectors_of

STEPS, RATE, DECAY = 300, 2e-2, 0.05


def probe(
    model: Any, tokenizer: Any, rows: Sequence[Row], shares: Mapping[str, float], weights: Any, count: int, seed: int
) -> float:
    """Fits the head of `model` in place on about `count` rows, each source in its share, and returns the loss."""
    pick = random.Random(f"probe {seed}")  # noqa: S311 - the same rows each time
    drawn: list[Row] = []
    for name, share in shares.items():
        of_source = [row for row in rows if row.source == name]
        drawn += pick.sample(of_source, min(len(of_source), round(share * count)))
    vectors = vectors_of(model.encoder, tokenizer, [row.text for row in drawn])
    truth, known = truth_and_known([row.truth for row in drawn])
    optimizer = torch.optim.AdamW(
        [
            {"params": model.head.parameters(), "weight_decay": DECAY},
            {"params": [model.bias], "lr": 2.5 * RATE, "weight_decay": 0.0},
        ],
        lr=RATE,
    )
    loss = torch.zeros(())
    for _ in range(STEPS):
        loss = masked_loss(model.logits(vectors), truth, known, weights)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())
