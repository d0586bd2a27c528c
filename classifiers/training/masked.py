"""What the adapted encoder learns from: texts of which each source knows only some labels.

A label that a source does not know is absent from `truth` and is masked in the loss. What it does know is a share from
0 to 1: how many of those who were asked said so.
"""

import csv
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifiers.training.sources import HUB_EXAMPLES, READERS, BadData, clean

LABELS = ("toxicity", "hate", "harassment", "threat", "sexual", "violence", "self-harm", "spam", "scam")
# A dataset without a label says little about it where its texts are ordinary: weak evidence, not none.
ORDINARY = 0.02


@dataclass(frozen=True)
class Row:
    """A text; `group` is what must not be parted between fitting and holding out (a template's sentences)."""

    text: str
    source: str
    group: str
    truth: dict[str, float]


def read_masked(folder: Path) -> list[Row]:
    """The rows of the public data sets in `folder` and our own lines, the first of equal texts kept.

    Raises BadData naming the file, and the line, that cannot be used.
    """
    if missing := [name for name in READERS if not (folder / name).is_file()]:
        raise BadData(f"{folder} has no {', '.join(missing)}.")
    from classifiers.training.sentences import write_sentences

    found: dict[str, Row] = {}
    for rows in (
        hub(HUB_EXAMPLES),
        write_sentences(_terms(folder)),
        toxigen(folder / "toxigen.csv"),
        sms(folder / "sms-spam.tsv"),
        davidson(folder / "davidson.csv"),
    ):
        for row in rows:
            text = clean(row.text)
            if text:
                found.setdefault(text.casefold(), Row(text, row.source, row.group or text, row.truth))
    return list(found.values())


def davidson(path: Path) -> Iterator[Row]:
    """Tweets with the votes of three people or more (hate, offensive, neither), or with the class alone."""
    for number, row in _csv(path, {"class", "tweet"}):
        hateful, offensive = _votes(row, path, number)
        truth = {"toxicity": hateful + offensive, "hate": hateful} | _ordinary("self-harm", "spam", "scam")
        if hateful + offensive == 0:
            truth |= _ordinary("harassment", "threat", "sexual", "violence")
        # A source of its own, because a quarter as many of them are worth as much.
        yield Row(row["tweet"], "davidson" if hateful + offensive > 0.5 else "davidson-neither", "", truth)


def _votes(row: dict[str, str], path: Path, number: int) -> tuple[float, float]:
    """The shares that said hate, and offensive. Raises BadData."""
    try:
        if row.get("count"):
            count = int(row["count"])
            return int(row["hate_speech"]) / count, int(row["offensive_language"]) / count
        return {"0": (1.0, 0.0), "1": (0.0, 1.0), "2": (0.0, 0.0)}[row["class"]]
    except (ValueError, KeyError, ZeroDivisionError):
        raise BadData(f"{path}, line {number}: neither votes nor a class of 0, 1, 2.") from None


def toxigen(path: Path) -> Iterator[Row]:
    """Sentences about groups: hate (often without one unkind word) or neutral."""
    for number, row in _csv(path, {"label", "text"}):
        if row["label"] not in ("hate", "neutral"):
            raise BadData(f"{path}, line {number}: {row['label']!r} is none of hate, neutral.")
        bad = row["label"] == "hate"
        truth = {"toxicity": float(bad), "hate": float(bad)} | _ordinary("self-harm", "spam", "scam")
        if not bad:
            truth |= _ordinary("harassment", "threat", "sexual", "violence")
        yield Row(row["text"], "toxigen", "", truth)


def sms(path: Path) -> Iterator[Row]:
    """Text messages: spam or ham, a tab, the message."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            label, _, text = line.rstrip("\n").partition("\t")
            if label not in ("ham", "spam"):
                raise BadData(f"{path}, line {number}: {label!r} is none of ham, spam.")
            truth = {"spam": float(label == "spam")}
            truth |= _ordinary("toxicity", "hate", "harassment", "threat", "violence", "self-harm")
            # What is sold in spam is often sex, or a prize that does not exist: nobody has labelled which.
            truth |= _ordinary("sexual", "scam") if label == "ham" else {}
            yield Row(text, "sms", "", truth)


def hub(path: Path) -> Iterator[Row]:
    """Our own lines as one meets them on a hub, labelled with toxicity, hate and spam."""
    with path.open(encoding="utf-8") as file:
        for said in map(json.loads, file):
            labels = set(said["labels"])
            truth = {label: float(label in labels) for label in ("toxicity", "hate", "spam")}
            if not labels:
                truth |= dict.fromkeys(LABELS, 0.0)
            yield Row(said["text"], "hub", "", truth)


def _terms(folder: Path) -> list[str]:
    """Offensive terms in English, which slots of our templates take; [] where the folder has none."""
    path = folder / "terms-en.txt"
    return path.read_text(encoding="utf-8").split("\n") if path.is_file() else []


def _ordinary(*labels: str) -> dict[str, float]:
    return dict.fromkeys(labels, ORDINARY)


def _csv(path: Path, columns: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not columns <= set(reader.fieldnames or ()):
            raise BadData(f"{path} must have the columns {', '.join(sorted(columns))}.")
        for row in reader:
            yield reader.line_num, {key: html.unescape(value or "") for key, value in row.items() if key}
