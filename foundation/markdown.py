"""Markdown of strangers, made safe: no script, no style, no remote image (architecture, "User files")."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from foundation.linkify import BoundedLinkify, link_address, link_addresses

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}

# @name, not as a part of an address, a path or another word.
NAME = re.compile(r"(?<![\w@/.`-])@([A-Za-z0-9](?:[A-Za-z0-9]|[-_.](?=[A-Za-z0-9])){1,95})(?![\w@])")

# The parser looks for the end of every bracket: 200,000 open ones took it ten seconds, without links under one.
MOST_BRACKETS = 1_000

# What begins a link, an address or code; and what makes a link of a bare address.
_MARKS = re.compile(r"([\\\[\]<`]|:(?=\S)|/(?=/)|(?<=\w)\.(?=[^\W\d]{2}))")


@cache
def _parser(breaks: bool, links: bool) -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": True, "breaks": breaks}).disable("image")
    parser.linkify = BoundedLinkify()
    parser.inline.ruler.at("linkify", link_address)
    parser.core.ruler.at("linkify", link_addresses)
    parser.core.ruler.push("names", _link_names)
    return parser if links else parser.disable("link")


def render(text: str, *, breaks: bool = True, names: Mapping[str, str] | None = None) -> str:
    """Sanitised HTML for Markdown `text`. Links carry nofollow; headings start at h3, below those of the page.

    `breaks` keeps the line ends of what people type into a form; documents such as cards are wrapped by editors. A
    text with more than 1,000 brackets keeps them as they are, and only its bare addresses become links; in more than
    2,000 characters without a space not even those. `names` are addresses by name in lower case: where the text says
    @name outside of code, links and quotes, it links there.
    """
    parser = _parser(breaks, text.count("[") <= MOST_BRACKETS)
    html = parser.render(text, {"names": names or {}})
    for level in range(6, 0, -1):
        deeper = min(level + 2, 6)
        html = html.replace(f"<h{level}>", f"<h{deeper}>").replace(f"</h{level}>", f"</h{deeper}>")
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )


def literal(text: str) -> str:
    """Words of strangers, such as a title or a name, for the middle of Markdown of ours: one line that reads as it is.

    Whoever gets a letter of ours must not find somebody else's link in it.
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _link_names(state: StateCore) -> None:
    """A rule of the parser: tokens in, tokens out, so that no name is looked for in what is HTML already."""
    if not state.env["names"]:
        return
    quotes = 0
    for block in state.tokens:
        quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(block.type, 0)
        if block.type == "inline" and block.children and not quotes:
            block.children = list(_with_links(block.children, state.env["names"]))


def _with_links(tokens: list[Token], names: Mapping[str, str]) -> Iterator[Token]:
    links = 0
    for token in tokens:
        links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not links:
            yield from _split(token.content, names)
        else:
            yield token


def _split(text: str, names: Mapping[str, str]) -> Iterator[Token]:
    end = 0
    for found in NAME.finditer(text):
        address = names.get(found[1].lower())
        if address is None:
            continue
        yield Token("text", "", 0, content=text[end : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield Token("text", "", 0, content=found[0])
        yield Token("link_close", "a", -1)
        end = found.end()
    yield Token("text", "", 0, content=text[end:])
