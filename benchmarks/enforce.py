"""`make bench-enforce`: how soon a decision holds on every way in, and how long a thousand measures take to be lifted.

On a throwaway database that keeps fsync on, in one process. A moderator presses “decide” on the page of a case about a
repository with 10,000 discussions, in turns with one that has ten: counted is the time of that request, and how often
it commits; then page, API, protocol, file, feed and search are asked, none of which may show the repository any more.
Then a thousand repositories are downgraded, and all of that is lifted together, beside a hundred lifted one by one; and
a thousand comments are hidden, and shown again together.
Prints a table, then one line of JSON; exits 1 where a figure misses its limit.
"""

import json
import sys
from typing import Any

from benchmarks.apart import measured_apart
from benchmarks.carry_out import carry_out
from launcher.child import say
from launcher.signals import StopFlag

DECIDED_MS, SECONDS, LARGER = 100.0, 10.0, 1.25


def main() -> int:
    return carry_out(lambda stop_flag: report(measured(stop_flag)))


def measured(stop_flag: StopFlag) -> dict[str, Any]:
    """Fill a database, decide and lift there, in a process of its own; returns its line of JSON."""
    settings = {"OMBUD_LOG_LEVEL": "ERROR", "OMBUD_REPORTS_PER_HOUR": "1000000"}
    return measured_apart("enforce_measure", what="decisions", stop_flag=stop_flag, durable=True, settings=settings)


def report(figures: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    large, lifting, hidings = figures["large"], figures["lifting"], figures["hidings"]
    rows: list[tuple[str, Any, str, bool]] = [
        ("10,000 discussions: ms from “decide”, median", large["median"], f"<= {DECIDED_MS:.0f}",
         large["median"] <= DECIDED_MS),
        ("the slowest of ten", large["slow"], f"<= {DECIDED_MS:.0f}", large["slow"] <= DECIDED_MS),
        ("of it processor time of the web, median", large["cpu"], "", True),
        ("10 discussions, median", figures["small"]["median"], "", True),
        ("10,000 ÷ 10 discussions", figures["ratio"], f"<= {LARGER}", figures["ratio"] <= LARGER),
        ("commits of the action", large["commits"], "1", large["commits"] == 1),
        ("ways in that showed it still", figures["shown"], "0", figures["shown"] == 0),
        ("1,000 lifted together: seconds", lifting["seconds"], f"<= {SECONDS:.0f}", lifting["seconds"] <= SECONDS),
        ("one by one, for each of which as long as together", lifting["ratio"], "", True),
        ("left standing, otherwise than before, untold, events too many or few", lifting["wrong"], "0",
         lifting["wrong"] == 0),
        ("1,000 comments shown again together: seconds", hidings["seconds"], f"<= {SECONDS:.0f}",
         hidings["seconds"] <= SECONDS),
        ("left hidden, or without their words", hidings["wrong"], "0", hidings["wrong"] == 0),
    ]  # fmt: skip
    say("")
    for name, value, wanted, good in rows:
        say(f"{name:72} {value:>10}   {wanted:8} {'' if good else 'MISSED'}")
    say(json.dumps(figures))
    return 0 if all(good for *_others, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
