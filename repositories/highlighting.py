"""Text of files as lines of HTML, with classes that static/css/code.css colours."""

import time
from collections.abc import Iterable, Iterator
from html import escape
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from django.utils.safestring import SafeString
from pygments.lexers import get_lexer_by_name
from pygments.token import Token

# What we colour, by the ending or the whole name. Lexers for rarer languages are many, and nobody vouches for how long
# they take over a text that was written to be slow.
LEXERS = {
    ".bash": "bash", ".bat": "batch", ".c": "c", ".cc": "cpp", ".cfg": "ini", ".cpp": "cpp", ".css": "css",
    ".cu": "cuda", ".diff": "diff", ".dockerfile": "docker", ".go": "go", ".h": "c", ".hpp": "cpp", ".htm": "html",
    ".html": "html", ".ini": "ini", ".ipynb": "json", ".java": "java", ".js": "javascript", ".json": "json",
    ".jsonl": "json", ".jsx": "javascript", ".md": "markdown", ".mjs": "javascript", ".patch": "diff",
    ".proto": "protobuf", ".py": "python", ".pyi": "python", ".r": "r", ".rs": "rust", ".sh": "bash", ".sql": "sql",
    ".svg": "xml", ".toml": "toml", ".ts": "typescript", ".tsx": "typescript", ".xml": "xml", ".yaml": "yaml",
    ".yml": "yaml", "dockerfile": "docker", "makefile": "make",
}  # fmt: skip
LONGEST = 200_000  # characters
LONGEST_LINE = 2_000
# What takes longer than this many seconds is plain from there on.
PATIENCE = 0.5

# The classes: a few kinds of words, each for all kinds of tokens below it.
CLASSES = {
    Token.Comment: "c", Token.Generic.Deleted: "gone", Token.Generic.Heading: "k", Token.Generic.Inserted: "new",
    Token.Generic.Subheading: "k", Token.Keyword: "k", Token.Literal.Number: "m", Token.Literal.String: "s",
    Token.Name.Attribute: "n", Token.Name.Class: "n", Token.Name.Decorator: "n", Token.Name.Function: "n",
    Token.Name.Tag: "n", Token.Operator.Word: "k",
}  # fmt: skip


def highlight(text: str, path: str) -> list[SafeString]:
    """The lines of `text` as safe HTML without their line ends, coloured where `path` says what language it is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.removesuffix("\n").split("\n")
    name = PurePosixPath(path.lower())
    lexer = LEXERS.get(name.suffix) or LEXERS.get(name.name)
    if lexer is None or len(text) > LONGEST or max(map(len, lines)) > LONGEST_LINE:
        return [SafeString(line) for line in escape("\n".join(lines)).split("\n")]
    coloured = "".join(_coloured(_within(PATIENCE, text, get_lexer_by_name(lexer).get_tokens_unprocessed(text))))
    return [SafeString(line) for line in islice(coloured.split("\n"), len(lines))]


def _within(seconds: float, text: str, tokens: Iterable[tuple[int, Any, str]]) -> Iterator[tuple[Any, str]]:
    """The tokens of `text`; after so many seconds what is left as one token of no kind."""
    end, give_up = 0, time.monotonic() + seconds
    for start, kind, value in tokens:
        if time.monotonic() > give_up:
            break
        yield kind, value
        end = start + len(value)
    yield Token, text[end:]


def _coloured(tokens: Iterable[tuple[Any, str]]) -> Iterator[str]:
    """HTML of the tokens; an element never spans lines, so that lines can stand alone."""
    for kind, value in tokens:
        name = _class_of(kind)
        if not name:
            yield escape(value)
            continue
        yield "\n".join(f'<span class="{name}">{escape(line)}</span>' if line else "" for line in value.split("\n"))


def _class_of(kind: Any) -> str:
    while kind is not Token:
        if kind in CLASSES:
            return CLASSES[kind]
        kind = kind.parent
    return ""
