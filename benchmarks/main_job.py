"""`make main-job COMMENTS=FILE [FAULTS=1]`: real comments through the whole main job, on a throwaway database.

Imports the comments, reports every one through the action behind the form, has the workers score them, and reads the
queue. With FAULTS=1 a worker is killed with -9, the database restarted as in a crash, and the broker emptied on the
way. Prints a table, then one line of JSON; exits 1 where a figure misses its limit.
"""

import argparse
import csv
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.carry_out import carry_out
from benchmarks.faults import Faults
from launcher import services
from launcher.child import Step, say
from launcher.errors import LaunchError
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team
from launcher.throwaway import throwaway

SECONDS = 60.0
# After a kill a lease must run out and a sweep come by; the figure without faults says how fast it is.
SECONDS_WITH_FAULTS = 240.0
SINGLE_SECONDS = 2.0
AUROC, PRECISION_AT_100 = 0.84, 0.95


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("comments", type=Path, help="CSV with the columns text and is_toxic, or JSON lines")
    parser.add_argument("--faults", action="store_true", help="kill, restart and empty things on the way")
    options = parser.parse_args()

    def work(stop_flag: StopFlag) -> int:
        with throwaway(durable=True, stop_flag=stop_flag) as server:
            return run(server, options.comments, options.faults, stop_flag)

    return carry_out(work)


def run(server: Postgres, file: Path, faults: bool, stop_flag: StopFlag) -> int:
    """The job on `server`; returns the exit status."""
    data = server.home / "var"
    logs = data / "logs"
    logs.mkdir(parents=True)
    os.environ |= {"OMBUD_DATA": str(data), "DATABASE_URL": server.app_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("BROKER_URL", None)
    environment = dict(os.environ)
    team = Team(stop_flag)
    try:
        manage(["migrate", "--verbosity=0"], environment | {"DATABASE_URL": server.owner_url}, logs)
        manage(["import_comments", str(file)], environment, logs)
        import django

        django.setup()
        from benchmarks import measure

        workers = services.workers(environment, logs)
        workers.echo = False
        team.add(workers)
        team.add(quiet(services.scheduler(environment, logs)))
        single = measure.single_report(stop_flag)
        fault = Faults(server, team, workers) if faults else None
        began = time.monotonic()
        replay = quiet(services.manage(["replay_reports"], environment, logs))
        total = measure.imported()
        with Step("Reporting and scoring"):
            team.members.append(replay)
            replay.start()
            done = 0
            while done < total or replay.running:
                stop_flag.pause(0.1)
                finished = measure.steady(measure.scored, done)
                if finished != done:
                    say(f"{finished} of {total} scored after {time.monotonic() - began:.1f} s")
                done = finished
                if fault:
                    fault.look(done, total)
                look_after(team, replay)
                if time.monotonic() - began > SECONDS_WITH_FAULTS:
                    break
        seconds = time.monotonic() - began
        result = measure.result(truth(file)) | {"seconds": round(seconds, 1)}
    finally:
        team.stop()
    return report(result, single, faults, fault)  # after everything else has been said: the line of JSON is the last


def look_after(team: Team, replay: Any) -> None:
    """Start again what ended; the replay until it came through once: it reports nothing twice."""
    if not replay.running:
        team.members.remove(replay) if replay in team.members and replay.code == 0 else None
        if replay.code != 0:
            say("The replay of reports was interrupted; running it again ...")
            replay.start()
    others = [member for member in team.members if member is not replay]
    kept, team.members = team.members, others
    try:
        team.look_after()
    finally:
        team.members = kept


def manage(arguments: list[str], environment: dict[str, str], logs: Path) -> None:
    """Run one command to its end; raises LaunchError with its last lines when it fails."""
    child = quiet(services.manage(arguments, environment, logs))
    with Step(f"manage.py {arguments[0]}"):
        child.start()
        while not child.wait(0.1):
            pass
    if child.code:
        text = (logs / f"{arguments[0]}.log").read_text(errors="replace")
        raise LaunchError(f"manage.py {arguments[0]} failed:\n{text[-2000:]}", "Mend what it says and run it again.")


def quiet(child: Any) -> Any:
    child.echo = False
    return child


def truth(file: Path) -> dict[tuple[str, int], bool] | None:
    """Label of every comment by its text and occurrence; None when the file has none."""
    if file.suffix != ".csv":
        return None
    from community.importing import rows_of

    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    if not rows or "is_toxic" not in rows[0]:
        return None
    seen: Counter[str] = Counter()
    labels = {}
    for (_line, text), row in zip(rows_of(file), rows, strict=True):
        seen[text] += 1
        labels[text, seen[text]] = row["is_toxic"].strip().lower() in ("toxic", "1", "true", "yes")
    return labels


def report(result: dict[str, Any], single: float, faults: bool, fault: Faults | None) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    limit = SECONDS_WITH_FAULTS if faults else SECONDS
    rows = [
        ("comments", result["comments"], "", True),
        ("scored", result["scored"], "all", result["scored"] == result["comments"]),
        ("lost", result["lost"], "0", result["lost"] == 0),
        ("scored twice", result["twice"], "0", result["twice"] == 0),
        ("AUROC of toxicity", result["auroc"], f">= {AUROC}", result["auroc"] is None or result["auroc"] >= AUROC),
        (
            "toxic among the queue's first 100",
            result["precision_at_100"],
            f">= {PRECISION_AT_100}",
            result["precision_at_100"] is None or result["precision_at_100"] >= PRECISION_AT_100,
        ),
        ("seconds until all were scored", result["seconds"], f"<= {limit:.0f}", result["seconds"] <= limit),
        ("seconds for a single report", round(single, 2), f"<= {SINGLE_SECONDS:.0f}", single <= SINGLE_SECONDS),
    ]
    if fault:
        rows.append(("faults", ", ".join(fault.done), "all three", len(fault.done) == 3))
    say("")
    for name, value, wanted, good in rows:
        say(f"{name:36} {value!s:>12}   {wanted:10} {'' if good else 'MISSED'}")
    say(json.dumps(result))
    return 0 if all(good for *_others, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
