"""The embedded PostgreSQL 18: a foreground child of ours, on a unix socket only."""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from launcher.binaries import program_folder, quiet_environment
from launcher.child import Child, last_lines
from launcher.cluster import ensure_cluster, read_passwords
from launcher.errors import LaunchError
from launcher.leftovers import end_leftovers
from launcher.memory import megabytes_of_pages
from launcher.places import database_account, make_folder
from launcher.roles import APPLICATION, DATABASE, OWNER, SUPERUSER, grants_sql, roles_sql
from launcher.signals import StopFlag
from launcher.sockets import private_folder, socket_folder

PORT = 5432  # only a part of the socket's name
START_LIMIT = 120.0  # seconds; recovery after a crash included


class Postgres:
    """One embedded server with its files in `home`.

    `durable=False` switches fsync off (throwaway databases only). `tests=True` lets the owner create
    databases. `stop_flag` ends waiting early when somebody asks us to stop.
    """

    def __init__(
        self,
        home: Path,
        log: Path,
        *,
        durable: bool = True,
        tests: bool = False,
        stop_flag: StopFlag | None = None,
    ) -> None:
        self.home = home
        self.log = log
        self.durable = durable
        self.tests = tests
        self.stop_flag = stop_flag or StopFlag()
        self.cluster = home / "cluster"
        self.sockets = socket_folder(home)
        self.child: Child | None = None
        self.prepared = False

    def url(self, role: str, database: str = DATABASE) -> str:
        """A connection URL for `role`, the socket's folder percent-encoded as the host.

        It names the port too, which is part of the socket's name: PGPORT in somebody's environment would win.
        """
        password = read_passwords(self.cluster)[role]
        return f"postgresql://{role}:{quote(password)}@{quote(str(self.sockets), safe='')}:{PORT}/{database}"

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        return self.url(APPLICATION)

    def start(self) -> None:
        """Make the files when missing, end what an earlier server left, start, wait until it takes queries.

        Raises LaunchError with the end of the log when it does not come up, StopAskedError on a signal.
        """
        account = database_account()
        make_folder(self.home, 0o755 if account else 0o700)
        self.cluster = ensure_cluster(self.home, durable=self.durable)
        end_leftovers(self.data)
        private_folder(self.sockets)
        self.child = Child(
            "database",
            [str(program_folder() / "postgres"), "-D", str(self.data), *self._settings()],
            environment=quiet_environment(),
            log=self.log,
            echo=False,
            account=account,
            death_signal=signal.SIGINT,  # "fast": disconnects everybody and shuts down cleanly
            stop_signal=signal.SIGINT,
            patience=30,
            folder=self.data,
        )
        self.child.start()
        self._wait_until_ready(self.child)
        if not self.prepared:
            self._prepare()
            self.prepared = True

    @property
    def data(self) -> Path:
        return self.cluster / "data"

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.running

    def stop(self, *, immediate: bool = False) -> None:
        """Stop the server: cleanly, or `immediate`ly as in a crash (the next start recovers)."""
        if self.child is None:
            return
        self.child.stop(signal.SIGQUIT if immediate else None)
        end_leftovers(self.data)
        if self.sockets.parent != self.home:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def restart(self, immediate: bool = False) -> None:
        """Stop and start again, for fault tests and after a crash."""
        self.stop(immediate=immediate)
        self.start()

    def psql(self, sql: str, database: str = DATABASE) -> str:
        """Run SQL as the superuser; returns the bare rows, raises LaunchError with PostgreSQL's words."""
        command = [str(program_folder() / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        command += ["-h", str(self.sockets), "-p", str(PORT), "-U", SUPERUSER, "-d", database]
        environment = quiet_environment() | {"PGPASSWORD": read_passwords(self.cluster)[SUPERUSER]}
        done = subprocess.run(command, input=sql, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LaunchError(f"The embedded database refused: {done.stderr.strip()}", f"Its log is {self.log}")
        return done.stdout.strip()

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.sockets),
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # The files lie on what has no arms to move: a list is walked in its order, not gathered and sorted.
            "random_page_cost": "1.1",
            # A decision locks some ninety tables and indexes. From version 18 on as many as this says fit beside the
            # process, and none goes into the table that all processes share.
            "max_locks_per_transaction": "256",
        }
        if self.durable:
            settings["shared_buffers"] = f"{megabytes_of_pages()}MB"
        else:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _wait_until_ready(self, child: Child) -> None:
        """Trust only what our own child wrote into postmaster.pid: a socket may be somebody else's."""
        give_up = time.monotonic() + START_LIMIT
        while not self._says_ready(child.pid):
            if not child.running:
                raise LaunchError(
                    f"PostgreSQL ended while starting. The end of {self.log}:\n{last_lines(self.log)}",
                    "Where the disk is full, free some space; an empty database comes with: make reset",
                )
            if time.monotonic() > give_up:
                raise LaunchError(f"PostgreSQL did not start within {START_LIMIT:.0f} s.", f"Its log is {self.log}")
            self.stop_flag.pause(0.02)

    def _says_ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _prepare(self) -> None:
        """Roles and database; what a start killed in between left out is added by the next one."""
        self.psql(roles_sql(read_passwords(self.cluster), tests=self.tests), "postgres")
        for database in (DATABASE, "template1") if self.tests else (DATABASE,):
            self.psql(grants_sql(), database)
