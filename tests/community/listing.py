"""What tests of the list of discussions read from its page."""

import re
from html import unescape
from typing import Any

from tests.repositories.reading import text_of

LIST = "/nok/tiny-model/discussions"


def titles(response: Any) -> list[str]:
    """Titles of the discussions that a page lists, in order, without marks."""
    found = re.findall(r'<a class="name"[^>]*>(.*?)</a>', text_of(response), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]


def excerpts(response: Any) -> list[str]:
    """What the page shows of the comments that were found, as HTML."""
    found = re.findall(r'<a class="excerpt"[^>]*>(.*?)</a>', text_of(response), re.DOTALL)
    return [one.strip() for one in found]
