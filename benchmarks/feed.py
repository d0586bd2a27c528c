"""`make bench-feed [SIZES="10000 100000 1000000"]`: lists, search and feeds of hubs of several sizes.

Each hub lies in a throwaway database of its own, written by SQL: one repository in a hundred, the most trending ones,
hidden by a restriction, one in twenty not for all audiences. Prints a table of what the server did for each page, then
one line of JSON; exits 1 where a figure misses its limit.
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
EXPONENT, RATIO = 0.1, 1.1
LIMITED = 2  # of the ratios of requests, the first two: what filtering costs
FEEDS = ("feed", "feed, deep page", "feed, never NFAA")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="repositories (default: 10k, 100k, 1M)")
    options = parser.parse_args()
    return carry_out(lambda stop_flag: report([measured(size, stop_flag) for size in sorted(options.sizes)]))


def measured(size: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Fill a hub of `size` repositories and measure it in a process of its own; returns its line of JSON."""
    return measured_apart("feed_measure", size, what=f"{size} repositories", stop_flag=stop_flag)


def report(hubs: list[dict[str, Any]]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    sizes = [hub["size"] for hub in hubs]
    say(f"\n{'ms of the database (buffers)':34}" + "".join(f"{size:>20,}" for size in sizes) + f"{'exponent':>10}")
    exponents = {}
    for name in hubs[0]["pages"]:
        pages = [hub["pages"][name] for hub in hubs]
        times = [page["server_ms"] for page in pages]
        cells = "".join(f"{page['server_ms']:>12.3f} {'(' + format(page['buffers'], ',') + ')':>7}" for page in pages)
        if len(sizes) > 1:
            exponents[name] = round(math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0]), 3)
        say(f"{name:34}{cells}{exponents.get(name, ''):>10}")
    say("")
    rows: list[tuple[str, Any, str, bool]] = []
    for hub in hubs:
        for number, (what, ratio) in enumerate(hub["request_ratios"].items()):
            limited = number < LIMITED
            wanted = f"<= {RATIO}" if limited else ""
            rows.append((f"{hub['size']:,}: {what}", ratio, wanted, not limited or ratio <= RATIO))
    rows += [
        (f"exponent of growth: {name}", exponents[name], f"<= {EXPONENT}", exponents[name] <= EXPONENT)
        for name in FEEDS
        if name in exponents
    ]
    for name, value, wanted, good in rows:
        say(f"{name:75} {value:>8}   {wanted:8} {'' if good else 'MISSED'}")
    say(json.dumps({"hubs": hubs, "exponents": exponents}))
    return 0 if all(good for *_others, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
