"""The sections of a Markdown text: headings and the lines below them, without code and comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# A line of its own in bold, or bold words before a colon, are read as headings below all others.
LABEL = 7
# What stands below further headings is read as if it stood below the last.
MOST_SECTIONS = 2_000
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_HTML_HEADING = re.compile(r"\s*<h([1-6])\b[^<>]{0,200}>([^<>]{1,200})</h[1-6]>", re.IGNORECASE)
_LABEL = re.compile(r"\s*(?:[-*+]\s+)?(\*\*|__)([^*_\n]{1,80}?)(:?)\1(:?)(.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


@dataclass(frozen=True)
class Section:
    """A heading with the lines up to the next one, of whatever level."""

    level: int
    title: str
    lines: list[str] = field(default_factory=list)


def sections(body: str) -> list[Section]:
    """The sections of `body` in their order; the first has no title and holds what stands above all headings."""
    found = [Section(0, "")]
    for line in _prose_lines(body):
        above = found[-1].lines
        if len(found) == MOST_SECTIONS:
            above.append(line)
        elif heading := _heading(line):
            found.append(heading)
        elif above and above[-1].strip() and (underline := _UNDERLINE.fullmatch(line)):
            found.append(Section(1 if underline[1][0] == "=" else 2, above.pop().strip()))
        else:
            above.append(line)
    return found


def _prose_lines(body: str) -> Iterator[str]:
    fence = ""
    for line in _without_comments(body).split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            yield line


def _without_comments(body: str) -> str:
    """Not by an expression: from each of many unclosed comments it would look for the end anew."""
    kept, start = [], 0
    while (begin := body.find("<!--", start)) >= 0 and (end := body.find("-->", begin)) >= 0:
        kept.append(body[start:begin])
        start = end + 3
    return "".join([*kept, body[start:]])


def _heading(line: str) -> Section | None:
    if found := _HEADING.match(line):
        return Section(len(found[1]), found[2].strip().rstrip("#").strip())
    if found := _HTML_HEADING.match(line):
        return Section(int(found[1]), found[2].strip())
    if (found := _LABEL.match(line)) and (found[3] or found[4] or not found[5].strip()):
        return Section(LABEL, found[2].strip(), [found[5]])
    return None
