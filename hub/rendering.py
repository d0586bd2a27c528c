"""Markdown of comments as HTML, kept in memory: the protocol sends a discussion whole, with the HTML of each comment.

Clients read that HTML only when somebody asks for it, but rendering is nearly all that such an answer costs.
"""

from collections import OrderedDict
from hashlib import sha256
from threading import Lock

from foundation.markdown import render

# Bytes of HTML that one process keeps; what was asked for last stays.
MOST_KEPT = 32 * 1024 * 1024


class Rendered:
    """HTML by the digest of its Markdown: an edit or a hiding needs nothing to be thrown out, it asks for another."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = Lock()

    def __call__(self, text: str) -> str:
        """Sanitised HTML for Markdown `text`."""
        key = sha256(text.encode()).digest()
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept.decode()
        html = render(text)
        self._keep(key, html.encode())
        return html

    def _keep(self, key: bytes, html: bytes) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = html
            self._size += len(html)
            while self._size > self._most:
                _key, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)


rendered = Rendered()
