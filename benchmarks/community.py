"""`make bench-community [SECONDS=60] [RATE=50] [WORKER=1]`: a discussion of 5,000 comments, and posting under load.

On a throwaway database that keeps fsync on, behind the web server of `make run`: pages of the long discussion are
compared with a plain list of the same rows; then 200 people comment at a fixed rate, whatever the server answers, while
several of them open discussions in one repository at the same moment. Everything accepted is looked for afterwards.
Prints a table, then one line of JSON; exits 1 where a figure misses its limit.
"""

import argparse
import json
import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.carry_out import carry_out
from benchmarks.download import await_answer
from benchmarks.main_job import manage, quiet
from launcher import services
from launcher.child import Child, Step, say
from launcher.port import LOOPBACK
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team
from launcher.throwaway import throwaway

SECONDS, RATE = 60, 50.0
DEEP = 1.25  # the last page may take this many times what the first takes
ACHIEVED = 0.98  # of the rate that was asked for
P99_MS = 1000.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long people post (default: 60)")
    parser.add_argument("--rate", type=float, default=RATE, help="comments per second (default: 50)")
    parser.add_argument("--worker", action="store_true", help="let the worker notify and screen meanwhile")
    options = parser.parse_args()

    def work(stop_flag: StopFlag) -> int:
        with throwaway(durable=True, stop_flag=stop_flag) as server:
            result = run(server, options, stop_flag)
            return report(result)  # after everything else has been said: the line of JSON is the last

    return carry_out(work)


def run(server: Postgres, options: argparse.Namespace, stop_flag: StopFlag) -> dict[str, Any]:
    """Read, then post; returns the figures."""
    data = server.home / "var"
    logs = data / "logs"
    logs.mkdir(parents=True)
    (data / "static").mkdir()
    os.environ |= {"OMBUD_DATA": str(data), "DATABASE_URL": server.app_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ |= {"OMBUD_LOG_LEVEL": "WARNING"}
    os.environ.pop("BROKER_URL", None)
    environment = dict(os.environ)
    team = Team(stop_flag)
    try:
        manage(["migrate", "--verbosity=0"], environment | {"DATABASE_URL": server.owner_url}, logs)
        import django

        django.setup()
        from benchmarks import community_data, community_post, community_read

        with Step("Filling"):
            hub = community_data.fill()
        with Step("Reading a discussion of 5,000 comments"):
            reading = community_read.measure(hub)
        listener = socket.create_server((LOOPBACK, 0), backlog=256)
        web = quiet(services.web(environment, logs, listener.fileno()))
        team.add(web)
        if options.worker:
            team.add(services.workers(environment, logs))
        port = listener.getsockname()[1]
        with Step("Waiting for the server"):
            await_answer((port, "/api/v1/clauses"), stop_flag)
        before = used(server, web)
        with Step(f"Posting {options.rate:g} comments a second for {options.seconds} s"):
            posting = community_post.measure(hub, port, seconds=options.seconds, rate=options.rate)
        posts = posting["sent"] + posting["opened"]
        cpu = {name: round((after - before[name]) / posts * 1000, 1) for name, after in used(server, web).items()}
        load = os.getloadavg()[0]
    finally:
        team.stop()
    asked = {"seconds": options.seconds, "asked_rate": options.rate, "worker": options.worker, "load": round(load, 1)}
    return asked | reading | posting | {"cpu_ms_per_post": cpu}


def used(server: Postgres, web: Child) -> dict[str, float]:
    """Seconds of processor time so far: other work on the machine delays what we do, and hardly adds to this."""
    assert server.child is not None, "the server runs"
    return {"web": family_time(web.pid), "database": family_time(server.child.pid), "clients": time.process_time()}


def family_time(pid: int) -> float:
    """Seconds of processor time of a process and its children, those that ended included."""
    ticks = 0
    for one in (str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        with suppress(FileNotFoundError):  # a backend that ended meanwhile counts with its parent
            ticks += sum(map(int, Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def report(result: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    say(f"\n{'one page of a discussion of 5,000 comments':44}{'queries':>9}{'ms':>9}{'÷ OFFSET':>10}")
    for name, page in result["pages"].items():
        ratio = page.get("to_plain", "")
        say(f"{name:44}{page['queries']:>9}{page['ms']:>9}{ratio:>10}")
    queries = {kind: {page["queries"] for page in _of(result, kind)} for kind in ("page", "API", "rows")}
    rows = [
        ("pages take as many queries each", all(len(counts) == 1 for counts in queries.values()), "True", None),
        ("last page ÷ first, whole page", result["last_to_first"]["page"], f"<= {DEEP}", DEEP),
        ("last page ÷ first, API", result["last_to_first"]["API"], f"<= {DEEP}", DEEP),
        ("queries to post a comment", result["queries_to_comment"], "", None),
        ("comments sent", result["sent"], "", None),
        ("not accepted", result["refused"], "0", 0),
        ("accepted and lost", result["lost"], "0", 0),
        ("there and never accepted", result["unasked"], "0", 0),
        ("discussions opened, at once in one place", result["opened"], "", None),
        ("numbers given twice, left out or told wrong", result["wrong_numbers"], "0", 0),
        ("places in timelines twice or left out", result["wrong_positions"], "0", 0),
        ("comments a second", result["rate"], f">= {ACHIEVED * result['asked_rate']:g}", None),
        ("ms of processor time a post: web", result["cpu_ms_per_post"]["web"], "", None),
        ("ms of processor time a post: database", result["cpu_ms_per_post"]["database"], "", None),
        ("ms of processor time a post: the clients", result["cpu_ms_per_post"]["clients"], "", None),
        ("ms until a comment was accepted, median", result["p50_ms"], "", None),
        ("ms until a comment was accepted, 99 %", result["p99_ms"], f"<= {P99_MS:.0f}", P99_MS),
        ("ms until a discussion was open, 99 %", result["opening_p99_ms"], "", None),
    ]
    fast_enough = result["rate"] >= ACHIEVED * result["asked_rate"]
    good = fast_enough and rows[0][1] is True
    say("")
    for name, value, wanted, most in rows:
        missed = most is not None and value > most
        if name == "comments a second":
            missed = not fast_enough
        elif value is False:
            missed = True
        good = good and not missed
        say(f"{name:52} {value!s:>9}   {wanted:9} {'MISSED' if missed else ''}")
    say(json.dumps(result))
    return 0 if good else 1


def _of(result: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [page for name, page in result["pages"].items() if name.startswith(f"{kind}, ")]


if __name__ == "__main__":
    sys.exit(main())
