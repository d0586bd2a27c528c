"""`manage.py train_encoder`: fine-tunes the packaged encoder and fits the head of the default text classifier."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from classifiers.management.commands.train_head import describe


class Command(BaseCommand):
    help = (
        "Fine-tunes the encoder of the default text classifier with a head of nine labels, on a folder with "
        "davidson.csv, toxigen.csv, sms-spam.tsv (and terms-en.txt) and on the templates of classifiers/training/"
        "sentences, and prints its figures on held-out rows. Takes about half an hour on two processors. "
        "See classifiers/heads/adapted/MODEL_CARD.md for where the data is."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="Folder with the data sets.")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="Where to write.")
        parser.add_argument(
            "--seeds",
            type=int,
            nargs="+",
            default=[0, 1, 2, 3],
            help="Trained once with each, then averaged. Default: 0 to 3.",
        )
        parser.add_argument("--steps", type=int, help="Of 32 texts each. Default: what the shipped one was made with.")

    def handle(self, *, data: Path, out: Path, seeds: list[int], steps: int | None, **options: Any) -> None:
        from classifiers.head import BrokenHead
        from classifiers.training.adapt import Plan
        from classifiers.training.encoder_run import adapt_encoder
        from classifiers.training.sources import BadData
        from classifiers.weights import WrongWeights

        plan = Plan()
        if steps is not None:
            if steps < 1:
                raise CommandError("--steps is a whole number from 1.")
            plan = replace(plan, steps=steps)
        try:
            training = adapt_encoder(data, out, plan, seeds, self.stdout.write)
        except (BadData, BrokenHead, WrongWeights, OSError) as error:
            raise CommandError(str(error)) from error
        for label, figures in training["held_out_figures"].items():
            self.stdout.write(f"{label}: {describe(figures)}")
        self.stdout.write(f"Written to {out}.")
