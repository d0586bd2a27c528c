"""Pages of every room, as guests and as people of every role see them."""

import re
from html.parser import HTMLParser

import pytest


class _Reader(HTMLParser):
    """Collects what a strict Content-Security-Policy would refuse, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in values):
            self.inline.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.inline.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action") and re.match(r"\s*(javascript|data):", value or ""):
                self.inline.append(f"<{tag} {name}={value!r}>")
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])


@pytest.fixture
def read():
    """read(response) → a reader with .inline and .links of its page."""

    def read_page(response) -> _Reader:
        reader = _Reader()
        reader.feed(response.content.decode())
        return reader

    return read_page
