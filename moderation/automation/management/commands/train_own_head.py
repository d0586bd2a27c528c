"""`manage.py train_own_head`: fits the head of the default text classifier on the team's own decisions (H9)."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from classifiers.evaluation.document import shown
from classifiers.evaluation.settings import Settings
from moderation.automation.quality.own import own_labels
from moderation.scoring.bias import find_version


class Command(BaseCommand):
    help = (
        "Fits the head of the default text classifier on what people decided, holds three in ten of what was decided "
        "about back, and compares both heads there. Labels whose interval of the difference lies above 0 are taken "
        "over, all others stay as they are; where there is none, nothing is written and the exit status is 1. The "
        "folder is then the model of a new version of the classifier, which begins on trial."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="Where to write; no head yet.")
        parser.add_argument(
            "--data", type=Path, metavar="DIR", help="Also fit on the public data sets, as `train_head --data` does."
        )
        parser.add_argument(
            "--classifier", default="text", metavar="NAME", help="Whose head to improve, in use. Default: text."
        )
        parser.add_argument("--seed", type=int, default=0, help="Which part is held out. Default: 0.")

    def handle(self, *, out: Path, data: Path | None, classifier: str, seed: int, **options: Any) -> None:
        from classifiers.encoder import load_encoder
        from classifiers.head import TENSORS, BrokenHead, read_head, trained_on, write_head
        from classifiers.shipped import FIRST, folder_of
        from classifiers.training.own import Shipped, retrain
        from classifiers.training.run import embed
        from classifiers.training.sources import BadData, read
        from classifiers.weights import WrongWeights

        if (out / TENSORS).exists():
            raise CommandError(f"{out} holds a head already, which may be in use: name another folder.")
        row = find_version(classifier)
        if row is not None and row.engine != "encoder-head":
            raise CommandError(f"{row} has no head: only classifiers of the engine encoder-head have one.")
        if row is None:
            raise CommandError(f"There is no classifier “{classifier}” in use.")
        try:
            folder = Path(row.model) if row.model else folder_of(row.options.get("head", FIRST))
            sha256 = trained_on(folder)
            current = read_head(folder, sha256)
            own = own_labels(row)
            if not own:
                raise CommandError("Nobody has decided about anything yet that it scored: nothing was written.")
            examples = read(data) if data else []
            encoder = load_encoder("cpu", "fp32", sha256=sha256)
            vectors = embed(encoder, [one.text for one in own])
            shipped = Shipped(examples, embed(encoder, [one.text for one in examples])) if examples else None
        except (BadData, BrokenHead, WrongWeights, OSError) as error:
            raise CommandError(str(error)) from error
        found = retrain(own, vectors, current, Settings(seed=seed), shipped)
        for one in found.compared:
            self.stdout.write(f"{one.label}: {one.why}" if one.why else _said(one))
        if found.head is None:
            raise CommandError("No label is better on the labels held out: nothing was written, the head stays.")
        texts = hashlib.sha256("\0".join(sorted(one.text for one in own)).encode()).hexdigest()
        version = write_head(
            out,
            weights=found.head.weights,
            bias=found.head.bias,
            labels={
                label: {"threshold": found.head.thresholds[place], "confident": found.head.confident[place]}
                for place, label in enumerate(found.head.labels)
            },
            encoder_sha256=sha256,
            training={
                "own_labels": len(own),
                "own_sha256": texts,
                "beside": current.version,
                "seed": seed,
                "made_on": timezone.now().date().isoformat(),
                "better": [one.label for one in found.compared if one.better],
            },
        )
        self.stdout.write(
            f"Version {version} is written to {out}. Add it as a new version of “{row.name}” with this folder as its "
            "model: it runs on trial beside the present one until somebody lets it take over."
        )


def _said(one: Any) -> str:
    verdict = "better, taken over" if one.better else "not better, stays as it is"
    return (
        f"{one.label}: {verdict}; AUROC {shown(one.before)} before, {shown(one.after)} after, difference "
        f"{shown(one.difference, sign=True)}; fitted on {one.fitted:,} own labels, compared on {one.held_out:,}"
    )
