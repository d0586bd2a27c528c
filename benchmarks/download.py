"""`make bench-download`: a file of 200 MB from Ombud and from nginx (or, lacking that, a plain file server), in turns.

The web server is the one of `make run`, on a throwaway database. While it streams, the memory of its workers is
sampled. Prints a table, then one line of JSON; exits 1 where a figure misses its limit.
"""

import hashlib
import json
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.carry_out import carry_out
from benchmarks.main_job import manage, quiet
from launcher import services
from launcher.child import Child, Step, say
from launcher.errors import LaunchError
from launcher.port import LOOPBACK
from launcher.postgres import Postgres
from launcher.signals import StopFlag
from launcher.supervise import Team
from launcher.throwaway import throwaway

SIZE = 200_000_000  # bytes
ROUNDS = 9
RATIO = 2.0
GROWTH = 20.0  # MB
PATIENCE = 90.0  # seconds until a server must answer

NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; {user}
events {{ }}
http {{
  access_log off; sendfile on; default_type application/octet-stream;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen {host}:{port}; root {folder}/files; }}
}}
"""


def main() -> int:

    def work(stop_flag: StopFlag) -> int:
        with throwaway(stop_flag=stop_flag) as server:
            return run(server, stop_flag)

    return carry_out(work)


def run(server: Postgres, stop_flag: StopFlag) -> int:
    """Start both servers, download in turns; returns the exit status."""
    data = server.home / "var"
    logs = data / "logs"
    logs.mkdir(parents=True)
    (data / "static").mkdir()
    os.environ |= {"OMBUD_DATA": str(data), "DATABASE_URL": server.app_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("BROKER_URL", None)
    os.environ.pop("OMBUD_ACCEL", None)
    environment = dict(os.environ)
    team = Team(stop_flag)
    try:
        manage(["migrate", "--verbosity=0"], environment | {"DATABASE_URL": server.owner_url}, logs)
        with Step("Making the file"):
            file = make_file(server.home / "plain")
            path = publish(file)
        listener = socket.create_server((LOOPBACK, 0))
        web = quiet(services.web(environment, logs, listener.fileno()))
        team.add(web)
        name, plain, port = plain_server(file, logs)
        team.add(plain)
        ours, theirs = (listener.getsockname()[1], path), (port, f"/{file.name}")
        with Step("Waiting for both servers"):
            await_answer(ours, stop_flag)
            await_answer(theirs, stop_flag)
        result = measure(ours, theirs, file, web, stop_flag) | {"other": name}
    finally:
        team.stop()
    return report(result)  # after everything else has been said: the line of JSON is the last


def make_file(folder: Path) -> Path:
    """SIZE bytes that do not compress."""
    (folder / "files").mkdir(parents=True)
    file = folder / "files" / "weights.bin"
    with file.open("wb") as stream:
        for _piece in range(SIZE // 1_000_000):
            stream.write(os.urandom(1_000_000))
    return file


def publish(file: Path) -> str:
    """The path at which Ombud serves the file, from a repository of its own."""
    import django

    django.setup()
    from accounts.actions import register
    from accounts.models import User
    from repositories import git
    from repositories.actions import commit_changes, create_repository

    owner = register(User(username="bench", email="bench@people.example"), password=os.urandom(20).hex())
    repository = create_repository(owner.namespace, "weights", kind="model", actor=owner)
    with file.open("rb") as stream:
        stored = git.store_content(repository, stream)
    commit_changes(repository, [git.Put(file.name, stored.oid)], actor=owner, message="Add weights")
    return f"/bench/weights/raw/{file.name}"


def plain_server(file: Path, logs: Path) -> tuple[str, Child, int]:
    """nginx or, lacking that, Python's file server, for the folder of `file`: its name, itself, its port."""
    with socket.create_server((LOOPBACK, 0)) as free:
        port = free.getsockname()[1]
    folder = file.parent.parent
    if not (nginx := shutil.which("nginx")):
        command = [sys.executable, "-m", "http.server", str(port), "--bind", LOOPBACK, "--directory", str(file.parent)]
        return "python http.server", quiet(Child("plain", command, log=logs / "plain.log")), port
    user = "user root;" if os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, host=LOOPBACK, port=port, user=user))
    command = [nginx, "-p", str(folder), "-c", str(settings), "-e", str(logs / "plain.log")]
    return "nginx", quiet(Child("plain", command, log=logs / "plain.out")), port


