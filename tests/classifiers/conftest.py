import csv
import random
from pathlib import Path
from typing import Any

import pytest

from classifiers.text import LabelScore, TextClassifier, default_classifier


@pytest.fixture(scope="session")
def classifier() -> TextClassifier:
    return default_classifier()


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    from classifiers.encoder import load_tokenizer
    from classifiers.weights import model_folder

    return load_tokenizer(model_folder())


@pytest.fixture
def score(classifier):
    """The scores of one text by label."""

    def one(text: str) -> dict[str, LabelScore]:
        return {score.label: score for score in classifier.score([text])[0]}

    return one


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with made-up data in the formats of the public sets, 20 rows of each kind."""
    pick = random.Random(1)
    bad, good, offer = ("idiot moron trash", "letter garden walk", "win cash prize call free")
    text = {
        kind: lambda words=words: " ".join(pick.choices(words.split(), k=9))
        for kind, words in (("bad", bad), ("good", good), ("offer", offer))
    }
    folder = tmp_path / "data"
    folder.mkdir()
    _write(
        folder / "davidson.csv",
        ["class", "tweet"],
        [[kind, text["good" if kind == 2 else "bad"]() + f" {n}"] for n in range(20) for kind in (0, 1, 2)],
    )
    _write(
        folder / "toxigen.csv",
        ["text", "label", "group"],
        [
            [text["bad" if kind == "hate" else "good"]() + f" {n}", kind, "some"]
            for n in range(20, 40)
            for kind in ("hate", "neutral")
        ],
    )
    lines = [
        f"{kind}\t{text['offer' if kind == 'spam' else 'good']()} {n}\n"
        for n in range(40, 60)
        for kind in ("ham", "spam")
    ]
    (folder / "sms-spam.tsv").write_text("".join(lines), encoding="utf-8")
    return folder


def _write(path: Path, columns: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
