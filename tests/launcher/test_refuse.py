import socket
import subprocess

import pytest

from tests.launcher.project import Project


def test_taken_port(project: Project) -> None:
    with socket.create_server(("127.0.0.1", project.port)):
        said = project.refused()
    assert f"Port {project.port} is taken by another program." in said
    assert f"make run PORT={project.port + 1}" in said
    assert project.processes() == []


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_no_port(project: Project, port: str) -> None:
    assert "is not a port" in project.refused("run", f"--port={port}")


def test_failed_step_shows_its_last_lines(project: Project) -> None:
    said = project.refused(env={"STUB_FAILS": "migrate"})
    assert "manage.py migrate failed" in said
    assert "the reason why it failed" in said
    assert project.processes() == []


def test_web_server_that_never_starts(project: Project) -> None:
    (project.folder / "config" / "wsgi.py").write_text("raise RuntimeError('the page is broken')")
    said = project.refused()
    assert "does not answer" in said
    assert "the page is broken" in said
    assert project.processes() == []


def test_data_folder_that_is_a_file(project: Project) -> None:
    project.data.write_text("in the way")
    assert f"We cannot use the folder {project.data}" in project.refused()


def test_reset_needs_a_yes_and_then_empties_the_database(project: Project) -> None:
    (project.data / "logs").mkdir(parents=True)
    (project.data / "run.lock").write_text("left by a killed process")
    (project.data / "kept.txt").write_text("not ours")
    assert "Nothing was deleted" in project.refused("reset", stdin=subprocess.DEVNULL)
    assert project.launch("reset", "--yes").wait(10) == 0
    assert sorted(path.name for path in project.data.iterdir()) == ["kept.txt", "run.lock"]
