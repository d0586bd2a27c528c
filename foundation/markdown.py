"""Markdown of strangers, made safe: no script, no style, no remote image (architecture, "User files")."""

from functools import cache

import nh3
from markdown_it import MarkdownIt

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}


# The parser looks for the end of every bracket: 200,000 open ones took it ten seconds, without links under one.
MOST_BRACKETS = 1_000


@cache
def _parser(breaks: bool, links: bool) -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": True, "breaks": breaks}).disable("image")
    return parser if links else parser.disable("link")


def render(text: str, *, breaks: bool = True) -> str:
    """Sanitised HTML for Markdown `text`. Links carry nofollow; headings start at h3, below those of the page.

    `breaks` keeps the line ends of what people type into a form; documents such as cards are wrapped by editors. A
    text with more than 1,000 brackets keeps them as they are, and only its bare addresses become links.
    """
    html = _parser(breaks, text.count("[") <= MOST_BRACKETS).render(text)
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
