"""Plots as SVG: no scripts, colours from the page, numbers in a table beside each."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from classifiers.evaluation.bootstrap import Estimate
from classifiers.evaluation.calibration import Bin
from classifiers.evaluation.curves import Curve

# Units of the drawing: the unit square of a curve lies inside of margins for the names of the axes.
SIDE, LEFT, TOP, WIDTH, HEIGHT = 250, 50, 10, 310, 305
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
ROW, NAMES, SCALE = 18, 120, 180


def curve_plot(curve: Curve, across: str, up: str, *, even: bool = False) -> SafeString:
    """A line through the unit square; `even` draws what chance would give."""
    points = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in curve)
    return _square(format_html('<polyline class="curve" points="{}"/>', points), across, up, even=even)


def reliability_plot(bins: Sequence[Bin], across: str = "mean value", up: str = "share of positives") -> SafeString:
    """A dot for each bin: what its values promise, and what there is; larger for more rows. Names of the axes."""
    most = max((one.rows for one in bins), default=1) or 1
    dots = (
        (f"{_x(one.mean):.1f}", f"{_y(one.share):.1f}", f"{2 + 5 * (one.rows / most) ** 0.5:.1f}")
        for one in bins
        if one.mean is not None and one.share is not None
    )
    marks = format_html_join("", '<circle class="dot" cx="{}" cy="{}" r="{}"/>', dots)
    return _square(marks, across, up, even=True)


def interval_plot(rows: Sequence[tuple[str, Estimate]], low: float, high: float, even: float) -> SafeString:
    """A line for each name, from `low` to `high` of its interval, with a dot at the figure; `even` is the ideal."""

    def x(value: float) -> str:
        return f"{NAMES + SCALE * (min(max(value, low), high) - low) / (high - low):.1f}"

    height = TOP + ROW * len(rows) + 25
    bottom = height - 20
    lines = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="end">{}</text><path class="interval" d="M{} {}H{}"/>'
        '<circle class="dot" cx="{}" cy="{}" r="3"/>',
        (
            (NAMES - 8, y + 4, name[:20], x(one.low or 0), y, x(one.high or 0), x(one.value or 0), y)
            for y, (name, one) in ((TOP + ROW * place + ROW // 2, row) for place, row in enumerate(rows))
        ),
    )
    ends = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((x(value), height - 6, f"{value:g}") for value in dict.fromkeys((low, even, high))),
    )
    axis = format_html(
        '<path class="axis" d="M{} {}H{}"/><path class="even" d="M{} {}V{}"/>',
        NAMES,
        bottom,
        NAMES + SCALE,
        x(even),
        TOP,
        bottom,
    )
    return _svg(axis + lines + ends, WIDTH + 10, height)


def _square(inside: SafeString, across: str, up: str, *, even: bool) -> SafeString:
    chance = format_html('<path class="even" d="M{} {}L{} {}"/>', _x(0), _y(0), _x(1), _y(1)) if even else ""
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>',
        ((_x(tick), TOP + SIDE + 15, f"{tick:g}", LEFT - 6, _y(tick) + 4, f"{tick:g}") for tick in TICKS),
    )
    frame = format_html(
        '<rect class="axis" x="{}" y="{}" width="{}" height="{}"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text transform="translate(12 {}) rotate(-90)" text-anchor="middle">{}</text>',
        LEFT,
        TOP,
        SIDE,
        SIDE,
        LEFT + SIDE / 2,
        TOP + SIDE + 35,
        across,
        TOP + SIDE / 2,
        up,
    )
    return _svg(format_html("{}{}{}{}", frame, ticks, chance, inside), WIDTH, HEIGHT)


def _svg(inside: SafeString, width: int, height: int) -> SafeString:
    """Hidden from screen readers: the page puts its name, a sentence and a table beside it."""
    return format_html('<svg viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>', width, height, inside)


def _x(value: float) -> float:
    return LEFT + SIDE * value


def _y(value: float) -> float:
    return TOP + SIDE * (1 - value)
