"""Threads of the web server that stay with a connection, by a real gunicorn; here for a minute, to see who waits."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from tests.processes import kill, wait_until

STAYS, PATIENCE = 60, 10
APPLICATION = f"""
import threading, time
from launcher import staying
staying.STAY_MS = {STAYS} * 1000

class Worker(staying.StayingWorker):
    pass

def application(environ, start_response):
    body = environ["wsgi.input"].read()
    time.sleep(float(environ["QUERY_STRING"] or 0))
    said = f"{{threading.get_ident()}} {{len(body)}}".encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]
"""
Server = tuple["subprocess.Popen[bytes]", int]


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """One process with two threads; and its port."""
    (tmp_path / "staying_application.py").write_text(APPLICATION)
    options = "--workers 1 --threads 2 --keep-alive 60 --graceful-timeout 3 --no-control-socket"
    options += " --worker-class staying_application.Worker"
    with socket.create_server(("127.0.0.1", 0)) as listening, (tmp_path / "web.log").open("wb") as output:
        port, descriptor = listening.getsockname()[1], listening.fileno()
        command = [sys.executable, "-m", "gunicorn", "staying_application:application", *options.split()]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{descriptor}"],
            cwd=settings.BASE_DIR,
            env=dict(os.environ) | {"PYTHONPATH": f"{tmp_path}:{settings.BASE_DIR}"},
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(descriptor,),
            start_new_session=True,
        )
    try:
        yield process, port
    finally:
        kill(process)


class Client:
    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server[1], timeout=PATIENCE)

    def ask(self, seconds: float = 0, body: bytes = b"") -> str:
        """The thread that answered, and how many bytes it was sent."""
        self.connection.request("POST", f"/?{seconds}", body)
        response = self.connection.getresponse()
        assert response.status == 200
        return response.read().decode()


def test_one_thread_answers_a_connection_that_asks_again(server):
    one, other = Client(server), Client(server)
    threads = {one.ask() for _time in range(20)}
    assert len(threads) == 1
    assert {other.ask() for _time in range(20)}.isdisjoint(threads)
    assert {one.ask() for _time in range(20)} == threads


def test_nobody_waits_for_a_thread_that_stays(server):
    clients = [Client(server) for _one in range(9)]
    for _round in range(5):
        for client in clients:
            client.ask(body=b"1234")
    with ThreadPoolExecutor(9) as pool:
        for found in [pool.submit(_often, client) for client in clients]:
            found.result(PATIENCE * 2)


def _often(client: Client) -> None:
    for size in range(40):
        assert client.ask(body=b"x" * size).endswith(f" {size}")


def test_what_was_sent_together_is_answered_in_order(server):
    with socket.create_connection(("127.0.0.1", server[1]), timeout=PATIENCE) as connection:
        asked = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}"
        connection.sendall("".join(asked.format(size, "x" * size) for size in range(5)).encode())
        said = b""
        answers: list[bytes] = []
        while len(answers) < 5:
            part = connection.recv(4_096)
            assert part, said
            said += part
            answers = re.findall(rb"\r\n\r\n\d+ (\d)", said)
    assert answers == [b"0", b"1", b"2", b"3", b"4"]


def test_a_connection_that_ends_frees_its_thread(server):
    for _time in range(20):
        client = Client(server)
        client.ask()
        client.connection.close()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(Client(server).ask, 0.3) for _one in range(2)]
        assert len({one.result(PATIENCE).split()[0] for one in both}) == 2


def test_it_ends_in_time_and_what_is_being_answered_is_answered(server):
    staying, slow = Client(server), Client(server)
    staying.ask()
    said: list[str] = []
    asking = threading.Thread(target=lambda: said.append(slow.ask(1)))
    asking.start()
    wait_until(lambda: slow.connection.sock is not None, why="the request was sent")
    threading.Event().wait(0.3)
    server[0].send_signal(signal.SIGTERM)
    assert server[0].wait(PATIENCE) == 0
    asking.join(PATIENCE)
    assert len(said) == 1
