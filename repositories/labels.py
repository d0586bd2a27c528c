"""Writing a tag into a card without touching anything else in it (A4)."""

import yaml
from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories.card import NFAA_TAG, read_card, read_matter

FENCE = "---"


def add_tag(text: str, tag: str = NFAA_TAG) -> str:
    """README.md with `tag` among its tags; every other line stays as it is.

    Raises Refused when the card has it already, or when its front matter cannot be read.
    """
    card = read_card(text)
    if tag in card.tags or (tag == NFAA_TAG and card.nfaa):
        raise Refused(_("The card has this tag already."), code="exists")
    if card.problem:
        raise Refused(_("The front matter of this card cannot be read, so no tag can be added to it."), code="broken")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    closing = next((at for at, line in enumerate(lines) if at and line.rstrip() == FENCE), 0)
    if not lines or lines[0].rstrip() != FENCE or not closing:
        return f"{FENCE}{end}tags:{end}- {tag}{end}{FENCE}{end}{end}{text}"
    matter = "".join(lines[1:closing])
    changed = _with_tag(matter, tag, end)
    if tag not in _tags(changed):
        raise Refused(_("The front matter of this card cannot be read, so no tag can be added to it."), code="broken")
    return "".join([lines[0], changed, *lines[closing:]])


def _with_tag(matter: str, tag: str, end: str) -> str:
    root = yaml.compose(matter, yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    node = next((value for key, value in pairs if key.value == "tags"), None)
    if node is None:
        return f"{matter.rstrip()}{end}tags:{end}- {tag}{end}" if matter.strip() else f"tags:{end}- {tag}{end}"
    start, stop = node.start_mark.index, node.end_mark.index
    if not isinstance(node, yaml.SequenceNode):  # one word, or nothing
        word = matter[start:stop].strip()
        return f"{matter[:start].rstrip()} [{f'{word}, ' if word else ''}{tag}]{end}{matter[stop:].lstrip()}"
    if not node.value:
        return f"{matter[:start]}[{tag}]{matter[stop:]}"
    last = node.value[-1].end_mark.index
    if node.flow_style:
        return f"{matter[:last]}, {tag}{matter[last:]}"
    indent = " " * node.start_mark.column
    line_end = matter.find("\n", last)
    head = matter if line_end < 0 else matter[: line_end + 1]
    tail = "" if line_end < 0 else matter[line_end + 1 :]
    return f"{head}{indent}- {tag}{end}{tail}"


def _tags(matter: str) -> list[object]:
    values, _problem = read_matter(matter)
    tags = values.get("tags")
    return tags if isinstance(tags, list) else []
