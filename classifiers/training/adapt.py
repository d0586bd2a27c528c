"""Fine-tuning: the upper layers of the packaged encoder with a head over its unit vectors, in one masked loss.

Word tables and the first layers stay as they are, so that words which no training text has keep their meaning. The
vectors are held close to those of the packaged encoder, so that likeness of texts (precedents, copies) goes on meaning
likeness.
"""

import copy
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from classifiers.training.augment import augment
from classifiers.training.masked import LABELS, Row

LONGEST = 48
# What reads words and their neighbours stays as it is: it has seen more of them than there is to learn from here.
FROZEN_LAYERS = 2
SCALE = 16.0
# Every so many steps the vectors are compared with those of the packaged encoder, which costs a pass.
ANCHOR_EVERY = 6


@dataclass(frozen=True)
class Plan:
    """How to train. `shares` says what part of a round each source makes up, `anchor` how much the vectors are held."""

    seed: int = 0
    steps: int = 900
    batch: int = 32
    rate: float = 1.2e-4
    head_rate: float = 3e-3
    decay: float = 0.01
    anchor: float = 1.0
    average_from: float = 0.35
    shares: tuple[tuple[str, float], ...] = (
        ("davidson", 0.26),
        ("davidson-neither", 0.18),
        ("ours", 0.40),
        ("sms", 0.07),
        ("toxigen", 0.05),
        ("hub", 0.04),
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
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        vectors = unit_mean(states, mask)
        return self.head(vectors) * SCALE + self.bias, vectors


def unit_mean(states: Any, mask: Any) -> Any:
    """As the engine pools: the mean of all tokens, the special ones among them."""
    spread = mask[:, :, None].float()
    return functional.normalize((states * spread).sum(1) / spread.sum(1), dim=1)


def _vectors(encoder: Any, ids: Any, mask: Any) -> Any:
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    return unit_mean(states, mask)


def train(model: Adapted, tokenizer: Any, rows: Sequence[Row], plan: Plan, say: Callable[[str], None]) -> Adapted:
    """Trains `model` in place and leaves it with the average of its later weights. Same rows and plan, same weights."""
    torch.manual_seed(plan.seed)
    pick = random.Random(plan.seed)  # noqa: S311
    packaged = copy.deepcopy(model.encoder).eval()
    for part in (model.encoder.embeddings, *model.encoder.encoder.layer[:FROZEN_LAYERS], model.encoder.pooler):
        if part is not None:
            part.requires_grad_(False)
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
    weights = label_weights(rows, plan)
    averaged: dict[str, Any] = {}
    kept, lost, begun = 0, 0.0, time.time()
    model.train()
    for step, batch in enumerate(_batches(rows, plan, pick)):
        texts, truth, known = _arranged(rows, batch, pick)
        ids, mask = tokens(tokenizer, texts)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, vectors = model(ids, mask)
        each = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
        each = each * known * torch.where(truth > 0.5, weights, 1.0)
        loss = each.sum() / known.sum()
        if step % ANCHOR_EVERY == 0:
            loss = loss + plan.anchor * (1 - (vectors * _vectors(packaged, ids, mask)).sum(1)).mean()
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
                value.copy_(averaged[name])
    model.eval()
    return model


def label_weights(rows: Sequence[Row], plan: Plan) -> Any:
    """How much a positive row of each label weighs: the rarer in a round, the more."""
    share = dict(plan.shares)
    sizes = Counter(row.source for row in rows)
    positive, known = np.zeros(len(LABELS)), np.zeros(len(LABELS))
    for row in rows:
        part = share.get(row.source, 0.0) / sizes[row.source]
        for place, label in enumerate(LABELS):
            if label in row.truth:
                known[place] += part
                positive[place] += part * row.truth[label]
    ratio = np.sqrt((known - positive) / np.maximum(positive, 1e-6))
    return torch.tensor(np.clip(ratio, 0.5, plan.most_weight), dtype=torch.float32)


def _batches(rows: Sequence[Row], plan: Plan, pick: random.Random) -> Any:
    """Row numbers of each step: each source in its share and drawn without repeating until it is used up.

    Of what is drawn for twenty steps, rows of like length go together, which saves filling up.
    """
    of: dict[str, list[int]] = {name: [] for name, _ in plan.shares}
    for number, row in enumerate(rows):
        of[row.source].append(number)
    names = [name for name, _ in plan.shares if of[name]]
    chances = [share for name, share in plan.shares if of[name]]
    left: dict[str, list[int]] = {name: [] for name in names}
    done = 0
    while done < plan.steps:
        drawn = []
        for name in pick.choices(names, chances, k=plan.batch * 20):
            if not left[name]:
                left[name] = pick.sample(of[name], len(of[name]))
            drawn.append(left[name].pop())
        drawn.sort(key=lambda number: len(rows[number].text))
        ready = [drawn[first : first + plan.batch] for first in range(0, len(drawn), plan.batch)]
        pick.shuffle(ready)
        yield from ready[: plan.steps - done]
        done += len(ready)


def _arranged(rows: Sequence[Row], batch: Sequence[int], pick: random.Random) -> tuple[list[str], Any, Any]:
    """Texts, truth, and what is known of each label."""
    others = [rows[number] for number in batch]
    texts = []
    truth, known = torch.zeros(len(batch), len(LABELS)), torch.zeros(len(batch), len(LABELS))
    for place, row in enumerate(others):
        text, said = augment(row, others, pick)
        texts.append(text)
        for at, label in enumerate(LABELS):
            if label in said:
                truth[place, at], known[place, at] = said[label], 1.0
    return texts, truth, known


def tokens(tokenizer: Any, texts: Sequence[str]) -> tuple[Any, Any]:
    """Ids and mask, filled up to the longest, cut at LONGEST."""
    encoded = [one.ids for one in tokenizer.encode_batch_fast(list(texts))]
    encoded = [ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]] for ids in encoded]
    width = max(len(ids) for ids in encoded)
    ids = torch.zeros(len(encoded), width, dtype=torch.long)
    for place, one in enumerate(encoded):
        ids[place, : len(one)] = torch.tensor(one)
    return ids, torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in encoded])


def logits_of(model: Adapted, tokenizer: Any, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """(texts, labels)."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    found = np.zeros((len(texts), len(LABELS)))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for first in range(0, len(order), 64):
            places = order[first : first + 64]
            found[places] = model(*tokens(tokenizer, [texts[place] for place in places]))[0].float().numpy()
    return found
