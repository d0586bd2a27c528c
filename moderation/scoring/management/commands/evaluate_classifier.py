"""`manage.py evaluate_classifier`: how well a classifier does on labelled texts (H8)."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from django.core.management.base import CommandError

from classifiers.evaluation.document import Document, Table
from classifiers.evaluation.evaluate import OfLabel, Truth, evaluate
from classifiers.evaluation.evaluation_report import evaluation_report
from classifiers.evaluation.measuring import both_sides
from classifiers.evaluation.rows import Columns, File, Labelled
from classifiers.evaluation.settings import Settings
from moderation.scoring.report_command import (
    ReportCommand,
    Scored,
    column_and_label,
    from_1,
    meanings,
)
from moderation.subjects.actions import language_of


class Command(ReportCommand):
    title = "How well the classifier does"
    help = (
        "Scores a file of labelled texts with a classifier and prints, for each label, language and length, how well "
        "it ranks (AUROC, average precision), whether its values are probabilities, and what its thresholds do, with "
        "intervals and counts. docs/evaluation.md says how to read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--label",
            action="append",
            default=[],
            metavar="COLUMN[=LABEL]",
            help="A column and the label of the classifier that it is the truth of; several times for several. "
            "Default: the columns named like labels.",
        )
        parser.add_argument("--language", metavar="COLUMN", help="The texts’ languages. Default: identified.")
        parser.add_argument("--bins", type=from_1, default=Settings.bins, help="Of the calibration. Default: 10.")

    def columns(self, labels: Sequence[str], file: File, options: Mapping[str, Any]) -> Columns:
        truths = _columns_of_labels(labels, file.names, options["label"])
        language = [options["language"]] if options["language"] else []
        return Columns(options["text"], list(dict.fromkeys(truths.values())), language, **meanings(options))

    def refuse(self, rows: Sequence[Labelled], labels: Sequence[str], options: Mapping[str, Any]) -> None:
        for column in _columns_of_labels(labels, list(rows[0].flags), options["label"]).values():
            said = [row.flags[column] for row in rows]
            both_sides(column, said.count(True), len(said) - said.count(None))

    def report(
        self, scored: Scored, settings: Settings, options: Mapping[str, Any]
    ) -> tuple[Callable[[str, Table], Document], Any]:
        column = options["language"]
        languages = [row.words[column] if column else language_of(row.text) for row in scored.rows]
        truths = _columns_of_labels(list(scored.values), list(scored.rows[0].flags), options["label"])
        found = [_of_label(scored, label, column, languages, settings) for label, column in truths.items()]
        return partial(_document, found), {"labels": [asdict(one) for one in found]}


def _columns_of_labels(labels: Sequence[str], names: Sequence[str], said: Sequence[str]) -> dict[str, str]:
    """The column of each label that is evaluated. Raises CommandError."""
    pairs = [column_and_label(one, labels) for one in said] or [(name, name) for name in labels if name in names]
    if not pairs:
        has = ", ".join(f"“{name}”" for name in names)
        raise CommandError(
            f"No column is named like a label ({', '.join(labels)}); the file has {has}: say --label COLUMN=LABEL."
        )
    if len({label for _column, label in pairs}) < len(pairs):
        raise CommandError("Two columns cannot be the truth of one label: say --label once for each label.")
    return {label: column for column, label in pairs}


def _of_label(scored: Scored, label: str, column: str, languages: Sequence[str], settings: Settings) -> OfLabel:
    said = [row.flags[column] for row in scored.rows]
    truth = Truth(label, column, np.array([one is not None for one in said]), np.array([one is True for one in said]))
    lengths = [len(row.text) for row in scored.rows]
    return evaluate(truth, scored.values[label], scored.thresholds[label], languages, lengths, settings)


def _document(found: Sequence[OfLabel], title: str, facts: Table) -> Document:
    return evaluation_report(title, facts, found)
