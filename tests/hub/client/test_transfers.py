"""Bytes on their way: commands of the shell, a line that breaks, a folder of 2,000 files (K2)."""

import hashlib
import random

import pytest

from repositories.actions import commit
from repositories.models import Repository
from tests.hub.client.server import breaking_line

LARGE = random.Random(1).randbytes(12_000_000)


def test_commands(shell, line, token, owner, reporter, tmp_path):
    folder, secret = tmp_path / "sent", token(owner)
    (folder / "weights").mkdir(parents=True)
    (folder / "README.md").write_text("# Sent\n")
    (folder / "weights" / "large.bin").write_bytes(LARGE)
    said = shell("upload", "nok/sent", str(folder), ".", token=secret)
    assert "/nok/sent/" in said
    got = tmp_path / "got"
    shell("download", "nok/sent", "--local-dir", str(got))
    assert (got / "weights" / "large.bin").read_bytes() == LARGE
    assert (got / "README.md").read_text() == "# Sent\n"
    single = tmp_path / "single"
    shell("download", "nok/sent", "README.md", "--local-dir", str(single))
    assert [path.name for path in single.glob("*.md")] == ["README.md"]
    assert Repository.objects.get(name="sent").downloads == 3


def test_a_broken_download_goes_on(run, server, repository, owner):
    commit(repository, {"large.bin": LARGE}, actor=owner, message="Add a file")
    # The client keeps what it has in pieces of 10 MiB.
    with breaking_line(server, after=11_000_000) as address:
        seen = run("download", at=address, name="nok/tiny-model", path="large.bin")
    sha256 = hashlib.sha256(LARGE).hexdigest()
    assert seen == {"size": len(LARGE), "sha256": sha256, "blob": sha256}
    repository.refresh_from_db()
    assert repository.downloads == 1


@pytest.mark.slow
def test_many_files(run, token, repository, owner):
    seen = run("large_folder", owner=token(owner), name="nok/tiny-model", number=2_000)
    assert seen["files"] == 2_001
