"""Reading pages as a person does: what is listed, what comes next, what stands in a part of the page."""

import re
from typing import Any


def text_of(response: Any) -> str:
    return str(response.content.decode())


def names(response: Any) -> list[str]:
    """Names of the repositories a page lists, in order."""
    return re.findall(r'class="owner">[^<]*</span>([\w.-]+)', text_of(response))


def following(response: Any) -> str:
    """Query string of the next page, "" on the last one."""
    found = re.search(r'href="(\?[^"]*after=[^"]*)"', text_of(response))
    return found[1].replace("&amp;", "&") if found else ""


def part(response: Any, tag: str) -> str:
    """The first element with this tag. Raises AssertionError where there is none."""
    found = re.search(rf"<{tag}\b.*?</{tag}>", text_of(response), re.DOTALL)
    assert found, f"no <{tag}>"
    return found[0]


def runs_something(html: str) -> bool:
    """Whether a browser would run, load or frame something that a stranger wrote."""
    return bool(re.search(r"<(script|img|iframe|object|style)|<[^>]+ (href=\"(javascript|data):|on\w+=)", html))
