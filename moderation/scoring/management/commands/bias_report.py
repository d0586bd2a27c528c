"""`manage.py bias_report`: whether a classifier treats texts that name a group of people like others (H8)."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError
from tqdm import tqdm

from classifiers.evaluation import terms
from classifiers.evaluation.document import Document, Table
from classifiers.evaluation.rows import Columns, File, Labelled
from classifiers.evaluation.settings import Settings
from classifiers.evaluation.subgroups import Bias, bias
from classifiers.evaluation.subgroups_report import subgroups_report
from moderation.scoring.report_command import ReportCommand, Scored, both_sides, column_and_label, meanings


class Command(ReportCommand):
    title = "How the classifier treats groups of people"
    help = (
        "Scores a file of labelled texts that name groups of people, and prints for each term how well the classifier "
        "ranks the texts that name it, and how much more often it is wrong about them than about others, with "
        "intervals and counts. docs/evaluation.md says how to read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--label",
            default="label=toxicity",
            metavar="COLUMN[=LABEL]",
            help="The column with the truth, and the label that it is the truth of. Default: label=toxicity.",
        )
        parser.add_argument("--term-column", metavar="COLUMN", help="The terms of each text, with ; between two.")
        parser.add_argument(
            "--identity",
            action="append",
            default=[],
            metavar="COLUMN",
            help="A column that says 1 where the text names the group of the column’s name; several times for several.",
        )
        parser.add_argument(
            "--terms",
            type=Path,
            metavar="PATH",
            help="A list of terms, one a line, to be found in the texts. Default without any column: our own list.",
        )

    def columns(self, labels: Sequence[str], file: File, options: Mapping[str, Any]) -> Columns:
        column, _label = column_and_label(options["label"], labels)
        if column in options["identity"]:
            raise CommandError(f"“{column}” cannot be the truth and a group at once: name another --identity.")
        if sum(bool(options[one]) for one in ("term_column", "identity", "terms")) > 1:
            raise CommandError("Say one of --term-column, --identity and --terms: terms come from one place.")
        if not options["term_column"]:
            _finder(options)  # refuses a bad list before the long part
        words = [options["term_column"]] if options["term_column"] else []
        return Columns(options["text"], [column, *options["identity"]], words, **meanings(options))

    def refuse(self, rows: Sequence[Labelled], labels: Sequence[str], options: Mapping[str, Any]) -> None:
        column, _label = column_and_label(options["label"], labels)
        said = [row.flags[column] for row in rows]
        both_sides(column, said.count(True), len(said) - said.count(None))
        if not any(_named([row for row in rows if row.flags[column] is not None], options)):
            raise CommandError("No row names a term: give them with --term-column, --identity or --terms.")

    def report(
        self, scored: Scored, settings: Settings, options: Mapping[str, Any]
    ) -> tuple[Callable[[str, Table], Document], Any]:
        column, label = column_and_label(options["label"], list(scored.values))
        kept = [place for place, row in enumerate(scored.rows) if row.flags[column] is not None]
        rows = [scored.rows[place] for place in kept]
        positive = np.array([row.flags[column] is True for row in rows], dtype=bool)
        values, threshold = scored.values[label][kept], scored.thresholds[label][0]
        with tqdm(unit=" terms", disable=None) as bar:
            found = bias(label, threshold, positive, values, _named(rows, options), settings, bar.update)
        return partial(_document, found), {"bias": asdict(found)}


def _named(rows: Sequence[Labelled], options: Mapping[str, Any]) -> list[frozenset[str]]:
    """Which terms each row names."""
    if column := options["term_column"]:
        return [terms.split(row.words[column]) for row in rows]
    if columns := options["identity"]:
        return [frozenset(column for column in columns if row.flags[column]) for row in rows]
    find = _finder(options)
    return [find(row.text) for row in rows]


def _finder(options: Mapping[str, Any]) -> Callable[[str], frozenset[str]]:
    return terms.finder(terms.read_terms(options["terms"] or terms.DEFAULT_TERMS))


def _document(found: Bias, title: str, facts: Table) -> Document:
    return subgroups_report(title, facts, found)
