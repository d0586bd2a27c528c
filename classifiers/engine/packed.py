"""A BERT-like encoder over packed rows: no padding in its linear layers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.nn import functional

from classifiers.engine.attention import Attention, pick_attention
from classifiers.engine.body import Body, Layer
from classifiers.engine.linear import Linear
from classifiers.engine.pack import Pack, Rows, pack
from classifiers.engine.whole import WholeLinear


class Packed:
    """Runs rows of token ids. With a `head` its logits over the first token's state, without one the unit mean of all.

    With a head, the last layer computes only what the first tokens need: their queries, and everybody's keys and
    values. With `int8` its linear layers multiply whole numbers, and only they: the weights given are float32.
    """

    def __init__(
        self,
        body: Body,
        head: Callable[[Any], Any] | None = None,
        attention: Attention | None = None,
        *,
        int8: bool = False,
    ) -> None:
        self._words, self._positions, self._norm = body.words, body.positions, body.norm
        self._head = head
        attention = attention or pick_attention(body.words)
        last = len(body.layers) - 1
        self._layers = [
            _Layer(layer, body, attention, first_only=head is not None and place == last, int8=int8)
            for place, layer in enumerate(body.layers)
        ]
        self.longest: int = body.positions.shape[0]

    def __call__(self, rows: Rows) -> Any:
        """(rows, width) in float32 on the device, in the order of `rows`, each at most `longest` tokens."""
        laid = pack(rows, self._words.device)
        states = functional.embedding(laid.ids, self._words) + functional.embedding(laid.positions, self._positions)
        states = self._norm(states)
        for layer in self._layers:
            states = layer(states, laid)
        if self._head is not None:
            return self._head(states).float()
        return functional.normalize(_means(states, laid), dim=1)


class _Layer:
    def __init__(self, layer: Layer, body: Body, attention: Attention, *, first_only: bool, int8: bool) -> None:
        self._attention, self._heads, self._first_only = attention, body.heads, first_only
        linear: Any = WholeLinear if int8 else Linear
        # Attention is no product of weights: beside whole numbers it computes in bf16 where the processor does.
        projected = partial(WholeLinear, dtype=_attended()) if int8 else linear
        if first_only:
            self._query = projected(layer.query.weight, layer.query.bias)
            self._joint = projected(*_joined(layer.key, layer.value))
        else:
            self._joint = projected(*_joined(layer.query, layer.key, layer.value))
        self._out, self._out_norm = linear(layer.out.weight, layer.out.bias), layer.out_norm
        self._up = linear(layer.up.weight, layer.up.bias, body.activation)
        self._down, self._down_norm = linear(layer.down.weight, layer.down.bias), layer.down_norm

    def __call__(self, states: Any, laid: Pack) -> Any:
        joint = self._joint(states)
        if self._first_only:
            states = states[laid.firsts]
            key, value = self._by_head(joint, 2)
            [query] = self._by_head(self._query(states), 1)
        else:
            query, key, value = self._by_head(joint, 3)
        heard = self._attention(query, key, value, laid, first_only=self._first_only)
        states = self._out_norm(self._out.plus(heard, states))
        return self._down_norm(self._down.plus(self._up(states), states))

    def _by_head(self, x: Any, parts: int) -> Any:
        return x.view(x.shape[0], parts, self._heads, -1).unbind(1)


def _joined(*parts: Any) -> tuple[Any, Any]:
    return torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts])


def _attended() -> Any:
    return torch.bfloat16 if torch.cpu.get_capabilities().get("avx512_bf16") else torch.float32


def _means(states: Any, laid: Pack) -> Any:
    """The mean of each row's states, in float32."""
    if states.device.type != "cpu":
        lengths = laid.bounds.diff().long()
        return torch.segment_reduce(states.float(), "mean", lengths=lengths, unsafe=True)
    means = torch.empty(len(laid.lengths), states.shape[1])
    row = token = 0
    for count, length in laid.runs:
        alike = states[token : token + count * length].view(count, length, -1)
        torch.mean(alike, 1, dtype=torch.float32, out=means[row : row + count])
        row += count
        token += count * length
    return means
