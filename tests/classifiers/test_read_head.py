import json

import numpy as np
import pytest

from classifiers.head import BrokenHead, read_head, write_head


@pytest.fixture
def written(tmp_path):
    labels = {"a": {"threshold": 0.5, "confident": 0.9}, "b": {"threshold": 0.6, "confident": 1.0}}
    weights, bias = np.eye(2, 4, dtype=np.float32), np.zeros(2, dtype=np.float32)
    write_head(tmp_path, weights=weights, bias=bias, labels=labels, encoder_sha256="encoder", training={})
    return tmp_path


def test_a_head_reads_as_it_was_written(written):
    head = read_head(written, "encoder")
    assert (head.labels, head.thresholds, head.confident) == (("a", "b"), (0.5, 0.6), (0.9, 1.0))
    [[first, second]] = head.values(np.array([[2, -2, 0, 0]], dtype=np.float32))
    assert (first, second) == (pytest.approx(0.8808, abs=1e-4), pytest.approx(0.1192, abs=1e-4))


def test_no_value_reaches_never(written):
    values = read_head(written, "encoder").values(np.full((1, 4), 1e30, dtype=np.float32))
    assert (values < 1).all()


@pytest.mark.parametrize("damage", ["weights", "thresholds", "cut", "no json", "gone"])
def test_a_damaged_head_is_refused(written, damage):
    tensors, metadata = written / "head.safetensors", written / "head.json"
    if damage == "weights":
        tensors.write_bytes(tensors.read_bytes()[:-1] + b"\x01")
    elif damage == "thresholds":
        changed = json.loads(metadata.read_text())
        changed["labels"][0]["confident"] = 0.1
        metadata.write_text(json.dumps(changed))
    elif damage == "cut":
        tensors.write_bytes(tensors.read_bytes()[:-3])
    elif damage == "no json":
        metadata.write_text("{")
    else:
        tensors.unlink()
    with pytest.raises(BrokenHead):
        read_head(written, "encoder")


def test_a_head_for_another_encoder_is_refused(written):
    with pytest.raises(BrokenHead, match="fitted on an encoder"):
        read_head(written, "another")
