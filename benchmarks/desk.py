"""`make bench-desk [OPEN=100000]`: what a page of the queue and a decision cost that are asked for through the API.

On a throwaway database that keeps fsync on, with so many open cases, behind the web server of `make run`: a moderator's
program asks for pages of 50 cases in every order, the first and a later one, and decides cases, half of them with a
warning. Counted is the processor time of the web server and the database. Prints a table, then one line of JSON; exits
1 where a figure misses its limit.
"""

import argparse
import json
import os
import socket
import sys
from typing import Any

from benchmarks.carry_out import carry_out
from benchmarks.community import used
from benchmarks.download import await_answer
from benchmarks.main_job import manage, quiet
from launcher import services
from launcher.child import Child, Step, say
from launcher.port import LOOPBACK
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team
from launcher.throwaway import throwaway

OPEN, PAGES, DECISIONS = 100_000, 200, 200
WARM_UP = 160  # requests of a kind before the measured ones: every thread plans its statements in the first ten
PAGE_MS, DECISION_MS = 3.0, 6.0  # of processor time, web and database together
ORDERS = ("", "open", "unclaimed", "mine", "second", "appeals", "answered", "waiting", "decided", "trusted")
Row = tuple[str, Any, str, bool]


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
        port = listener.getsockname()[1]
        with Step("Waiting for the server"):
            await_answer((port, "/api/v1/clauses"), stop_flag)
        desk = desk_ask.Desk(port, token)
        pages = {}
        for order in ORDERS:
            for page in ("first", "second"):
                with Step(f"Asking for the {page} page of {order or 'no lane'}"):
                    asked = desk.pages(order, further=page == "second")
                    if asked is not None:
                        pages[f"{order or 'no lane'}, {page}"] = measured(server, web, asked, PAGES)
        decisions = {}
        for outcome in ("no_violation", "violation"):
            with Step(f"Deciding: {outcome}"):
                decisions[outcome] = measured(server, web, desk.decisions(outcome, WARM_UP + DECISIONS), DECISIONS)
        wrong = desk_ask.missing(desk)
        load = round(os.getloadavg()[0], 1)
    finally:
        team.stop()
    return {"open": cases, "load": load, "pages": pages, "decisions": decisions, **wrong}


def measured(server: Postgres, web: Child, ask: Any, times: int) -> dict[str, float]:
    """Milliseconds of processor time for each of `times` calls of `ask`, after those that warm up."""
    for _once in range(WARM_UP):
        ask()
    before = used(server, web)
    for _once in range(times):
        ask()
    after = used(server, web)
    spent = {name: round((after[name] - before[name]) / times * 1000, 2) for name in ("web", "database")}
    return spent | {"together": round(sum(spent.values()), 2)}


def report(result: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    rows: list[Row] = []
    for name, spent in result["pages"].items():
        rows.append((f"page of 50: {name}", spent, f"<= {PAGE_MS}", spent["together"] <= PAGE_MS))
    for name, spent in result["decisions"].items():
        rows.append((f"decision: {name}", spent, f"<= {DECISION_MS}", spent["together"] <= DECISION_MS))
    say(f"\n{'ms of processor time':36}{'web':>8}{'database':>10}{'together':>10}")
    for name, spent, wanted, good in rows:
        figures = f"{spent['web']:>8}{spent['database']:>10}{spent['together']:>10}"
        say(f"{name:36}{figures}   {wanted:8} {'' if good else 'MISSED'}")
    lost = [result[name] for name in ("refused", "undecided", "without_event", "untold")]
    say(f"refused, undecided, without an event, people untold: {', '.join(map(str, lost))}   0 each")
    say(json.dumps(result))
    return int(any(lost) or not all(good for *_others, good in rows))


if __name__ == "__main__":
    sys.exit(main())
