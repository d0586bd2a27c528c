"""Texts as the encoder reads them while it is trained: tokens, and the unit vectors that the engine pools too."""

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional

# A comment of some 400 characters; the engine's windows are not much longer.
LONGEST = 96
AT_ONCE = 64


def tokens(tokenizer: Any, texts: Sequence[str]) -> tuple[Any, Any]:
    """Ids and mask, filled up to the longest, cut at LONGEST."""
    encoded = [one.ids for one in tokenizer.encode_batch_fast(list(texts))]
    encoded = [ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]] for ids in encoded]
    width = max(len(ids) for ids in encoded)
    ids = torch.zeros(len(encoded), width, dtype=torch.long)
    for place, one in enumerate(encoded):
        ids[place, : len(one)] = torch.tensor(one)
    return ids, torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in encoded])


def unit_mean(states: Any, mask: Any) -> Any:
    """As the engine pools: the mean of all tokens, the special ones among them."""
    spread = mask[:, :, None].float()
    return functional.normalize((states * spread).sum(1) / spread.sum(1), dim=1)


def unit_vectors(encoder: Any, ids: Any, mask: Any) -> Any:
    """(texts, dimensions)."""
    return unit_mean(encoder(input_ids=ids, attention_mask=mask).last_hidden_state, mask)


def vectors_of(encoder: Any, tokenizer: Any, texts: Sequence[str]) -> Any:
    """(texts, dimensions), without a way back; texts of like length are read together."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    found = torch.zeros(len(texts), encoder.config.hidden_size)
    with torch.no_grad():
        for first in range(0, len(order), AT_ONCE):
            places = order[first : first + AT_ONCE]
            found[places] = unit_vectors(encoder, *tokens(tokenizer, [texts[place] for place in places]))
    return found
