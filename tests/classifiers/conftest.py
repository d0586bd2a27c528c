import csv
import random
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from classifiers.text import LabelScore, TextClassifier, default_classifier

WORDS = {"bad": "idiot moron trash", "good": "letter garden walk", "offer": "win cash prize call free"}


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
    return make_data(tmp_path)


def make_data(parent: Path) -> Path:
    """A folder with made-up data in the formats of the public sets, 20 rows of each kind."""
    pick = random.Random(1)
    numbers = count()

    def words(kind: str) -> str:
        return " ".join([*pick.choices(WORDS[kind].split(), k=9), str(next(numbers))])

    folder = parent / "data"
    folder.mkdir()
    tweets = [[kind, words("good" if kind == 2 else "bad")] for _ in range(20) for kind in (0, 1, 2)]
    sentences = [[words("bad" if kind == "hate" else "good"), kind] for _ in range(20) for kind in ("hate", "neutral")]
    messages = [[kind, words("offer" if kind == "spam" else "good")] for _ in range(20) for kind in ("ham", "spam")]
    _write(folder / "davidson.csv", [["class", "tweet"], *tweets], ",")
    _write(folder / "toxigen.csv", [["text", "label"], *sentences], ",")
    _write(folder / "sms-spam.tsv", messages, "\t")
    return folder


def _write(path: Path, rows: list[list[Any]], delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
