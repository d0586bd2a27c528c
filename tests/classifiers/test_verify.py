import socket
from pathlib import Path

import pytest

from classifiers.encoder import load_encoder
from classifiers.weights import PINNED, WrongWeights, model_folder, verify


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in PINNED:
        (tmp_path / name).symlink_to(model_folder() / name)
    return tmp_path


def test_the_installed_files_are_the_vetted_ones(copy):
    verify(model_folder())
    verify(copy)


@pytest.mark.parametrize("name", PINNED)
def test_other_files_are_refused(copy, name):
    (copy / name).unlink()
    (copy / name).write_bytes(b"something else")
    with pytest.raises(WrongWeights, match=f"{name} has the SHA-256 .* but only {PINNED[name]} was vetted"):
        load_encoder("cpu", "fp32", copy)


def test_a_missing_file_is_named(copy):
    (copy / "model.safetensors").unlink()
    with pytest.raises(WrongWeights, match=r"model.safetensors is missing"):
        load_encoder("cpu", "fp32", copy)


def test_loading_needs_no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("somebody opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_encoder("cpu", "fp32").embed([]).shape == (0, 384)
