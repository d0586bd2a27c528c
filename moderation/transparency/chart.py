"""Bars for the page: numbers for an SVG without any style in it; its table stands beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDTH, LABEL, LINE, BAR = 640, 250, 26, 16


@dataclass(frozen=True)
class Bar:
    """One bar: where it lies and how long it is, in units of the drawing."""

    label: Any
    value: int
    y: int
    width: int

    @property
    def text_y(self) -> int:
        return self.y + BAR - 4

    @property
    def end(self) -> int:
        return LABEL + self.width + 6


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    height: int
    width: int = WIDTH
    left: int = LABEL
    bar: int = BAR


def bars(rows: Iterable[tuple[Any, int]], *, most: int = 12) -> Chart | None:
    """The `most` largest of label and count as bars, longest first; None when all are zero."""
    largest = sorted((row for row in rows if row[1]), key=lambda row: -row[1])[:most]
    if not largest:
        return None
    room, top = WIDTH - LABEL - 50, largest[0][1]
    drawn = [
        Bar(_short(str(label)), value, index * LINE + 2, max(2, round(room * value / top)))
        for index, (label, value) in enumerate(largest)
    ]
    return Chart(drawn, len(drawn) * LINE + 2)


def _short(label: str) -> str:
    return label if len(label) <= 36 else f"{label[:35]}…"
