"""Self-attention over rows of several lengths that lie end to end: three ways, one result.

Each takes `query`, `key` and `value` of (tokens, heads, size) in the order of the pack, and returns (queries, heads ×
size). `query` has all tokens, or only the first of each row (`first_only`).
"""

from functools import partial
from typing import Any, Protocol

import torch
from torch.nn import functional

from classifiers.engine.pack import Pack

# Bytes of scores that are held at a time: what stays in a processor's cache between its three passes over them.
SCORES = 2 << 20
# From how many tokens on a kernel made for tiles is faster than three passes: shorter rows fill no tile.
TILED = 128
# Sums of exponentials within this factor of 1 have lost nothing.
FAR = 1e30


class Attention(Protocol):
    def __call__(self, query: Any, key: Any, value: Any, pack: Pack, *, first_only: bool) -> Any: ...


def in_runs(query: Any, key: Any, value: Any, pack: Pack, *, first_only: bool, tiled: bool = False) -> Any:
    """For processors: rows of one length together, their scores in pieces that fit the cache.

    Nothing is masked because nothing is padded. Up to twice as fast as torch's scaled_dot_product_attention, which
    computes in float32 and pays for small tiles; where the processor has them it is `tiled`: long rows are left to that
    (a quarter faster in bf16, a tenth in float32).
    """
    _, heads, size = query.shape
    out = torch.empty_like(query, memory_format=torch.contiguous_format)
    asked = done = 0
    for count, length in pack.runs:
        queries = 1 if first_only else length
        q, k, v = query[asked : asked + count * queries], key[done : done + count * length], value[done:]
        place = out[asked : asked + count * queries].view(count, queries, heads, size)
        one = _tiled if tiled and queries >= TILED else _in_pieces
        place.copy_(one(q, k, v[: count * length], count, length, queries))
        asked += count * queries
        done += count * length
    return out.view(-1, heads * size)


def _in_pieces(query: Any, key: Any, value: Any, count: int, length: int, queries: int) -> Any:
    """(count, queries, heads, size) of rows of one length."""
    _, heads, size = query.shape
    q = _by_head(query, count, queries) * size**-0.5
    k, v = _by_head(key, count, length).transpose(1, 2), _by_head(value, count, length)
    found = torch.empty_like(q)
    step = max(1, SCORES // (queries * length * q.element_size()))
    scores = q.new_empty(min(step, count * heads), queries, length)
    for first in range(0, count * heads, step):
        piece = slice(first, first + step)
        held = scores[: min(step, count * heads - first)]
        _attend(q[piece], k[piece], v[piece], held, found[piece])
    return found.view(count, heads, queries, size).transpose(1, 2)


def _tiled(query: Any, key: Any, value: Any, count: int, length: int, _queries: int) -> Any:
    """The same by torch's own kernel, which holds no scores."""
    q, k, v = (one.unflatten(0, (count, length)).transpose(1, 2) for one in (query, key, value))
    return functional.scaled_dot_product_attention(q, k, v).transpose(1, 2)


def _attend(q: Any, k: Any, v: Any, scores: Any, found: Any) -> None:
    """Write softmax(q · k) · v into `found`; `scores` is room for what is between."""
    torch.bmm(q, k, out=scores)
    if q.dtype == torch.bfloat16:
        # It reaches as far as float32, so no score is too large for its exponential where models are sane: none is
        # made smaller first, and what is divided by their sum is the result, which is narrower than the scores.
        sums = scores.exp_().sum(-1, keepdim=True)
        least, most = sums.aminmax()
        if least > 1 / FAR and most < FAR:
            torch.bmm(scores, v, out=found)
            found.div_(sums)
            return
        torch.bmm(q, k, out=scores)
    torch.softmax(scores, -1, out=scores)
    torch.bmm(scores, v, out=found)


def _by_head(x: Any, count: int, length: int) -> Any:
    """(count × length, heads, size) as contiguous (count × heads, length, size)."""
    _, heads, size = x.shape
    return x.reshape(count, length, heads, size).transpose(1, 2).reshape(count * heads, length, size)


def padded(query: Any, key: Any, value: Any, pack: Pack, *, first_only: bool) -> Any:
    """For any device: only here rows are padded to the longest, and scaled_dot_product_attention masks that."""
    _, heads, size = key.shape
    count, longest = len(pack.lengths), pack.longest
    spread = key.new_zeros(2, count, longest, heads, size)
    spread[0, pack.rows, pack.positions] = key
    spread[1, pack.rows, pack.positions] = value
    k, v = spread.transpose(2, 3)
    if first_only:
        q = query[:, :, None]
    else:
        q = key.new_zeros(count, longest, heads, size)
        q[pack.rows, pack.positions] = query
        q = q.transpose(1, 2)
    lengths = pack.bounds[1:] - pack.bounds[:-1]
    mask = torch.arange(longest, device=key.device) < lengths[:, None]
    found = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None])
    found = found.transpose(1, 2)
    found = found[:, 0] if first_only else found[pack.rows, pack.positions]
    return found.reshape(-1, heads * size)


def flash(query: Any, key: Any, value: Any, pack: Pack, *, first_only: bool) -> Any:
    """For GPUs in half precision: one kernel over all rows, whatever their lengths."""
    from torch.nn.attention.varlen import varlen_attn

    _, heads, size = query.shape
    asked, most = pack.bounds, pack.longest
    if first_only:
        asked, most = torch.arange(len(pack.lengths) + 1, dtype=torch.int32, device=query.device), 1
    found = varlen_attn(query, key, value, asked, pack.bounds, most, pack.longest)
    return found.reshape(-1, heads * size)


def has_tiles() -> bool:
    """Whether the processor multiplies tiles of bf16 (AMX): several times as many numbers at once as AVX-512."""
    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


def pick_attention(weight: Any) -> Attention:
    """The fastest way on the device and in the precision of `weight`."""
    if weight.device.type == "cpu":
        return partial(in_runs, tiled=has_tiles())
    new = weight.device.type == "cuda" and torch.cuda.get_device_capability(weight.device) >= (8, 0)
    return flash if new and weight.dtype in {torch.bfloat16, torch.float16} else padded
