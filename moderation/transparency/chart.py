"""Bars for the page: numbers for an SVG without any style in it; its table stands beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# In units of the drawing: it is as wide as a phone, and each bar lies under its label.
WIDTH, LINE, TEXT, BAR = 320, 34, 11, 12


@dataclass(frozen=True)
class Bar:
    label: Any
    value: int
    y: int
    width: int

    @property
    def label_y(self) -> int:
        return self.y + TEXT

    @property
    def bar_y(self) -> int:
        return self.y + TEXT + 5

    @property
    def value_y(self) -> int:
        return self.bar_y + BAR - 2

    @property
    def value_x(self) -> int:
        return self.width + 6


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    height: int
    width: int = WIDTH
    thickness: int = BAR


def bars(rows: Iterable[tuple[Any, int]], *, most: int = 12) -> Chart | None:
    """The `most` largest of label and count as bars, longest first; None when all are zero."""
    largest = sorted((row for row in rows if row[1]), key=lambda row: -row[1])[:most]
    if not largest:
        return None
    room, top = WIDTH - 40, largest[0][1]
    drawn = [
        Bar(label, value, index * LINE, max(2, round(room * value / top)))
        for index, (label, value) in enumerate(largest)
    ]
    return Chart(drawn, len(drawn) * LINE)
