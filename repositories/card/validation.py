"""Checking front matter, line by line (A5)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from repositories.card.checks import CHECKS
from repositories.card.front import Front, split
from repositories.card.matter import compose, construct
from repositories.card.nodes import Place, everywhere
from repositories.card.problems import ERROR, WARNING, CardProblem
from repositories.card.yaml_problems import unreadable

MOST_PROBLEMS = 50


def validate_card(text: str) -> list[CardProblem]:
    """What is wrong with the front matter of README.md: errors first, then by line, at most 50. Never raises."""
    found = _problems(split(text))
    return sorted(found, key=lambda one: (one.level != ERROR, one.line))[:MOST_PROBLEMS]


def _problems(front: Front) -> Iterator[CardProblem]:
    if front.opened and not front.closed:
        text = _("The front matter that opens here is never closed: add a line “---” below it.")
        yield CardProblem(max(front.line - 1, 1), "", ERROR, text)
        return
    try:
        node = compose(front.matter)
    except Exception as error:  # noqa: BLE001 - a stranger's YAML makes the reader raise whatever comes
        yield unreadable(error, front)
        return
    root = Place("", node, front) if node else None
    if root and root.kind not in ("map", "null"):
        text = _("Write “key: value” on each line of the front matter.")
        yield root.problem(ERROR, text)
        return
    yield from _of_root(root, front)


def _of_root(root: Place | None, front: Front) -> Iterator[CardProblem]:
    found = list(everywhere(root)) if root else []
    yield from found
    values = {key.text: value for key, value in root.pairs()} if root else {}
    for name, check in CHECKS.items():
        if name in values:
            yield from check(values[name])
    yield from _license(values, front)
    if root and not found:
        try:
            construct(root.node)
        except Exception as error:  # noqa: BLE001 - see construct
            yield unreadable(error, front)


def _license(values: dict[str, Place], front: Front) -> Iterator[CardProblem]:
    place = values.get("license")
    if place is None or place.kind == "null":
        text = _("No license is stated, so nobody knows what they may do: add a line such as “license: apache-2.0”.")
        line = front.line_of(place.node.start_mark.index) if place else max(front.line - 1, 1)
        yield CardProblem(line, "license", WARNING, text)
    elif (place.entries() or [place])[0].text.lower() == "other" and not {
        "license_name",
        "license_link",
    } & values.keys():
        yield place.problem(WARNING, _("Say which license it is: add license_name and license_link."))
