"""`manage.py bias_report`: whether a classifier treats texts that name a group of people like others (H8)."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from classifiers.evaluation import terms
from classifiers.evaluation.document import Document, Table
from classifiers.evaluation.measuring import How, measure_bias, require_usable
from classifiers.evaluation.rows import Columns, File, Labelled
from classifiers.evaluation.settings import Settings
from classifiers.evaluation.subgroups import Bias
from classifiers.evaluation.subgroups_report import subgroups_report
from moderation.scoring.report_command import ReportCommand, Scored, column_and_label, meanings


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
        parser.add_argument(
            "--keep",
            action="store_true",
            help="Measure a configured classifier (NAME or NAME@VERSION) as it reads in use, and keep the figures for "
            "its page. Needs the database; a worker finishes what is interrupted.",
        )

    def handle(self, *, name: str, file: Path, **options: Any) -> None:
        if not options["keep"]:
            return super().handle(name=name, file=file, **options)
        if options["json"] or options["html"]:
            raise CommandError("What is kept is read on its page or by the API: say --keep, or --json and --html.")
        from moderation.scoring.bias import keep_from_command

        self.stdout.write(keep_from_command(name, file, partial(how_of, options=options)))
        return None

    def columns(self, labels: Sequence[str], file: File, options: Mapping[str, Any]) -> Columns:
        return how_of(labels, options=options).columns

    def refuse(self, rows: Sequence[Labelled], labels: Sequence[str], options: Mapping[str, Any]) -> None:
        require_usable(rows, how_of(labels, options=options))

    def report(
        self, scored: Scored, settings: Settings, options: Mapping[str, Any]
    ) -> tuple[Callable[[str, Table], Document], Any]:
        how = how_of(list(scored.values), options=options)
        with tqdm(unit=" terms", disable=None) as bar:
            threshold = scored.thresholds[how.label][0]
            found = measure_bias(scored.rows, scored.values[how.label], threshold, how, bar.update)
        return partial(_document, found), {"bias": asdict(found)}


def how_of(labels: Sequence[str], *, options: Mapping[str, Any]) -> How:
    """What the options say, of a classifier with these labels. Raises CommandError or BadFile."""
    column, label = column_and_label(options["label"], labels)
    # Not how they are called, but how many of them were given.
    if sum(bool(options[one]) for one in ("term_column", "identity", "terms")) > 1:
        raise CommandError("Say one of --term-column, --identity and --terms: terms come from one place.")
    meaning = meanings(options)
    return How(
        text=options["text"],
        column=column,
        label=label,
        term_column=options["term_column"] or "",
        identity=tuple(options["identity"]),
        terms=tuple(terms.read_terms(options["terms"])) if options["terms"] else (),
        true=tuple(sorted(meaning["true"])),
        false=tuple(sorted(meaning["false"])),
        sample=options["sample"],
        seed=options["seed"],
        rounds=options["rounds"],
        least=options["least"],
    )


def _document(found: Bias, title: str, facts: Table) -> Document:
    return subgroups_report(title, facts, found)
