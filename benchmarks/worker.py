"""`make bench-worker [TEXTS=512]`: what the queue of work costs beside the work, and scoring through the database.

On a throwaway database that keeps fsync on, in one process: requests for scores are claimed and completed by their ids
in batches of 256 and, in turns with that, as rows of the ORM; processor time of the client, and of the database beside
it, above that of the transaction that saves what was done. Then reported comments at the length mix of a hub are scored
by the service, in turns with the bare classifier that reads as many. Prints a table, then one line of JSON; exits 1
where a figure misses its limit.
"""

import argparse
import json
import sys
from typing import Any

from benchmarks.apart import measured_apart
from benchmarks.carry_out import carry_out
from launcher.child import say
from launcher.signals import StopFlag

TEXTS = 512
MOST_MICROSECONDS, LEAST_SHARE = 5.0, 0.8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=TEXTS, help="reported comments a round (default: 512)")
    options = parser.parse_args()
    return carry_out(lambda stop_flag: report(measured(options.texts, stop_flag)))


def measured(texts: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Measure in a process of its own; returns its line of JSON."""
    settings = {"BROKER_URL": "memory://", "OMBUD_POSTS_PER_WINDOW": "1000000", "OMBUD_NEW_ACCOUNT_DAYS": "0"}
    what = f"{texts} texts a round"
    return measured_apart("worker_measure", texts, what=what, stop_flag=stop_flag, durable=True, settings=settings)


def report(figures: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    queue, scoring = figures["queue"], figures["scoring"]
    share = scoring["share"]
    rows: list[tuple[str, Any, str, bool]] = [
        ("claim and complete 256 by ids: µs of the client an item", queue["ids"]["client"], f"<= {MOST_MICROSECONDS}",
         queue["ids"]["client"] <= MOST_MICROSECONDS),
        ("the same: µs of the database an item", queue["ids"]["database"], "", True),
        ("256 as rows of the ORM: µs of the client an item", queue["rows"]["client"], "", True),
        ("the same: µs of the database an item", queue["rows"]["database"], "", True),
        ("256 by ids with the transaction that saves: µs of the client", queue["ids"]["with_transaction"], "", True),
        ("one at a time by ids: µs of the client an item", queue["one"]["client"], "", True),
        ("times less for the client by ids than by rows", queue["ratio"], "", True),
        ("bare classifier, texts a second", scoring["bare"], "", True),
        ("service, texts a second", scoring["service"], "", True),
        ("bare classifier, ms of processor time a text", scoring["bare_ms"], "", True),
        ("service, ms of processor time a text", scoring["service_ms"], "", True),
        ("the same of both as a share", scoring["share_of_time"], "", True),
        ("service ÷ bare classifier, texts a second", share, f">= {LEAST_SHARE}", share >= LEAST_SHARE),
        ("requests left, or with an error", scoring["left"], "0", scoring["left"] == 0),
    ]  # fmt: skip
    say("")
    for name, value, wanted, good in rows:
        say(f"{name:62} {value:>10}   {wanted:8} {'' if good else 'MISSED'}")
    say(json.dumps(figures))
    return 0 if all(good for *_others, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
