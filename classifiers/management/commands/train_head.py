"""`manage.py train_head`: fits the head of the default text classifier."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Fits the head (toxicity, hate, spam) of the default text classifier on a folder with davidson.csv, "
        "toxigen.csv and sms-spam.tsv, and prints its figures on held-out rows. The same folder and seed give "
        "the same bytes. Takes some minutes. See classifiers/heads/default/MODEL_CARD.md for where the data is."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        from classifiers.head import DEFAULT_HEAD

        parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="Folder with the three data sets.")
        parser.add_argument("--seed", type=int, default=0, help="Which rows are held out. Default: 0.")
        parser.add_argument(
            "--out", type=Path, default=DEFAULT_HEAD, metavar="DIR", help="Where to write. Default: the shipped head."
        )

    def handle(self, *, data: Path, seed: int, out: Path, **options: Any) -> None:
        from classifiers.training.run import train
        from classifiers.training.sources import BadData
        from classifiers.weights import WrongWeights

        try:
            training = train(data, out, seed)
        except (BadData, WrongWeights, OSError) as error:
            raise CommandError(str(error)) from error
        for label, figures in training["held_out_figures"].items():
            self.stdout.write(f"{label}: {describe(figures)}")
        self.stdout.write(f"Written to {out}.")


def describe(figures: dict[str, Any]) -> str:
    """A line of held-out figures."""
    flagged, confident = figures["threshold"], figures["confident"]
    return (
        f"AUROC {figures['auroc']:.4f}, average precision {figures['average_precision']:.4f}, "
        f"threshold: precision {flagged['precision']:.2f}, recall {flagged['recall']:.2f}, "
        f"confident: precision {confident['precision']:.2f}, recall {confident['recall']:.2f}"
    )
