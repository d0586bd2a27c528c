"""`make bench-intake [REPORTS=2000]`: what a report costs that arrives through the API, with everything it commits.

On a throwaway database that keeps fsync on, behind the web server of `make run`: eight clients file reports as fast
as they are taken, three of ten of something that was reported before. Afterwards everything that a report commits is
looked for: its case, event, snapshot, request for scores, change. The lower quarter of the rounds counts: a neighbour
on the same processor makes the same work cost up to twice as much, and only ever more. Beside it stands what it is in
milliseconds of the machine that limits are from, see yardstick.py. Prints a table, then one line of JSON; exits 1 where
a figure misses its limit.
"""

import argparse
import json
import os
import socket
import sys
import uuid
from typing import Any

from benchmarks.carry_out import carry_out
from benchmarks.download import await_answer
from benchmarks.lived_in import count_rows
from benchmarks.main_job import manage, quiet
from benchmarks.processor_time import Spent, pace
from benchmarks.yardstick import Yardstick
from launcher import services
from launcher.child import Step, say
from launcher.port import LOOPBACK
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team
from launcher.throwaway import throwaway

REPORTS, CLIENTS = 2_000, 8
WARM_UP = 400  # reports before the measured ones, half of them after the rows were counted: imports, plans, caches
ROUNDS = 10
CPU_MS = 6.0  # of processor time a report, web and database together
GOAL_MS = 2.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=REPORTS, help=f"how many are measured (default: {REPORTS})")
    options = parser.parse_args()

    def work(stop_flag: StopFlag) -> int:
        with throwaway(durable=True, stop_flag=stop_flag) as server:
            result = run(server, options.reports, stop_flag)
            return report(result)

    return carry_out(work)


def run(server: Postgres, reports: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Fill, warm up, measure, look for everything; returns the figures."""
    data = server.home / "var"
    logs = data / "logs"
    logs.mkdir(parents=True)
    (data / "static").mkdir()
    os.environ |= {"OMBUD_DATA": str(data), "DATABASE_URL": server.app_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ |= {"OMBUD_LOG_LEVEL": "WARNING", "OMBUD_REPORTS_PER_HOUR": "1000000"}
    os.environ.pop("BROKER_URL", None)
    environment = dict(os.environ)
    team = Team(stop_flag)
    try:
        manage(["migrate", "--verbosity=0"], environment | {"DATABASE_URL": server.owner_url}, logs)
        import django

        django.setup()
        from benchmarks import intake_post

        with Step("Filling"):
            asked = intake_post.fill(WARM_UP + reports)
        listener = socket.create_server((LOOPBACK, 0), backlog=256)
        web = quiet(services.web(environment, logs, listener.fileno()))
        team.add(web)
        yardstick = Yardstick(logs)
        team.add(yardstick.server)
        port = listener.getsockname()[1]
        with Step("Waiting for the server"):
            await_answer((port, "/api/v1/clauses"), stop_flag)
        first, _seconds = intake_post.send(asked[: WARM_UP // 2], port, CLIENTS)
        count_rows(server)
        again, _seconds = intake_post.send(asked[WARM_UP // 2 : WARM_UP], port, CLIENTS)
        spent, rounds, answers, seconds = Spent(server, web), [], [], 0.0
        of_each = reports // ROUNDS
        for number in range(ROUNDS):
            with Step(f"Filing {of_each} reports, round {number + 1} of {ROUNDS}"):
                yardstick.take()
                began, start = spent.so_far(), WARM_UP + number * of_each
                filed, took = intake_post.send(asked[start : start + of_each], port, CLIENTS)
                used = [(after - before) / of_each * 1000 for before, after in zip(began, spent.so_far(), strict=True)]
            rounds.append((sum(used), *used))
            answers += filed
            seconds += took
        load = os.getloadavg()[0]
        accepted = {uuid.UUID(said["id"]) for status, _time, said in [*first, *again, *answers] if status == 201}
        missing = intake_post.committed(accepted)
    finally:
        team.stop()
    refused = [(status, said) for status, _time, said in [*first, *again, *answers] if status != 201]
    for status, said in refused[:3]:
        say(f"refused: {status} {said}")
    rate = round(len(answers) / seconds, 1)
    figures = {"reports": len(answers), "load": round(load, 1), "refused": len(refused), "rate": rate}
    figures["pace"] = round(pace(), 1)
    rounds.sort()
    together, web_ms, database_ms = (round(one, 2) for one in rounds[ROUNDS // 4])
    ours = {"cpu_ms": together, "cpu_ms_of": {"web": web_ms, "database": database_ms}}
    ours |= {"cpu_ms_median": round(rounds[ROUNDS // 2][0], 2), "cpu_ms_there": round(together * yardstick.there, 2)}
    ours |= {"yardstick_ms": round(yardstick.ms, 3)}
    return figures | ours | dict(intake_post.percentiles(answers)) | missing


def report(result: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    rows: list[tuple[str, Any, str, bool]] = [
        ("reports filed", result["reports"], "", False),
        ("not accepted", result["refused"], "0", result["refused"] > 0),
        ("reports a second", result["rate"], "", False),
        ("ms until one was accepted, median", result["p50_ms"], "", False),
        ("ms until one was accepted, 99 %", result["p99_ms"], "", False),
        ("ms of processor time a report: web", result["cpu_ms_of"]["web"], "", False),
        ("ms of processor time a report: database", result["cpu_ms_of"]["database"], "", False),
        ("both together", result["cpu_ms"], f"<= {CPU_MS}", result["cpu_ms"] > CPU_MS),
        ("the same in ms of the machine that limits are from", result["cpu_ms_there"], "", False),
        ("the yardstick, ms: one trivial request", result["yardstick_ms"], "", False),
        ("pace of the machine: µs of a fixed piece of Python", result["pace"], "", False),
        ("both together, median of the rounds", result["cpu_ms_median"], "", False),
    ]
    rows += [
        (name.replace("_", " "), result[name], "0", result[name] > 0)
        for name in (
            "reports_missing", "without_case", "without_event", "changes_missing", "snapshots_unscored",
            "subjects_with_two_cases", "counts_wrong",
        )
    ]  # fmt: skip
    say("")
    for name, value, wanted, missed in rows:
        say(f"{name:52} {value!s:>9}   {wanted:8} {'MISSED' if missed else ''}")
    say(json.dumps(result | {"goal_ms": GOAL_MS}))
    return int(any(missed for _name, _value, _wanted, missed in rows))


if __name__ == "__main__":
    sys.exit(main())
