"""Nothing that people read is missing in the Thai catalogue: asked of the sources, without the tools of gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from tests.house.test_languages import ENTRIES

HOME = Path(settings.BASE_DIR)
ROOMS = ("accounts", "classifiers", "community", "config", "foundation", "hub", "moderation", "repositories")
CALL = re.compile(r"""\b(?:_|n?p?gettext)\((?:\s|,|\w|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)""")
# Which argument of a call is the id.
FIRST = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
SECOND = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
KNOWN = {entry["msgid"] for entry in ENTRIES}


def ids(source: str) -> Iterator[str]:
    """What `source`, Python, asks the catalogue for by name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = 0 if node.func.id in FIRST else 1 if node.func.id in SECOND else None
            if place is not None and len(node.args) > place:
                asked = node.args[place]
                if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
                    yield asked.value


@pytest.mark.parametrize("room", ROOMS)
def test_what_the_code_says(room: str) -> None:
    files = (HOME / room).rglob("*.py")
    missing = {text for file in files for text in ids(file.read_text()) if text not in KNOWN}
    assert missing == set(), "Run makemessages -l th, translate, and compilemessages -l th."


def test_what_the_templates_say() -> None:
    missing = set()
    for file in (HOME / "templates").rglob("*"):
        if file.suffix in {".html", ".txt"}:
            for call in CALL.findall(templatize(file.read_text(), origin=str(file))):
                missing |= {text for text in ids(call.strip()) if text not in KNOWN}
    assert missing == set(), "Run makemessages -l th, translate, and compilemessages -l th."
