"""`make bench-desk [OPEN=100000]`: what a page of the queue and a decision cost that are asked for through the API.

On a throwaway database that keeps fsync on, with so many open cases, behind the web server of `make run`: a moderator's
program asks for pages of 50 cases in every order, the first and a later one, and decides cases, half of them with a
warning. Counted is the processor time of the web server and the database, in rounds that take turns: a neighbour on the
same processor makes the same work cost up to twice as much, and only ever more, so the lower quarter of the rounds
counts. Beside it stand the median, and what it is in milliseconds of the machine that limits are from, see
yardstick.py. Prints a table, then one line of JSON; exits 1 where a figure misses its limit.
"""

import argparse
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.carry_out import carry_out
from benchmarks.download import await_answer
from benchmarks.lived_in import count_rows
from benchmarks.main_job import manage, quiet
from benchmarks.processor_time import Spent, pace
from benchmarks.yardstick import THERE_MS, Yardstick
from launcher import services
from launcher.child import Step, say
from launcher.port import LOOPBACK
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team
from launcher.throwaway import throwaway

OPEN = 100_000
ROUNDS, PAGES, DECISIONS = 12, 25, 20  # how many requests of a kind make a round
WARM_UP = 160  # requests of a kind before the measured ones: every thread plans its statements in the first ten
AGAIN = 80  # and after the rows were counted, when every thread plans them once more
PAGE_MS, DECISION_MS = 3.0, 6.0  # of processor time, web and database together
ORDERS = ("", "open", "unclaimed", "mine", "second", "appeals", "answered", "waiting", "decided", "trusted")
Ask = Callable[[], None]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, default=OPEN, help=f"open cases (default: {OPEN:,})")
    options = parser.parse_args()

    def work(stop_flag: StopFlag) -> int:
        with throwaway(durable=True, stop_flag=stop_flag) as server:
            return report(run(server, options.open, stop_flag))

    return carry_out(work)


def run(server: Postgres, cases: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Fill, warm up, measure; returns the figures."""
    data = server.home / "var"
    logs = data / "logs"
    logs.mkdir(parents=True)
    (data / "static").mkdir()
    # The owner of the tables, because filling drops and builds indexes.
    os.environ |= {"OMBUD_DATA": str(data), "DATABASE_URL": server.owner_url}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "OMBUD_LOG_LEVEL": "WARNING"}
    os.environ.pop("BROKER_URL", None)
    team = Team(stop_flag)
    try:
        manage(["migrate", "--verbosity=0"], dict(os.environ), logs)
        import django

        django.setup()
        from benchmarks import desk_ask

        with Step(f"Filling {cases:,} open cases"):
            token = desk_ask.fill(cases)
        listener = socket.create_server((LOOPBACK, 0), backlog=256)
        web = quiet(services.web(dict(os.environ) | {"DATABASE_URL": server.app_url}, logs, listener.fileno()))
        team.add(web)
        yardstick = Yardstick(logs)
        team.add(yardstick.server)
        port = listener.getsockname()[1]
        with Step("Waiting for the server"):
            await_answer((port, "/api/v1/clauses"), stop_flag)
        desk = desk_ask.Desk(port, token)
        asks: dict[str, tuple[Ask, int]] = {}
        for order in ORDERS:
            for page in ("first", "second"):
                asked = desk.pages(order, further=page == "second")
                if asked is not None:
                    asks[f"page of 50: {order or 'no lane'}, {page}"] = asked, PAGES
        for outcome in ("no_violation", "violation"):
            asks[f"decision: {outcome}"] = desk.decisions(outcome, WARM_UP + AGAIN + ROUNDS * DECISIONS), DECISIONS

        def settle() -> None:
            count_rows(server)
            # It took longer than the web server keeps a silent connection; the next request opens another.
            desk.connection.close()

        desk.connection.close()  # what was chosen to be decided took longer than a silent connection is kept
        before = pace()
        figures = measured(Spent(server, web), asks, settle, yardstick)
        paces = [round(before, 1), round(pace(), 1)]
        wrong = desk_ask.missing(desk)
        load = round(os.getloadavg()[0], 1)
    finally:
        team.stop()
    there = {"yardstick_ms": round(yardstick.ms, 3), "there": round(yardstick.there, 3)}
    return {"open": cases, "load": load, "pace": paces, **there, "asked": figures, **wrong}


def measured(
    spent: Spent, asks: dict[str, tuple[Ask, int]], settle: Ask, yardstick: Yardstick
) -> dict[str, dict[str, float]]:
    """Milliseconds of processor time of one request of each kind, after those that warm up and what `settle` does."""
    rounds: dict[str, list[tuple[float, float, float]]] = {name: [] for name in asks}
    for name, (ask, _times) in asks.items():
        with Step(f"Warming up: {name}"):
            for _once in range(WARM_UP):
                ask()
    settle()
    for name, (ask, _times) in asks.items():
        with Step(f"Warming up again: {name}"):
            for _once in range(AGAIN):
                ask()
    for number in range(ROUNDS):
        with Step(f"Round {number + 1} of {ROUNDS}"):
            yardstick.take()
            for name, (ask, times) in asks.items():
                before = spent.so_far()
                for _once in range(times):
                    ask()
                web, database = (
                    (after - then) / times * 1000 for then, after in zip(before, spent.so_far(), strict=True)
                )
                rounds[name].append((web + database, web, database))
    return {name: _summary(sorted(found)) for name, found in rounds.items()}


def _summary(found: list[tuple[float, float, float]]) -> dict[str, float]:
    together, web, database = found[len(found) // 4]
    figures = {"web": web, "database": database, "together": together, "median": found[len(found) // 2][0]}
    return {name: round(value, 2) for name, value in figures.items()}


def report(result: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    good = True
    say(f"\n{'ms of processor time':36}{'web':>8}{'database':>10}{'together':>10}{'median':>10}{'there':>10}")
    for name, found in result["asked"].items():
        limit = PAGE_MS if name.startswith("page") else DECISION_MS
        there = round(found["together"] * result["there"], 2)
        fits = found["together"] <= limit
        good = good and fits
        figures = f"{found['web']:>8}{found['database']:>10}{found['together']:>10}{found['median']:>10}{there:>10}"
        say(f"{name:36}{figures}   <= {limit:4} {'' if fits else 'MISSED'}")
    before, after = result["pace"]
    say(f"pace of the machine: a fixed piece of Python took {before} µs before, {after} µs after")
    say(
        f"the yardstick: {result['yardstick_ms']} ms here, {THERE_MS:.3f} on the machine that limits are from (“there”)"
    )
    lost = [result[name] for name in ("refused", "undecided", "without_event", "untold")]
    say(f"refused, undecided, without an event, people untold: {', '.join(map(str, lost))}   0 each")
    say(json.dumps(result))
    return int(any(lost) or not good)


if __name__ == "__main__":
    sys.exit(main())
