"""What `evaluate_classifier` and `bias_report` share: their arguments, reading, scoring, writing."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from classifiers.evaluation.as_html import as_html
from classifiers.evaluation.as_text import as_text
from classifiers.evaluation.document import Document, Table
from classifiers.evaluation.facts import facts
from classifiers.evaluation.metrics import Floats
from classifiers.evaluation.names import UnknownClassifier, classifier_named
from classifiers.evaluation.rows import FALSE, TRUE, BadFile, Columns, File, Labelled, load, read
from classifiers.evaluation.scoring import thresholds_of, values_of
from classifiers.evaluation.settings import Settings, Source
from classifiers.head import BrokenHead
from classifiers.text import TextClassifier
from classifiers.weights import WrongWeights


@dataclass(frozen=True)
class Scored:
    """The rows of the file with the classifier's value for each label, and its two thresholds of each."""

    rows: Sequence[Labelled]
    values: Mapping[str, Floats]
    thresholds: Mapping[str, tuple[float, float]]


class ReportCommand(BaseCommand):
    """Scores a file of labelled texts and writes what comes of it as text, JSON and a page."""

    requires_system_checks = ()
    title: str

    def columns(self, labels: Sequence[str], file: File, options: Mapping[str, Any]) -> Columns:
        """Which columns are read, of a classifier with these labels. Raises CommandError or BadFile."""
        raise NotImplementedError

    def refuse(self, rows: Sequence[Labelled], labels: Sequence[str], options: Mapping[str, Any]) -> None:
        """Raises CommandError or BadFile for rows that nothing can be said about, before they are scored."""
        raise NotImplementedError

    def report(
        self, scored: Scored, settings: Settings, options: Mapping[str, Any]
    ) -> tuple[Callable[[str, Table], Document], Any]:
        """A function that makes the document, and the figures for JSON."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="The classifier: text.")
        parser.add_argument("file", type=Path, help="CSV with a header, or JSON lines (.jsonl, .ndjson, .json); UTF-8.")
        parser.add_argument("--text", default="text", metavar="COLUMN", help="The texts. Default: text.")
        parser.add_argument("--true", action="append", default=[], metavar="VALUE", help="What means yes. Default: 1.")
        parser.add_argument("--false", action="append", default=[], metavar="VALUE", help="What means no. Default: 0.")
        parser.add_argument("--sample", type=from_1, metavar="ROWS", help="Score so many rows, picked by the seed.")
        parser.add_argument("--seed", type=from_0, default=0, help="Of the sample and the intervals. Default: 0.")
        parser.add_argument("--rounds", type=from_1, default=1_000, help="Of the bootstrap. Default: 1000.")
        parser.add_argument("--least", type=from_1, default=20, help="With fewer rows there is no figure. Default: 20.")
        parser.add_argument("--json", type=Path, metavar="PATH", help="Write all figures there.")
        parser.add_argument("--html", type=Path, metavar="PATH", help="Write a page with tables and plots there.")

    def handle(self, *, name: str, file: Path, **options: Any) -> None:
        outputs = [path for path in (options["json"], options["html"]) if path]
        _writable(outputs, file)
        settings = Settings(options["rounds"], options["seed"], options.get("bins", Settings.bins), options["least"])
        try:
            classifier = classifier_named(name)
            contents = load(file)
            columns = self.columns(classifier.labels, contents, options)
            used = read(contents, columns, sample=options["sample"], seed=settings.seed)
            self.refuse(used.rows, classifier.labels, options)
        except (UnknownClassifier, BadFile, WrongWeights, BrokenHead) as error:
            raise CommandError(str(error)) from None
        make, figures = self.report(_score(classifier, used.rows), settings, options)
        source = Source(file.name, contents.sha256, used.in_file, used.without_text, len(used.rows))
        made_on = timezone.now().date().isoformat()
        document = make(self.title, facts(classifier.provenance, source, settings, made_on))
        self.stdout.write(as_text(document), ending="")
        data = {
            "title": self.title,
            "made_on": made_on,
            "classifier": asdict(classifier.provenance),
            "source": asdict(source),
            "settings": asdict(settings),
            **figures,
        }
        _write(options["json"], json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
        _write(options["html"], as_html(document))
        for path in outputs:
            self.stdout.write(f"Written to {path}.")


def meanings(options: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """What --true and --false say, each in the place of its defaults. Raises CommandError for a value in both."""
    true = frozenset(value.strip().casefold() for value in options["true"]) or TRUE
    false = frozenset(value.strip().casefold() for value in options["false"]) or FALSE
    if both := true & false:
        raise CommandError(f"“{min(both)}” cannot mean both yes and no: name it in --true or in --false only.")
    return {"true": true, "false": false}


def column_and_label(said: str, labels: Sequence[str]) -> tuple[str, str]:
    """COLUMN=LABEL, or one name for both. Raises CommandError for a label that the classifier does not have."""
    column, _equals, label = said.rpartition("=")
    if label not in labels:
        has = ", ".join(labels)
        raise CommandError(f"The classifier has no label “{label}”, only {has}: say --label COLUMN=LABEL.")
    return column or label, label


def from_0(said: str) -> int:
    """A whole number from 0, for argparse."""
    if not (said.isascii() and said.isdecimal()):
        raise ArgumentTypeError(f"“{said}” is no whole number from 0.")
    return int(said)


def from_1(said: str) -> int:
    """A whole number from 1, for argparse."""
    if not (number := from_0(said)):
        raise ArgumentTypeError("There must be at least 1.")
    return number


def _score(classifier: TextClassifier, rows: Sequence[Labelled]) -> Scored:
    with tqdm(total=len(rows), unit=" texts", disable=None) as bar:
        values = values_of(classifier, [row.text for row in rows], bar.update)
    if not np.isfinite(values).all():
        raise CommandError("The classifier gives values that are no numbers: its weights are broken, install it again.")
    of_label = {label: values[:, place] for place, label in enumerate(classifier.labels)}
    return Scored(rows, of_label, thresholds_of(classifier))


def _writable(outputs: Sequence[Path], file: Path) -> None:
    """Raises CommandError before the long part, not behind it."""
    if len({path.resolve() for path in (*outputs, file)}) <= len(outputs):
        raise CommandError("The file, --json and --html must be different files.")
    for path in outputs:
        if path.is_dir() or not path.parent.is_dir():
            raise CommandError(f"{path} cannot be written: name a file in a folder that is there.")


def _write(path: Path | None, content: str) -> None:
    if path:
        try:
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written ({error.strerror}): name another file.") from None
