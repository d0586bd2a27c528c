"""Bytes on the wire: ranges, ETags, large files, what is counted (A2; architecture, "Large files")."""

import hashlib

import pytest

from repositories.actions import commit

SMALL, LARGE = bytes(range(256)) * 4, bytes(range(256)) * 45_000
SHA256 = hashlib.sha256(LARGE).hexdigest()
FILES = {"small.bin": SMALL, "large.bin": LARGE, "empty.bin": b""}


@pytest.fixture
def repository(repository, owner):
    commit(repository, FILES, actor=owner, message="Add files")
    return repository


def get(send, path="large.bin", method="get", **headers):
    return send(method, f"/nok/tiny-model/resolve/main/{path}", **headers)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("path", FILES)
def test_whole(send, repository, path):
    response = get(send, path)
    assert (response.status_code, body(response)) == (200, FILES[path])
    assert int(response["Content-Length"]) == len(FILES[path])
    assert (response["X-Repo-Commit"], response["Accept-Ranges"]) == (repository.head, "bytes")
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("path", ["small.bin", "large.bin"])
@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("0-", 0, None), ("5-9", 5, 10), ("1000-", 1000, None), ("-24", -24, None), ("0-99999999999", 0, None)],
)
def test_range(send, repository, path, asked, start, end):
    content = FILES[path]
    response = get(send, path, Range=f"bytes={asked}")
    wanted = content[start:end]
    first = content.index(wanted[:1]) if start == 0 else start % len(content)
    assert (response.status_code, body(response)) == (206, wanted)
    assert response["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(content)}"
    assert int(response["Content-Length"]) == len(wanted)


@pytest.mark.parametrize("asked", ["bytes=2-1", "bytes=-", "bytes=1-2,5-6", "lines=1-2", "bytes=a-b", "5-9"])
def test_what_is_no_single_range_is_the_whole(send, repository, asked):
    response = get(send, "small.bin", Range=asked)
    assert (response.status_code, body(response)) == (200, SMALL)


@pytest.mark.parametrize(
    ("path", "asked"), [("small.bin", "1024-"), ("large.bin", "99999999-"), ("empty.bin", "0-"), ("small.bin", "-0")]
)
def test_a_range_outside(send, repository, path, asked):
    response = get(send, path, Range=f"bytes={asked}")
    assert (response.status_code, body(response)) == (416, b"")
    assert response["Content-Range"] == f"bytes */{len(FILES[path])}"


def test_etags(send, repository):
    small, large = (get(send, path, "head") for path in ("small.bin", "large.bin"))
    assert "X-Linked-ETag" not in small
    assert len(small["ETag"]) == 42
    assert (large["ETag"], large["X-Linked-ETag"], large["X-Linked-Size"]) == (
        f'"{SHA256}"',
        f'"{SHA256}"',
        str(len(LARGE)),
    )
    assert int(large["Content-Length"]) == len(LARGE)


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_who_has_it_gets_nothing(send, repository, known):
    response = get(send, **{"If-None-Match": known.format(SHA256)})
    assert (response.status_code, body(response)) == (304, b"")
    assert (response["ETag"], response["X-Repo-Commit"]) == (f'"{SHA256}"', repository.head)


def test_who_has_another_gets_the_whole(send, repository):
    assert get(send, **{"If-None-Match": '"x"'}).status_code == 200
    assert get(send, Range="bytes=5-9", **{"If-Range": '"x"'}).status_code == 200
    assert get(send, Range="bytes=5-9", **{"If-Range": f'"{SHA256}"'}).status_code == 206


@pytest.mark.parametrize(
    ("method", "headers", "counted"),
    [
        ("get", {}, 1),
        ("get", {"Range": "bytes=0-99"}, 1),
        ("get", {"Range": "bytes=100-"}, 0),
        ("get", {"Range": "bytes=-5"}, 0),
        ("get", {"Range": "bytes=99999999-"}, 0),
        ("get", {"If-None-Match": f'"{SHA256}"'}, 0),
        ("head", {}, 0),
    ],
)
def test_one_download_is_counted_once(send, repository, method, headers, counted):
    get(send, "large.bin", method, **headers)
    repository.refresh_from_db()
    assert repository.downloads == counted


def test_nginx_sends_it(send, settings, repository):
    settings.ACCEL_PREFIX = "/files/"
    response = get(send, Range="bytes=5-9")
    assert (response.status_code, body(response)) == (200, b"")  # nginx reads the range
    place = settings.LARGE_FILE_ROOT / response["X-Accel-Redirect"].removeprefix("/files/")
    assert place.read_bytes() == LARGE
    assert get(send, "small.bin").content == SMALL
    assert get(send, "large.bin", "head")["Content-Length"] == str(len(LARGE))
