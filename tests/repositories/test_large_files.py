"""Files above 10 MB: one file on the disk named by its SHA-256, a pointer in the tree, flat memory (A1)."""

import hashlib
import os
import random
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError

from foundation.errors import Refused
from repositories import git
from repositories.actions import commit
from repositories.git import LARGE
from repositories.models import Repository
from tests.repositories.committing import add, check, run_git, write

CONTENT = random.Random(12).randbytes(12 * 1024 * 1024)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def filled():
    repository = Repository()
    stored = git.store_bytes(repository, CONTENT)
    write(repository, [git.Put("weights.bin", stored.oid)])
    return repository


def test_content_beside_git_and_a_pointer_in_the_tree(filled, settings):
    file = git.find_file(filled, "weights.bin")
    assert (file.size, file.sha256) == (len(CONTENT), SHA256)
    place = Path(settings.LARGE_FILE_ROOT) / SHA256[:2] / SHA256[2:4] / SHA256
    assert git.large_file(SHA256) == place
    assert place.read_bytes() == CONTENT
    with git.open_file(filled, file) as stream:
        assert stream.name == str(place)
        stream.seek(1_000)
        assert stream.read(10) == CONTENT[1_000:1_010]
    shown = run_git("-C", git.location(filled), "show", f"{filled.head}:weights.bin")
    assert shown == f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA256}\nsize {len(CONTENT)}"
    assert git.find_content(filled, file.oid).sha256 == SHA256
    check(filled)


def test_whole_content_only_for_whoever_streams_it(filled):
    assert git.read_file(filled, "weights.bin", limit=100) == CONTENT[:100]
    with pytest.raises(Refused) as refusal:
        git.read_file(filled, "weights.bin")
    assert refusal.value.status == 413


def test_lists_say_the_real_size(filled):
    [entry] = git.list_folder(filled)
    assert (entry.size, entry.sha256, entry.is_folder) == (len(CONTENT), SHA256, False)
    [file] = git.list_files(filled, sizes=False)
    assert (file.size, file.sha256) == (0, None)


@pytest.mark.parametrize("size", [LARGE - 1, LARGE, LARGE + 1])
def test_limit(size):
    stored = git.store_content(Repository(), BytesIO(bytes(size)))
    assert (stored.size, stored.sha256 is None) == (size, size <= LARGE)


def test_two_repositories_keep_it_once(filled):
    place = git.large_file(SHA256)
    before = place.stat()
    other = Repository()
    assert git.store_bytes(other, CONTENT).sha256 == SHA256
    assert place.stat() == before
    assert [path for path in place.parents[2].rglob("*") if path.is_file()] == [place]


def test_pointer_of_a_stranger_is_only_text(filled):
    stranger = Repository()
    forged = git.pointer(SHA256, len(CONTENT))
    add(stranger, {"stolen.bin": forged, "too": b"text"})
    file = git.find_file(stranger, "stolen.bin")
    assert (file.size, file.sha256) == (len(forged), None)
    assert git.read_file(stranger, "stolen.bin") == forged
    assert git.list_files(stranger)[0].sha256 is None
    assert git.find_large(stranger, SHA256) is None
    git.store_bytes(stranger, b"x" * (LARGE + 1))  # something else that it did receive
    assert git.find_file(stranger, "stolen.bin").sha256 is None


@pytest.mark.parametrize(
    "forged",
    [
        git.pointer(SHA256, len(CONTENT) + 1),
        git.pointer(SHA256, 1),
        git.pointer(SHA256.upper(), len(CONTENT)),
        git.pointer(SHA256, len(CONTENT)) + b"\n",
        git.pointer("../" * 21 + "x", len(CONTENT)),
        git.pointer("0" * 64, len(CONTENT)),
    ],
    ids=["larger", "smaller", "upper", "longer", "path", "unknown"],
)
def test_what_is_no_pointer_to_what_came_in(filled, forged):
    add(filled, {"x": forged})
    assert git.find_file(filled, "x").sha256 is None
    assert git.read_file(filled, "x") == forged


@pytest.mark.parametrize("sha256", ["", "x", "../../etc/passwd", SHA256.upper(), SHA256 + "\n"])
def test_hash_that_is_none(filled, sha256):
    assert not git.has_large(filled, sha256)


def test_what_came_in_before_need_not_come_again(filled):
    found = git.find_large(filled, SHA256)
    assert (found.size, found.sha256) == (len(CONTENT), SHA256)
    write(filled, [git.Put("again.bin", found.oid)])
    assert git.find_file(filled, "again.bin").sha256 == SHA256


def test_record_without_content_opens_nothing(filled):
    git.large_file(SHA256).unlink()
    assert git.find_file(filled, "weights.bin").sha256 is None
    assert not git.has_large(filled, SHA256)


def test_too_large_leaves_nothing(settings):
    settings.LARGEST_FILE = LARGE + 5
    repository = Repository()
    with pytest.raises(ValidationError, match="too large"):
        git.store_bytes(repository, bytes(LARGE + 6))
    assert not [path for path in Path(settings.LARGE_FILE_ROOT).rglob("*") if path.is_file()]
    assert git.store_bytes(repository, bytes(LARGE + 5)).size == LARGE + 5


def test_card_above_the_limit_is_cut(repository, owner):
    commit(repository, {"README.md": b"# Long\n" + b"x" * LARGE}, actor=owner, message="Long card")
    assert repository.title == "Long"
    assert len(repository.card) == 200_000


@pytest.mark.parametrize("megabytes", [200])
def test_memory_is_flat(megabytes, tmp_path):
    """In a process of its own: what the system counts, whoever allocates it."""
    script = tmp_path / "store.py"
    script.write_text(
        f"""
import os, resource, django
django.setup()
from repositories import git
from repositories.models import Repository

class Endless:
    left = {megabytes} * 1024 * 1024
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return os.urandom(size)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

repository = Repository()
git.store_bytes(repository, bytes(9_000_000))
before = peak()
stored = git.store_content(repository, Endless())
repository.head = git.write_commit(
    repository, [git.Put("x", stored.oid)], parent="", author="nok", message="x",
    at=__import__("datetime").datetime.now(),
)
with git.open_file(repository, git.find_file(repository, "x")) as stream:
    while stream.read(1024 * 1024):
        pass
print(stored.size, peak() - before)
"""
    )
    environment = {**os.environ, "PYTHONPATH": str(django_settings.BASE_DIR), "OMBUD_DATA": str(tmp_path)}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    size, grown = map(int, done.stdout.split())
    assert size == megabytes * 1024 * 1024
    assert grown < 40
