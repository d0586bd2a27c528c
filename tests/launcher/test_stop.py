import os
import signal
import subprocess
import time

import pytest

from tests.launcher.project import Project, stop, until


def test_second_ctrl_c_does_not_abort_cleaning_up(project: Project) -> None:
    """Started as a background job, for which shells ignore SIGINT."""
    process = project.start(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    process.send_signal(signal.SIGINT)
    until(lambda: "Stopping" in project.said())
    assert stop(process, signal.SIGINT) == 0
    assert project.processes() == []
    assert not (project.data / "run.json").exists()


def test_stopped_while_starting(project: Project) -> None:
    process = project.launch("run", "--port", str(project.port))
    until(lambda: "Starting the database" in project.said())
    assert stop(process, signal.SIGTERM) == 0
    assert project.processes() == []


def test_second_start_is_quick_and_keeps_the_data_whatever_the_environment(project: Project) -> None:
    stop(project.start(), signal.SIGTERM)
    began = time.monotonic()
    project.start(env={"LANG": "xx_YY.latin1", "LC_ALL": "xx_YY.latin1", "PGHOST": "elsewhere", "PGPORT": "1"})
    assert time.monotonic() - began < 10
    assert project.page() == "2"  # one row from each start


def test_killed_database_of_a_killed_launcher_is_taken_over(project: Project) -> None:
    """What remains is the worst case: orphans, stale lock files, a port that is just being freed."""
    process = project.start()
    os.kill(process.pid, signal.SIGSTOP)
    os.kill(project.pids("bin/postgres -D")[0], signal.SIGKILL)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    project.start()
    assert project.page() == "2"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_runs_as_a_normal_user(project: Project) -> None:
    """The capability stands for a Python that this user may read, which root's own may not be."""
    for path in (project.folder, *project.folder.rglob("*")):
        os.chown(path, 65534, 65534)
    capability = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    project.prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *capability]
    if subprocess.run([*project.prefix, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this sandbox does not let us become somebody else")
    process = project.start()
    assert project.page() == "1"
    assert (project.data / "postgresql" / "cluster").is_dir()
    process.kill()
    until(lambda: project.processes() == [])
