"""Sentences of our own, written out of templates with slots: what no public data set here knows.

A file of templates (`*.txt`) has blocks: a line `[label, ?label]` (or `[]`: of no label), then a template per line. A
label with a question mark is one that people would disagree about: it is left unknown. On the templates in `held_out`
nothing is fitted: thresholds are chosen on them, among other rows.
`{name}` takes a line of `slots.txt`, `(a|b|c)` takes one of those inside. Every template becomes at most PER_TEMPLATE
sentences, the same ones each time. `#` begins a comment.
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers.training.masked import Row

HERE = Path(__file__).parent
HELD_OUT = HERE / "held_out"
# A source of its own, because one of these is worth more than one of the short ones.
COMMENTS = "comments"
PER_TEMPLATE = 24
TRIES = 3

_SLOT = re.compile(r"\{([a-z_]+)\}")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")


def write_sentences(terms: Sequence[str] = (), folder: Path = HERE) -> "Iterator[Row]":
    """Every sentence of every template in `folder`, with the truth of its labels; `terms` are offensive words for
    `{term}`.
    """
    from classifiers.training.masked import LABELS, Row

    slots = _slots()
    slots["term"] = [one.strip() for one in terms if one.strip()] or slots["insult_noun"]
    for path in sorted(folder.glob("*.txt")):
        if path.name == "slots.txt":
            continue
        source = f"ours-{COMMENTS}" if path.stem == COMMENTS else "ours"
        for number, (labels, template) in enumerate(_templates(path)):
            truth = {label: float(label in labels) for label in LABELS if f"?{label}" not in labels}
            for text in _written(template, slots, seed=f"{path.stem} {number}"):
                yield Row(text, source, f"{path.stem} {number}", truth)


def _slots() -> dict[str, list[str]]:
    found = {}
    for line in _lines(HERE / "slots.txt"):
        name, _, values = line.partition(":")
        found[name.strip()] = [value.strip() for value in values.split(";") if value.strip()]
    return found


def _templates(path: Path) -> Iterator[tuple[frozenset[str], str]]:
    labels: frozenset[str] = frozenset()
    for line in _lines(path):
        if line.startswith("[") and line.endswith("]"):
            labels = frozenset(one.strip() for one in line[1:-1].split(",") if one.strip())
        else:
            yield labels, line


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _written(template: str, slots: dict[str, list[str]], *, seed: str) -> list[str]:
    """Up to PER_TEMPLATE different sentences; fewer where there are no more."""
    pick = random.Random(seed)  # noqa: S311 - the same sentences each time
    found: dict[str, None] = {}
    for _ in range(PER_TEMPLATE * TRIES):
        text = template
        while choice := _CHOICE.search(text):
            text = text[: choice.start()] + pick.choice(choice[1].split("|")) + text[choice.end() :]
        text = _SLOT.sub(lambda slot: pick.choice(slots[slot[1]]), text)
        while slot := _SLOT.search(text):  # a slot may stand in a slot
            text = text[: slot.start()] + pick.choice(slots[slot[1]]) + text[slot.end() :]
        found.setdefault(" ".join(text.split()))
        if len(found) == PER_TEMPLATE:
            break
    return list(found)
