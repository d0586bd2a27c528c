"""`make bench-queue [SIZES="10000 100000 1000000"]`: every list of the queue, with cases of several numbers.

Each number of cases lies in a throwaway database of its own, with one in 25 open, five reports and ten scores a case.
Prints a table of what the server did for the row query of each list at three depths, then one line of JSON; exits 1
where a figure misses its limit.
"""

import argparse
import json
import math
import sys
from typing import Any

from benchmarks.apart import measured_apart
from benchmarks.carry_out import carry_out
from launcher.child import say
from launcher.signals import StopFlag

SIZES = (10_000, 100_000, 1_000_000)
BUFFERS, EXPONENT, FASTER = 60, 0.05, 500
# A page by OFFSET is compared from this many cases on: below, every way is fast.
LARGE = 1_000_000
# A page reads so many rows. That it touches fewer buffers, because some are neighbours, is luck of a small table.
ROWS = 51
# The lists of which the growth is that of a whole page at every size.
GROWING = ("lane=open", "lane=unclaimed", "lane=decided", "kind=comment", "track=restricted", "language=en")
DEPTHS = ("first", "middle", "deep")
Row = tuple[str, Any, str, bool]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="cases (default: 10k, 100k, 1M)")
    options = parser.parse_args()
    return carry_out(lambda stop_flag: report([measured(size, stop_flag) for size in sorted(options.sizes)]))


def measured(size: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Fill a database with `size` cases and measure its queue in a process of its own; returns its line of JSON."""
    return measured_apart("queue_measure", size, what=f"{size} cases", stop_flag=stop_flag)


def report(sizes: list[dict[str, Any]]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    header = "".join(f"{one['size']:>32,}" for one in sizes)
    say(f"\n{'ms (buffers) first, middle, deep':38}{header}")
    for name in sizes[0]["lists"]:
        cells = ""
        for one in sizes:
            depths = [one["lists"][name][depth] for depth in DEPTHS]
            cells += "  " + " ".join(f"{depth['ms']:.3f}{'(' + str(depth['buffers']) + ')':>6}" for depth in depths)
        say(f"{name:38}{cells}")
    say("")
    rows = limits(sizes)
    for name, value, wanted, good in rows:
        say(f"{name:75} {value:>10}   {wanted:8} {'' if good else 'MISSED'}")
    say(json.dumps({"sizes": sizes, "limits": {name: value for name, value, _wanted, _good in rows}}))
    return 0 if all(good for *_others, good in rows) else 1


def limits(sizes: list[dict[str, Any]]) -> list[Row]:
    """What is held to a limit: buffers everywhere, growth, and how much faster than OFFSET."""
    rows: list[Row] = []
    for one in sizes:
        bound = {name: figures for name, figures in one["lists"].items() if name not in one["others"]}
        most, where = max((figures[depth]["buffers"], name) for name, figures in bound.items() for depth in DEPTHS)
        rows.append((f"{one['size']:,}: most buffers of a row query ({where})", most, f"<= {BUFFERS}", most <= BUFFERS))
        for name, figures in bound.items():
            middle = figures["middle"]
            if one["size"] < LARGE or "offset_rows_ms" not in middle or figures["rows"] < 10_000:
                continue
            faster = round(middle["offset_rows_ms"] / middle["ms"])
            what = f"{one['size']:,}: {name}, middle: times as fast as by OFFSET"
            rows.append((what, faster, f">= {FASTER}", faster >= FASTER))
    if len(sizes) > 1:
        first, last = sizes[0], sizes[-1]
        for name in GROWING:
            before, after = (max(one["lists"][name]["middle"]["buffers"], ROWS) for one in (first, last))
            exponent = round(math.log(after / before) / math.log(last["size"] / first["size"]), 3)
            rows.append(
                (f"exponent of growth of buffers: {name}, middle", exponent, f"<= {EXPONENT}", exponent <= EXPONENT)
            )
    return rows


if __name__ == "__main__":
    sys.exit(main())
