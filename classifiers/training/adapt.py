"""Fine-tuning: the upper layers of the packaged encoder with a head over its unit vectors, in one masked loss.

Word tables and the first layers stay as they are, so that words which no training text has keep their meaning. The head
begins where it fits the packaged vectors (`probe`). The vectors are held close to these, so that likeness of texts
(precedents, copies) goes on meaning likeness. All of it in fp32: a processor without AVX-512 only emulates bf16.
"""

import copy
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from classifiers.training.augment import augment
from classifiers.training.loss import label_weights, masked_loss, truth_and_known
from classifiers.training.masked import Row
from classifiers.training.probe import probe
from classifiers.training.vectors import tokens, unit_vectors, vectors_of

# What reads words and their neighbours stays as it is: it has seen more of them than there is to learn from here.
FROZEN_LAYERS = 2
SCALE = 16.0
# Every so many steps the vectors are compared with those of the packaged encoder, which costs a pass.
ANCHOR_EVERY = 6


@dataclass(frozen=True)
class Plan:
    """How to train. `shares` says what part of a round each source makes up, `anchor` how much the vectors are held,
    `probe` on how many rows the head is fitted before it begins, `reach` how far the weights go from where they began:
    1 is the average of the later ones, which lags behind, so that a little more is better.
    """

    seed: int = 0
    steps: int = 900
    batch: int = 32
    rate: float = 1.2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    anchor: float = 1.0
    probe: int = 3000
    average_from: float = 0.35
    reach: float = 1.2
    shares: tuple[tuple[str, float], ...] = (
        ("davidson", 0.22),
        ("davidson-neither", 0.16),
        ("ours", 0.38),
        ("ours-comments", 0.10),
        ("sms", 0.06),
        ("toxigen", 0.05),
        ("hub", 0.03),
    )
    # A label's share of a round is small: its positive rows weigh more, by at most so much.
    most_weight: float = 4.0


class Adapted(nn.Module):
    """The encoder and the head as one thing to train."""

    def __init__(self, encoder: Any, labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.config.hidden_size, labels, bias=False)
        self.bias = nn.Parameter(torch.full((labels,), -2.0))
        nn.init.zeros_(self.head.weight)

    def forward(self, ids: Any, mask: Any) -> tuple[Any, Any]:
        """Logits and the unit vectors that they are read off."""
        vectors = unit_vectors(self.encoder, ids, mask)
        return self.logits(vectors), vectors

    def logits(self, vectors: Any) -> Any:
        """(texts, labels), of unit vectors."""
        return self.head(vectors) * SCALE + self.bias

    def freeze(self) -> None:
        """From now on only the upper layers may change; what may not is not kept either."""
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:FROZEN_LAYERS], self.encoder.pooler):
            if part is not None:
                part.requires_grad_(False)


def train(model: Adapted, tokenizer: Any, rows: Sequence[Row], plan: Plan, say: Callable[[str], None]) -> Adapted:
    """Trains `model` in place and leaves it with its later weights. Same rows and plan, same weights."""
    torch.manual_seed(plan.seed)
    pick = random.Random(plan.seed)  # noqa: S311
    packaged = copy.deepcopy(model.encoder).eval()
    shares = dict(plan.shares)
    weights = label_weights(rows, shares, plan.most_weight)
    at_start = probe(model, tokenizer, rows, shares, weights, plan.probe, plan.seed)
    say(f"head fitted on the packaged vectors: loss {at_start:.4f}")
    model.freeze()
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in model.encoder.parameters() if p.requires_grad], "lr": plan.rate},
            {"params": model.head.parameters(), "lr": plan.head_rate},
            {"params": [model.bias], "lr": 5 * plan.head_rate, "weight_decay": 0.0},
        ],
        weight_decay=plan.decay,
    )
    warm = max(1, plan.steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.05, (plan.steps - step) / max(1, plan.steps - warm)))
    )
    began = {name: value.detach().clone() for name, value in model.named_parameters()}
    averaged: dict[str, Any] = {}
    kept, lost, begun = 0, 0.0, time.time()
    model.train()
    for step, batch in enumerate(_batches(rows, plan, pick)):
        ids, mask = tokens(tokenizer, [text for text, _ in batch])
        truth, known = truth_and_known([said for _, said in batch])
        logits, vectors = model(ids, mask)
        loss = masked_loss(logits, truth, known, weights)
        if step % ANCHOR_EVERY == 0:
            with torch.no_grad():
                was = unit_vectors(packaged, ids, mask)
            loss = loss + plan.anchor * (1 - (vectors * was).sum(1)).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        schedule.step()
        lost += float(loss.detach())
        if step >= plan.steps * plan.average_from and step % 5 == 0:
            kept += 1
            for name, value in model.named_parameters():
                if value.requires_grad:
                    held_value = averaged.setdefault(name, torch.zeros_like(value))
                    held_value.add_((value.detach() - held_value) / kept)
        if step % 25 == 24:
            say(f"step {step + 1} of {plan.steps}: loss {lost / 25:.4f}, {time.time() - begun:.0f} s")
            lost = 0.0
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name in averaged:
                value.copy_(began[name] + plan.reach * (averaged[name] - began[name]))
    model.eval()
    return model


def _batches(rows: Sequence[Row], plan: Plan, pick: random.Random) -> Iterator[list[tuple[str, dict[str, float]]]]:
    """Texts and truths of each step: each source in its share and drawn without repeating until it is used up.

    Of what is drawn for twenty steps, texts of like length go together, which saves filling up.
    """
    of: dict[str, list[Row]] = {name: [] for name, _ in plan.shares}
    for row in rows:
        of[row.source].append(row)
    names = [name for name, _ in plan.shares if of[name]]
    chances = [share for name, share in plan.shares if of[name]]
    left: dict[str, list[Row]] = {name: [] for name in names}
    done = 0
    while done < plan.steps:
        drawn = []
        for name in pick.choices(names, chances, k=plan.batch * 20):
            if not left[name]:
                left[name] = pick.sample(of[name], len(of[name]))
            drawn.append(left[name].pop())
        read = sorted((augment(row, drawn, pick) for row in drawn), key=lambda one: len(one[0]))
        ready = [read[first : first + plan.batch] for first in range(0, len(read), plan.batch)]
        pick.shuffle(ready)
        yield from ready[: plan.steps - done]
        done += len(ready)


def logits_of(model: Adapted, tokenizer: Any, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """(texts, labels)."""
    with torch.no_grad():
        return model.logits(vectors_of(model.encoder, tokenizer, texts)).double().numpy()  # type: ignore[no-any-return]
