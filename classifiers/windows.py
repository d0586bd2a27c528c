"""Long text in overlapping token windows that know which characters they cover (H2)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# Bounds on one document, so that no text can hold a worker: 100,000 characters are some 22,000 tokens of prose.
# What lies behind them is not scored. Tokens are bounded too because one character can become 18 (U+FDFA).
MAX_CHARACTERS = 100_000
MAX_TOKENS = 24_576
# Small windows keep one bad sentence in a long card from drowning in the mean, and point at it closely.
WINDOW_TOKENS = 128
OVERLAP_TOKENS = 32

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens (with the special ones at both ends) of the characters `start` to `end` of a document."""

    document: int
    start: int
    end: int
    ids: tuple[int, ...]


def cut(tokenizer: Any, texts: Sequence[str], *, places: bool = True) -> list[Window]:
    """Windows of all texts, in order; a text without a single token has none.

    Without `places`, which cost a quarter more, every window says that it covers 0 to 0.

    `tokenizer` is a `tokenizers.Tokenizer` of the BERT family that neither pads nor truncates. Takes any
    Python string, lone surrogates included. Character offsets are those of the text as given.
    """
    head, tail = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    readable = [_SURROGATE.sub("\ufffd", text[:MAX_CHARACTERS]) for text in texts]
    encode = tokenizer.encode_batch if places else tokenizer.encode_batch_fast
    windows = []
    for document, encoding in enumerate(encode(readable, add_special_tokens=False)):
        ids, offsets = encoding.ids[:MAX_TOKENS], encoding.offsets[:MAX_TOKENS] if places else ()
        for first, last in spans(len(ids)):
            start, end = (offsets[first][0], offsets[last - 1][1]) if places else (0, 0)
            windows.append(Window(document, start, end, (head, *ids[first:last], tail)))
    return windows


def spans(tokens: int, size: int = WINDOW_TOKENS - 2, overlap: int = OVERLAP_TOKENS) -> Iterator[tuple[int, int]]:
    """First and last-plus-one token of each window; neighbours share `overlap` tokens, the last one ends the text."""
    first = 0
    while first < tokens:
        last = min(first + size, tokens)
        yield first, last
        if last == tokens:
            return
        first += size - overlap
