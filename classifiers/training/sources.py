"""Labelled examples read from the public data sets and from our own hub-like lines."""

import csv
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TOXICITY, HATE, SPAM = LABELS = ("toxicity", "hate", "spam")
HUB_EXAMPLES = Path(__file__).parent / "hub_examples.jsonl"

# What tells the source and not the label: retweet marks, user names, links.
_TRACES = re.compile(r"\bRT\b|@\w+:?|https?://\S+")


class BadData(Exception):  # noqa: N818 - reads as what happened
    """A file is missing or a row is not in the format described."""


@dataclass(frozen=True)
class Example:
    """A text, the data set it comes from, and the labels that are true of it."""

    text: str
    source: str
    labels: frozenset[str]


def davidson(path: Path) -> Iterator[Example]:
    """Tweets: `class` 0 hate, 1 offensive, 2 neither."""
    meaning = {"0": frozenset({TOXICITY, HATE}), "1": frozenset({TOXICITY}), "2": frozenset[str]()}
    for number, row in _rows(path, {"class", "tweet"}):
        yield Example(row["tweet"], "davidson", _meaning(meaning, row["class"], path, number))


def toxigen(path: Path) -> Iterator[Example]:
    """Sentences about groups: `label` hate or neutral."""
    meaning = {"hate": frozenset({TOXICITY, HATE}), "neutral": frozenset[str]()}
    for number, row in _rows(path, {"label", "text"}):
        yield Example(row["text"], "toxigen", _meaning(meaning, row["label"], path, number))


def sms(path: Path) -> Iterator[Example]:
    """Text messages: `ham` or `spam`, a tab, the message."""
    meaning = {"spam": frozenset({SPAM}), "ham": frozenset[str]()}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            label, _, text = line.rstrip("\n").partition("\t")
            yield Example(text, "sms", _meaning(meaning, label, path, number))


def hub(path: Path = HUB_EXAMPLES) -> Iterator[Example]:
    """Our own lines as one meets them on a hub."""
    with path.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield Example(row["text"], "hub", frozenset(row["labels"]))


READERS: dict[str, Callable[[Path], Iterator[Example]]] = {
    "davidson.csv": davidson,
    "toxigen.csv": toxigen,
    "sms-spam.tsv": sms,
}


def read(folder: Path) -> list[Example]:
    """All examples of the folder and ours, cleaned, the first of equal texts kept, in the files' order.

    Raises BadData naming the file, and the row, that cannot be used.
    """
    missing = [name for name in READERS if not (folder / name).is_file()]
    if missing:
        raise BadData(f"{folder} has no {', '.join(missing)}.")
    found: dict[str, Example] = {}
    for name, reader in READERS.items():
        for example in reader(folder / name):
            _keep(found, example)
    for example in hub():
        _keep(found, example)
    return list(found.values())


def clean(text: str) -> str:
    """The text without the traces of the place it was collected from."""
    return " ".join(_TRACES.sub(" ", html.unescape(text)).split()).strip('"“” !.:')


def _keep(found: dict[str, Example], example: Example) -> None:
    text = clean(example.text)
    if text:
        found.setdefault(text.casefold(), Example(text, example.source, example.labels))


def _rows(path: Path, columns: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not columns <= set(reader.fieldnames or ()):
            raise BadData(f"{path} must have the columns {', '.join(sorted(columns))}.")
        for row in reader:
            yield reader.line_num, row


def _meaning(meaning: dict[str, frozenset[str]], value: str, path: Path, number: int) -> frozenset[str]:
    if value not in meaning:
        raise BadData(f"{path}, line {number}: {value!r} is none of {', '.join(meaning)}.")
    return meaning[value]
