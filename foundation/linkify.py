"""Links of bare addresses in Markdown, without the text that keeps the parser busy.

The parser reads on from every address to the end of its run of characters without a space, and from every "://" back
to the start of the text: 65,536 characters of "http://a" took it 17 s. No address is that long; a picture in base64 is.
For every line with an address it copies all tokens of the paragraph: 16 s for as many characters of "a.co".
"""

import re
from collections.abc import Iterator
from typing import Any

from linkify_it import LinkifyIt  # type: ignore[import-untyped]
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.linkify import linkify as link_text
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.linkify import linkify as link_scheme
from markdown_it.token import Token

LONGEST_RUN = 2_000  # characters without a space in which addresses are looked for
FEWEST_TOKENS = 100  # that the parser copies

_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
_SCHEMES = ("http", "https", "ftp")  # all that stand before "://"
_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)$", re.IGNORECASE)


class BoundedLinkify(LinkifyIt):
    """Finds no address in a long run; what it finds elsewhere, and where, stays the same."""

    def test(self, text: str) -> bool:
        return bool(super().test(_without_long_runs(text)))

    def pretest(self, text: str) -> bool:
        return bool(super().pretest(_without_long_runs(text)))

    def match(self, text: str) -> Any:
        return super().match(_without_long_runs(text))


def link_addresses(state: StateCore) -> None:
    """The parser's rule for bare addresses, on a few tokens at a time."""
    blocks = state.tokens
    for block in blocks:
        linkify: Any = state.md.linkify
        if block.type == "inline" and block.children and linkify.pretest(block.content):
            # The parser asks this first of each: "@" always passes.
            state.tokens = parts = [Token("inline", "", 0, content="@", children=one) for one in _parts(block.children)]
            link_text(state)
            block.children = [token for part in parts for token in part.children or []]
    state.tokens = blocks


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    """`tokens` in parts of which none ends in a link, or behind a character that was escaped."""
    part: list[Token] = []
    links = 0
    for token in tokens:
        part.append(token)
        links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if len(part) >= FEWEST_TOKENS and not links and token.type != "text_special":
            yield part
            part = []
    yield part


def link_address(state: StateInline, silent: bool) -> bool:
    """The parser's rule for an address with a scheme, asked only where it finds one."""
    return _is_address(state) and link_scheme(state, silent)


def _is_address(state: StateInline) -> bool:
    place = state.pos
    if not state.src.startswith("://", place) or not state.src[max(0, place - 5) : place].lower().endswith(_SCHEMES):
        return False
    scheme = _SCHEME.search(state.pending[-6:])  # the longest, and what stands before it
    if scheme is None or any(start < place < end for start, end in _long_runs(state)):
        return False
    start = place - len(scheme[1])
    if not state.src.startswith(scheme[1], start):  # kept from before a bracket: the parser would stand still
        return False
    linkify: Any = state.md.linkify
    return linkify.match_at_start(state.src[start : start + LONGEST_RUN + 1]) is not None


def _long_runs(state: StateInline) -> list[tuple[int, int]]:
    """Where they stand in what is parsed now; looked for once."""
    known: tuple[str, list[tuple[int, int]]] | None = state.env.get("long_runs")
    if known is None or known[0] is not state.src:
        known = state.src, [found.span() for found in _LONG_RUN.finditer(state.src)]
        state.env["long_runs"] = known
    return known[1]


def _without_long_runs(text: str) -> str:
    """`text` with spaces for them: all else keeps its place."""
    return _LONG_RUN.sub(lambda found: " " * len(found[0]), text) if len(text) > LONGEST_RUN else text
