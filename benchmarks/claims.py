"""`make bench-claim [SECONDS=20]`: 32 moderators claim the next case at once, beside a queue that locks and waits.

On a throwaway database that keeps fsync on, 32 processes with a connection each claim through the action behind the
button, in turns with the usual way, `select_for_update().first()` and `save()`, which waits for whoever holds a row.
Every claim is kept, and no case may be claimed twice; then 200 cases are left, and the 32 claim until nothing is.
Prints a table, then one line of JSON; exits 1 where a figure misses its limit.
"""

import argparse
import json
import sys
from typing import Any

from benchmarks.apart import measured_apart
from benchmarks.carry_out import carry_out
from launcher.child import say
from launcher.signals import StopFlag

SECONDS, FASTER = 20, 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long each way is measured (default: 20)")
    options = parser.parse_args()
    return carry_out(lambda stop_flag: report(measured(options.seconds, stop_flag)))


def measured(seconds: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Fill a database and have its cases claimed, in a process of its own; returns its line of JSON."""
    what = f"{seconds} seconds of claims"
    return measured_apart("claims_measure", seconds, what=what, stop_flag=stop_flag, durable=True)


def report(figures: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    rows: list[tuple[str, Any, str, bool]] = [
        ("claims a second, rows that others hold passed over", figures["skipping"], "", True),
        ("claims a second, waiting for whoever holds the first row", figures["blocking"], "", True),
        ("our statement with a lock that waits", figures["waiting"], "", True),
        ("times as many as by waiting", figures["ratio"], f">= {FASTER}", figures["ratio"] >= FASTER),
        ("of these claims: cases claimed twice", figures["twice"], "0", figures["twice"] == 0),
        ("200 cases left: claimed", figures["last"], "200", figures["last"] == 200),
        ("200 cases left: claimed twice", figures["last_twice"], "0", figures["last_twice"] == 0),
    ]
    say("")
    for name, value, wanted, good in rows:
        say(f"{name:62} {value:>10}   {wanted:8} {'' if good else 'MISSED'}")
    say(json.dumps(figures))
    return 0 if all(good for *_others, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
