"""`make run`: everything up, in order; and down again."""

import http.client
import os
import time
from pathlib import Path
from socket import socket

from launcher import services
from launcher.belonging import tie
from launcher.child import Child, Step, last_lines, say
from launcher.errors import LaunchError, StopAskedError
from launcher.instance import only_instance, was_killed, write_addresses
from launcher.places import data_folder, database_home, make_folder
from launcher.port import LOOPBACK, listen, listen_beside
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team

ANSWER_LIMIT = 90.0  # seconds until the first page must have come
KILLED_ENDS_WITHIN = 8.0  # seconds that the processes of a killed launcher may need to end and free the port


def run(port: str, stop_flag: StopFlag) -> int:
    """Start everything, keep it running until a signal comes, stop it; 0 after a clean stop.

    Raises LaunchError with a way out when something is in the way.
    """
    data = make_folder(data_folder(), 0o700)
    logs = make_folder(data / "logs", 0o700)
    team = Team(stop_flag)
    patience = KILLED_ENDS_WITHIN if was_killed(data) else 0.0
    with only_instance(data), listen(port, patience) as listener, listen_beside(int(port)) as beside:
        try:
            _start(team, data, logs, (listener, beside), f"http://{LOOPBACK}:{port}/")
            team.run_until_asked_to_stop()
        except StopAskedError:
            say("\nStopping. This takes a few seconds; another Ctrl-C changes nothing.")
        finally:
            team.stop()
    say("Ombud has stopped. Your data is kept; make run starts it again.")
    return 0


def _start(team: Team, data: Path, logs: Path, sockets: tuple[socket, socket], address: str) -> None:
    """`sockets` listen for the web server and for the events process."""
    began = time.monotonic()
    for_pages, for_events = sockets
    environment = dict(os.environ) | {"OMBUD_DATA": str(data), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    environment.setdefault("OMBUD_SITE_URL", address.rstrip("/"))  # links in mails
    environment.setdefault("OMBUD_EVENTS_URL", f"http://{LOOPBACK}:{for_events.getsockname()[1]}/events")
    make_folder(data / "static", 0o755)
    owner_url = _database(team, data, logs, environment)
    write_addresses(data, _addresses(environment, owner_url, address))
    _manage(["migrate", "--noinput"], environment | {"DATABASE_URL": owner_url}, logs, team.stop_flag)
    web = services.web(environment, logs, for_pages.fileno())
    team.add(web)  # it loads its code on one core while the demo hub keeps the other busy
    if environment.get("OMBUD_ENV", "demo") == "demo":
        _manage(["load_demo"], environment, logs, team.stop_flag)
    with Step("Starting the web server"):
        _wait_for_page(address, web, team.stop_flag)
    # Only now, so that the first page does not wait for them either.
    team.add(services.events(environment, logs, for_events.fileno()))
    team.add(services.scheduler(environment, logs))
    team.add(services.workers(environment | {"OMBUD_SCORER": "service"}, logs))
    team.add(services.scorer(environment, logs))
    say(f"\nOmbud is running at {address}  (started in {time.monotonic() - began:.1f} s)")
    sign_ins = data / "sign-ins.txt"
    if sign_ins.exists():
        say(f"\nSign-ins (kept in {sign_ins}):\n{sign_ins.read_text().strip()}")
    say(f"\nLogs, and the mails that it would send: {logs}\nCtrl-C stops it.\n")


def _database(team: Team, data: Path, logs: Path, environment: dict[str, str]) -> str:
    """Start the embedded database unless DATABASE_URL names another; puts the address into `environment`.

    Returns the address for the owner of the tables.
    """
    if environment.get("DATABASE_URL"):
        say("Using the database of DATABASE_URL.")
        return environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]
    home = database_home(data)
    tie(data, home)
    server = Postgres(home, logs / "database.log", stop_flag=team.stop_flag)
    team.database = server
    with Step("Starting the database"):
        server.start()
    environment["DATABASE_URL"] = server.app_url
    environment["DATABASE_OWNER_URL"] = server.owner_url
    return server.owner_url


def _addresses(environment: dict[str, str], owner_url: str, address: str) -> dict[str, str]:
    return {
        "DATABASE_URL": environment["DATABASE_URL"],
        "DATABASE_OWNER_URL": owner_url,
        "BROKER_URL": environment.get("BROKER_URL", ""),
        "address": address,
        "events": environment["OMBUD_EVENTS_URL"],
    }


def _manage(arguments: list[str], environment: dict[str, str], logs: Path, stop_flag: StopFlag) -> None:
    """Run one `manage.py` command to its end; raises LaunchError with its last lines when it fails."""
    child = services.manage(arguments, environment, logs)
    with Step(f"Running manage.py {arguments[0]}"):
        child.start()
        try:
            while not child.wait(0.1):
                stop_flag.pause(0)
        finally:
            child.stop()
        if child.code:
            log = logs / f"{arguments[0]}.log"
            raise LaunchError(
                f"manage.py {arguments[0]} failed:\n{last_lines(log, 3)}",
                f"The whole log is {log}. Mend what it says and start again.",
            )


def _wait_for_page(address: str, web: Child, stop_flag: StopFlag) -> None:
    """Wait until the web server answers, whatever it says; raises LaunchError when it ends or stays silent."""
    give_up = time.monotonic() + ANSWER_LIMIT
    host = address.removeprefix("http://").rstrip("/")
    while time.monotonic() < give_up:
        stop_flag.pause(0.1)
        if not web.running:
            break
        connection = http.client.HTTPConnection(host, timeout=2)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            continue
        finally:
            connection.close()
        return
    web.stop()
    end = last_lines(web.log, 5) if web.log else ""
    raise LaunchError(f"The web server does not answer. The end of its log:\n{end}", f"The whole log is {web.log}")
