"""Large bodies and large answers through the real server: memory stays flat, ranges are exact (architecture)."""

import base64
import http.client
import json
import sys
from collections.abc import Iterator

import pytest

from repositories import git
from repositories.actions import commit

MB = 1024 * 1024
BLOCK = bytes(range(256)) * 12 * 1024  # 3 MiB: in base64 without a rest
HEADER = b'{"key": "header", "value": {"summary": "Large"}}\n{"key": "file", "value": {"content": "'
FOOTER = b'", "path": "large.bin", "encoding": "base64"}}\n'
COMMIT = "/api/models/nok/tiny-model/commit/main"


def lines(blocks: int) -> Iterator[bytes]:
    yield HEADER
    block = base64.b64encode(BLOCK)
    for _number in range(blocks):
        yield block
    yield FOOTER


@pytest.fixture
def connection(server):
    opened = http.client.HTTPConnection(server.removeprefix("http://"), timeout=120)
    yield opened
    opened.close()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_stays_flat(connection, gunicorn, token, repository, owner):
    size = 60 * len(BLOCK)
    length = sum(map(len, (HEADER, FOOTER))) + size // 3 * 4
    headers = {"Authorization": f"Bearer {token(owner)}", "Content-Length": str(length)}
    gunicorn.memory()
    before = gunicorn.memory()
    connection.request("POST", COMMIT, lines(60), headers)
    answered = connection.getresponse()
    assert (answered.status, json.loads(answered.read())["success"]) == (200, True)
    assert gunicorn.memory() - before < 48 * MB
    connection.request("GET", "/nok/tiny-model/resolve/main/large.bin")
    answered = connection.getresponse()
    assert sum(len(piece) for piece in iter(lambda: answered.read(MB), b"")) == size
    assert gunicorn.memory() - before < 48 * MB


def test_a_body_in_chunks(connection, token, repository, owner):
    headers = {"Authorization": f"Bearer {token(owner)}", "Transfer-Encoding": "chunked"}
    connection.request("POST", COMMIT, lines(1), headers, encode_chunked=True)
    assert connection.getresponse().status == 200
    repository.refresh_from_db()
    assert git.read_file(repository, "large.bin") == BLOCK


@pytest.mark.parametrize("first", [0, 5, 11 * MB - 10])
def test_a_range_of_a_large_file(connection, repository, owner, first):
    content = BLOCK * 4
    commit(repository, {"large.bin": content}, actor=owner, message="Add it")
    for _twice in range(2):  # the connection is kept: not a byte too many
        connection.request(
            "GET", "/nok/tiny-model/resolve/main/large.bin", headers={"Range": f"bytes={first}-{first + 99_999}"}
        )
        answered = connection.getresponse()
        assert (answered.status, answered.read()) == (206, content[first : first + 100_000])
