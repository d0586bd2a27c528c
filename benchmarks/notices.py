"""`make bench-notices [LETTERS=4000]`: letters written by the action, and sent by the workers to a mail server here.

On a throwaway database that keeps fsync on: a process writes letters two by two, as a decision does, while the workers
of `make run` compose their mails and send them to a sink on the same machine. Then half as many are written again, and
in the middle the workers are killed with -9. Prints a table, then one line of JSON; exits 1 where a figure misses its
limit.
"""

import argparse
import json
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.carry_out import carry_out
from benchmarks.community import family_time
from benchmarks.faults import kill_hard
from benchmarks.main_job import manage, quiet
from launcher import services
from launcher.child import Child, Step, say
from launcher.errors import LaunchError
from launcher.port import LOOPBACK
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team
from launcher.throwaway import throwaway

LETTERS, WARM_UP = 4_000, 200
RATE = 200.0  # letters a second, written and sent
# A dead worker's leases must run out and a sweep come by.
SECONDS_WITH_FAULT = 240.0
PATIENCE = 120.0
# Whoever is killed may have handed over a mail a moment before its record: at most one for each thread.
TWICE_AFTER_KILL = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=LETTERS, help=f"how many are measured (default: {LETTERS})")
    options = parser.parse_args()

    def work(stop_flag: StopFlag) -> int:
        with throwaway(durable=True, stop_flag=stop_flag) as server:
            return report(run(server, options.letters, stop_flag))

    return carry_out(work)


def run(server: Postgres, letters: int, stop_flag: StopFlag) -> dict[str, Any]:
    """Write and send, kill, look for everything; returns the figures."""
    data = server.home / "var"
    logs = data / "logs"
    logs.mkdir(parents=True)
    taken = data / "taken"
    taken.touch()
    listener = socket.create_server((LOOPBACK, 0), backlog=64)
    os.environ |= {"OMBUD_DATA": str(data), "DATABASE_URL": server.app_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ |= {"OMBUD_LOG_LEVEL": "WARNING", "EMAIL_URL": f"smtp://{LOOPBACK}:{listener.getsockname()[1]}"}
    os.environ.pop("BROKER_URL", None)
    environment = dict(os.environ)
    team = Team(stop_flag)
    try:
        manage(["migrate", "--verbosity=0"], environment | {"DATABASE_URL": server.owner_url}, logs)
        import django

        django.setup()
        from benchmarks import notices_write

        team.add(_sink(listener, taken, environment, logs))
        workers = services.workers(environment, logs)
        team.add(workers)
        writer = notices_write.Writer()
        writer.write(WARM_UP)
        with Step("Waiting for the workers"):
            _until(lambda: len(arrived(taken)) == WARM_UP, stop_flag, PATIENCE)
        before = _used(server, workers)
        began = time.monotonic()
        with Step(f"Writing {letters} letters"):
            writer.write(letters)
        written = time.monotonic() - began
        with Step("Sending the rest"):
            _until(lambda: len(arrived(taken)) >= WARM_UP + letters, stop_flag, letters / 10)
        seconds = time.monotonic() - began
        cpu = {
            name: round((after - before[name]) / letters * 1000, 2) for name, after in _used(server, workers).items()
        }
        load = os.getloadavg()[0]
        twice = _twice(taken)

        team.add(quiet(services.scheduler(environment, logs)))
        began = time.monotonic()
        some = letters // 2
        with Step(f"Writing {some} more"):
            writer.write(some // 2)
            left = len(writer.ids - arrived(taken).keys())
            kill_hard(workers)
            writer.write(some - some // 2)
        say(f"FAULT: the workers were killed with {left} letters to go, of those that were written by then")
        with Step("Sending what is left"):
            _until(lambda: writer.ids <= arrived(taken).keys(), stop_flag, SECONDS_WITH_FAULT, team)
            _until(lambda: notices_write.pending() == 0, stop_flag, PATIENCE, team)
        after_kill = time.monotonic() - began
        records = notices_write.records()
    finally:
        team.stop()
    ids = arrived(taken)
    return {
        "letters": letters,
        "load": round(load, 1),
        "seconds": round(seconds, 1),
        "written_a_second": round(letters / written, 1),
        "rate": round(letters / seconds, 1),
        "cpu_ms_of": cpu,
        "twice": twice,
        "killed_with_left": left,
        "seconds_with_kill": round(after_kill, 1),
        "lost": len(writer.ids - ids.keys()),
        "unknown": len(ids.keys() - writer.ids),
        "twice_after_kill": _twice(taken) - twice,
    } | records


def arrived(taken: Path) -> Counter[str]:
    """How often the server took each mail, by the public id of its letter."""
    return Counter(line.partition("@")[0] for line in taken.read_text().splitlines())


def _twice(taken: Path) -> int:
    return sum(count - 1 for count in arrived(taken).values())


def _sink(listener: socket.socket, taken: Path, environment: dict[str, str], logs: Path) -> Child:
    command = [sys.executable, "-m", "benchmarks.smtp_sink", str(listener.fileno()), str(taken)]
    child = Child("sink", command, environment=environment, log=logs / "sink.log", echo=False)
    child.keep_open = (listener.fileno(),)
    return child


def _used(server: Postgres, workers: Child) -> dict[str, float]:
    assert server.child is not None, "the server runs"
    database = family_time(server.child.pid)
    return {"workers": family_time(workers.pid), "database": database, "writer": time.process_time()}


def _until(there: Callable[[], bool], stop_flag: StopFlag, patience: float, team: Team | None = None) -> None:
    """Wait until `there`, starting again what ended of `team`. Raises LaunchError after `patience` seconds."""
    began = time.monotonic()
    while not there():
        stop_flag.pause(0.05)
        if team:
            team.look_after()
        if time.monotonic() - began > patience:
            raise LaunchError(f"Not all mail arrived within {patience:.0f} s.", "See workers.log; is the machine busy?")


def report(result: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    rows: list[tuple[str, Any, str, bool]] = [
        ("letters written and sent", result["letters"], "", False),
        ("written a second, while they are sent", result["written_a_second"], "", False),
        ("written and sent a second", result["rate"], f">= {RATE:.0f}", result["rate"] < RATE),
        ("sent twice", result["twice"], "0", result["twice"] > 0),
        *((f"ms of processor time a letter: {name}", ms, "", False) for name, ms in result["cpu_ms_of"].items()),
        ("to go when the workers were killed", result["killed_with_left"], "", result["killed_with_left"] <= 0),
        ("seconds until the last one arrived", result["seconds_with_kill"], f"<= {SECONDS_WITH_FAULT:.0f}",
         result["seconds_with_kill"] > SECONDS_WITH_FAULT),
        ("lost", result["lost"], "0", result["lost"] > 0),
        ("sent twice after the kill", result["twice_after_kill"], f"<= {TWICE_AFTER_KILL}",
         result["twice_after_kill"] > TWICE_AFTER_KILL),
        ("never written", result["unknown"], "0", result["unknown"] > 0),
        ("not recorded as sent", result["unrecorded"], "0", result["unrecorded"] > 0),
    ]  # fmt: skip
    say("")
    for name, value, wanted, missed in rows:
        say(f"{name:44} {value!s:>9}   {wanted:8} {'MISSED' if missed else ''}")
    say(json.dumps(result))
    return int(any(missed for _name, _value, _wanted, missed in rows))


if __name__ == "__main__":
    sys.exit(main())
