"""A report as tables and plots, before it becomes text or a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from classifiers.evaluation.bootstrap import Estimate
from classifiers.head import NEVER

TOO_FEW = "too few"


@dataclass(frozen=True)
class Table:
    """The first column names each row."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Plot:
    """An image (SVG, built of escaped parts) with what it shows in a sentence and in a table."""

    title: str
    description: str
    svg: str
    table: Table


@dataclass(frozen=True)
class Section:
    """A part of the report."""

    title: str
    notes: Sequence[str] = ()
    tables: Sequence[Table] = ()
    plots: Sequence[Plot] = ()


@dataclass(frozen=True)
class Document:
    """The whole report; `facts` says how its figures came about."""

    title: str
    facts: Table
    sections: Sequence[Section] = field(default_factory=list)


def shown(estimate: Estimate, *, sign: bool = False) -> str:
    """A figure with its interval, or that there are too few rows."""
    if estimate.value is None:
        return TOO_FEW
    number = "{:+.3f}" if sign else "{:.3f}"
    ends = [number.format(end) for end in (estimate.low, estimate.high) if end is not None]
    return f"{number.format(estimate.value)} ({' to '.join(ends)})"


def percent(part: int, whole: int) -> str:
    """A count with its share of another."""
    return f"{part:,} ({part / whole:.0%})" if whole else f"{part:,}"


def threshold(value: float) -> str:
    """A threshold; that of 1 is never reached."""
    return "never" if value >= NEVER else f"{value:.4f}"


def counted(numbers: Iterable[int]) -> list[str]:
    """Counts with separators between thousands."""
    return [f"{number:,}" for number in numbers]