def measure(
    ours: tuple[int, str], theirs: tuple[int, str], file: Path, web: Child, stop_flag: StopFlag
) -> dict[str, Any]:
    """Seconds of both, in turns, and how far the workers' memory grew meanwhile."""
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    seconds: dict[str, list[float]] = {"ours": [], "theirs": []}
    with sampled_memory(web) as memory, Step(f"Downloading {ROUNDS} times from each"):
        right = {download(*there, check=True)[1] for there in (ours, theirs)} == {expected}
        for _round in range(ROUNDS):
            stop_flag.pause(0)
            seconds["ours"].append(download(*ours)[0])
            seconds["theirs"].append(download(*theirs)[0])
    mine, other = median(seconds["ours"]), median(seconds["theirs"])
    return {
        "megabytes": SIZE / 1e6,
        "ours_seconds": round(mine, 3),
        "other_seconds": round(other, 3),
        "ratio": round(mine / other, 2),
        "memory_mb": round(memory["start"], 1),
        "memory_growth_mb": round(memory["most"] - memory["start"], 1),
        "same_bytes": right,
    }


def download(port: int, path: str, *, check: bool = False) -> tuple[float, str]:
    """Seconds for the whole answer to GET `path`, and its SHA-256 if it is checked. Raises LaunchError for another."""
    hashed, size, buffer = hashlib.sha256(), 0, memoryview(bytearray(1 << 20))
    began = time.perf_counter()
    with socket.create_connection((LOOPBACK, port), timeout=60) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nConnection: close\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
            head += piece
        head, _end, start = head.partition(b"\r\n\r\n")
        size = len(start)
        hashed.update(start)
        while number := connection.recv_into(buffer):
            size += number
            if check:
                hashed.update(buffer[:number])
    seconds = time.perf_counter() - began
    if b" 200 " not in head.splitlines()[0] or size != SIZE:
        raise LaunchError(f"{path} came with {head[:60]!r} and {size} bytes.", "Look at the logs.")
    return seconds, hashed.hexdigest()


def await_answer(there: tuple[int, str], stop_flag: StopFlag) -> None:
    """Wait until the server answers, then let each of its workers answer a few times: they load code at first."""
    port, path = there
    give_up, answered = time.monotonic() + PATIENCE, 0
    while answered < 12:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=60) as connection:
                connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nConnection: close\r\n\r\n".encode())
                answered += b" 200 " in connection.recv(4096)
        except OSError:
            stop_flag.pause(0.2)
        if time.monotonic() > give_up:
            raise LaunchError(f"Nothing answers at port {port}.", "Look at the logs.")


@contextmanager
def sampled_memory(web: Child) -> Iterator[dict[str, float]]:
    """The resident memory of all workers together at the start, and the most of it inside, in MB."""
    found = {"start": resident(web), "most": 0.0}
    done = threading.Event()

    def sample() -> None:
        while not done.wait(0.005):
            found["most"] = max(found["most"], resident(web))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def resident(web: Child) -> float:
    total = 0
    for worker in Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split():
        lines = Path(f"/proc/{worker}/status").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return total / 1024


def report(result: dict[str, Any]) -> int:
    """Print the table and the line of JSON; returns the exit status."""
    rows = [
        ("seconds from Ombud, median", result["ours_seconds"], "", True),
        (f"seconds from {result['other']}, median", result["other_seconds"], "", True),
        ("ratio", result["ratio"], f"<= {RATIO}", result["ratio"] <= RATIO),
        ("MB of memory of the workers before", result["memory_mb"], "", True),
        ("MB more while streaming", result["memory_growth_mb"], f"< {GROWTH:.0f}", result["memory_growth_mb"] < GROWTH),
        ("the same bytes", result["same_bytes"], "True", result["same_bytes"]),
    ]
    say("")
    for name, value, wanted, good in rows:
        say(f"{name:44} {value!s:>10}   {wanted:8} {'' if good else 'MISSED'}")
    say(json.dumps(result))
    return 0 if all(good for *_others, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
