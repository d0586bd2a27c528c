"""`make bench-backtest [SCORES=1000000]`: how long it takes to try a rule on the past.

On a throwaway database, filled by SQL with so many scores, the cases that they are of, two reports for each and a
person's decision about most. Rules of several kinds are tried, each several times, in turns; counted is the time from
asking to the saved answer, its cases included. Beside it stands what evaluating the cases one by one would take: the
same rule asked of a sample of cases as a worker asks it, in the same process, times the number of cases. Prints a
table, then one line of JSON; exits 1 where the median of a rule misses its limit, or where a case of the sample is
answered otherwise by the backtest than one by one.
"""

import argparse
import json
import sys
from typing import Any

from benchmarks.apart import measured_apart
from benchmarks.carry_out import carry_out
from launcher.child import say
from launcher.signals import StopFlag

SCORES, SECONDS = 1_000_000, 10.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scores", type=int, default=SCORES, help=f"(default: {SCORES:,})")
    scores = parser.parse_args().scores
    return carry_out(lambda stop_flag: report(measured(scores, stop_flag)))


def measured(scores: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Fill a database and try rules there, in a process of its own; returns its line of JSON."""
    quiet = {"OMBUD_LOG_LEVEL": "ERROR"}
    return measured_apart("backtest_measure", scores, what=f"{scores} scores", stop_flag=stop_flag, settings=quiet)


def report(figures: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    say(f"\n{figures['scores']:,} scores, {figures['cases']:,} cases, {figures['reports']:,} reports")
    say(f"{'a rule that asks for':58}{'held':>9}{'seconds':>9}{'slowest':>9}{'one by one':>12}{'ratio':>8}")
    good = True
    for name, one in figures["rules"].items():
        fits = one["seconds"] <= SECONDS and one["otherwise"] == 0
        good = good and fits
        cells = f"{one['held']:>9,}{one['seconds']:>9}{one['slowest']:>9}{one['one_by_one']:>12,}{one['ratio']:>8}"
        say(f"{name:58}{cells}   <= {SECONDS:.0f} {'' if fits else 'MISSED'}")
    otherwise = sum(one["otherwise"] for one in figures["rules"].values())
    say(f"cases of the sample that were answered otherwise: {otherwise}   0")
    say(json.dumps(figures))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
