"""Files of labelled texts, made in the test, and a classifier that reads the value out of the text."""

import csv
import json
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from numpy.typing import ArrayLike

from classifiers.evaluation import names
from classifiers.evaluation.metrics import Rows
from classifiers.text import LabelScore, Provenance

THRESHOLDS = {"toxicity": (0.5, 0.9), "spam": (0.6, 1.0)}


class Reads:
    """Takes the first number of a text for the value of every label; a text without one has 0."""

    labels = tuple(THRESHOLDS)
    provenance = Provenance("made up", "none", "0" * 64, "1", "2", {"numpy": "3"}, "fp32", "cpu")

    def score(self, texts: Sequence[str]) -> list[list[LabelScore]]:
        return [
            [LabelScore(label, value_in(text), *pair, 0, 0) for label, pair in THRESHOLDS.items()] for text in texts
        ]


def value_in(text: str) -> float:
    first = text.split()[0] if text.split() else ""
    return float(first) if first.replace(".", "").isdigit() else 0.0


def in_order(positive: ArrayLike, values: ArrayLike) -> Rows:
    order = np.argsort(np.asarray(values), kind="stable")
    return Rows(np.array(positive, dtype=bool)[order], np.array(values, dtype=np.float64)[order])


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "CLASSIFIERS", {"text": Reads})


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV file of rows with their header first."""

    def one(rows: Sequence[Sequence[object]], name: str = "rows.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return path

    return one


@pytest.fixture
def run(reads: None, tmp_path: Path) -> Callable[..., Any]:
    """Runs a command on a file; what it printed, and what it wrote as JSON and as a page."""

    def one(command: str, path: Path, **options: Any) -> SimpleNamespace:
        printed = StringIO()
        page, data = tmp_path / "out.html", tmp_path / "out.json"
        call_command(command, "text", path, stdout=printed, json=data, html=page, **{"rounds": 50} | options)
        return SimpleNamespace(text=printed.getvalue(), page=page.read_text(), data=json.loads(data.read_text()))

    return one


def some_rows(count: int = 200) -> list[list[object]]:
    """Rows whose values tell the positive ones well, but not always; every third in Thai."""
    pick = np.random.default_rng(5)
    words = ("is what the people of this hub wrote today", "คือสิ่งที่ผู้คนเขียนไว้ในวันนี้", "is how others answered them")
    return [
        [f"{min(max(pick.normal(0.35 + 0.3 * truth, 0.15), 0), 0.99):.4f} {words[place % 3]}", truth]
        for place in range(count)
        for truth in [int(pick.random() < 0.4)]
    ]
