"""The lines of a patch, with their numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

LONGEST_LINE = 2_000  # characters
_HEADER = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True)
class Line:
    """`kind` is "+", "-" or " "; numbers count from 1; `ended` is False for a last line without a line end."""

    kind: str
    old: int | None
    new: int | None
    text: str
    ended: bool = True


@dataclass(frozen=True)
class Hunk:
    header: str
    lines: list[Line]


def read_hunks(patch: str, most_lines: int) -> Iterator[Hunk]:
    """The hunks of `patch`, the text of a patch of one file, with `most_lines` lines at the most; long ones are cut."""
    hunk: Hunk | None = None
    old = new = 0
    # Only "\n" ends a line: other characters that split lines are content.
    for text in patch.split("\n"):
        if header := _HEADER.match(text):
            if hunk is not None:
                yield hunk
            hunk, old, new = Hunk(text, []), int(header[1]), int(header[2])
        elif hunk is None or not text:
            continue
        elif text[0] == "\\":
            hunk.lines[-1] = replace(hunk.lines[-1], ended=False)
        elif not most_lines:
            break
        else:
            kind, content = text[0], text[1:]
            shown = content if len(content) <= LONGEST_LINE else f"{content[:LONGEST_LINE]}…"
            hunk.lines.append(Line(kind, old if kind != "+" else None, new if kind != "-" else None, shown))
            old, new, most_lines = old + (kind != "+"), new + (kind != "-"), most_lines - 1
    if hunk is not None:
        yield hunk
