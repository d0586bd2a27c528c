"""One instance for all of them, in this order: each leaves it running."""

import os
import signal
import stat

from tests.launcher.project import Project, until


def test_shows_address_and_sign_ins_and_answers(running: Project) -> None:
    assert f"http://127.0.0.1:{running.port}/" in running.said()
    assert "password-of-the-stub" in running.said()
    assert running.page() == "1"


def test_events_have_the_next_port_and_come_back(running: Project) -> None:
    [before] = running.pids("uvicorn")
    assert running.events() == "events"
    os.kill(before, signal.SIGKILL)
    until(lambda: running.pids("uvicorn") not in ([], [before]))
    until(lambda: running.events() == "events")


def test_addresses_are_for_us_only(running: Project) -> None:
    assert stat.S_IMODE((running.data / "run.json").stat().st_mode) == 0o600
    assert "ombud_app" in running.addresses()["DATABASE_URL"]
    assert "ombud_owner" in running.addresses()["DATABASE_OWNER_URL"]


def test_second_instance_is_refused(running: Project) -> None:
    said = running.refused()
    assert f"already running (process {running.addresses()['pid']}) at {running.addresses()['address']}" in said
    assert "OMBUD_DATA=" in said
    assert running.page() == "1"


def test_reset_is_refused(running: Project) -> None:
    assert "already running" in running.refused("reset", "--yes")
    assert running.page() == "1"


def test_killed_worker_comes_back(running: Project) -> None:
    before = running.pids("dramatiq")
    os.kill(max(before), signal.SIGKILL)
    until(lambda: len(running.pids("dramatiq")) == 2 and not set(before) & set(running.pids("dramatiq")))


def test_killed_web_server_comes_back_on_its_port(running: Project) -> None:
    before = min(running.pids("gunicorn"))
    os.kill(before, signal.SIGKILL)
    until(lambda: running.pids("gunicorn") and before not in running.pids("gunicorn"))
    until(lambda: running.page() == "1")


def test_killed_database_comes_back_with_its_rows(running: Project) -> None:
    [before] = running.pids("bin/postgres -D")
    os.kill(before, signal.SIGKILL)
    until(lambda: running.pids("bin/postgres -D") not in ([], [before]))
    until(lambda: running.page() == "1")


def test_killed_launcher_leaves_nothing(running: Project) -> None:
    assert len(running.processes()) > 5
    os.kill(int(running.addresses()["pid"]), signal.SIGKILL)
    until(lambda: running.processes() == [])
