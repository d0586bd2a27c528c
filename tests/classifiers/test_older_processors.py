"""Processors that multiply no whole numbers, or no halves, fast: texts are read in what they are good at (H1)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from classifiers import sandbox
from classifiers.contract import Specification
from classifiers.device import pick_precision, pick_text_precision
from classifiers.encoder_head import load
from classifiers.engine.linear import lays_out
from classifiers.engine.whole import WholeLinear, counts_whole, reach

TEXTS = ["Thank you for this model!", "You are a worthless idiot, shut up.", "Win a free prize now!", "ok " * 400]
VNNI = {"avx512_vnni": True}


@pytest.fixture
def processor(monkeypatch):
    """processor("AVX2"): what torch says of the machine."""

    def be(capability: str, **features: bool) -> None:
        monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: features)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    monkeypatch.delenv("OMBUD_PRECISION", raising=False)
    return be


@pytest.mark.parametrize(
    ("capability", "features", "texts", "pictures"),
    [
        ("AVX512", {"avx512_vnni": True}, "int8", "bf16"),
        ("AVX512", {"avx512_vnni": True, "amx_bf16": True}, "bf16", "bf16"),
        ("AVX512", {"avx512_vnni": False}, "bf16", "bf16"),
        ("AVX512", {}, "bf16", "bf16"),
        ("AVX2", {"avx512_vnni": True}, "int8", "fp32"),
        ("AVX2", {}, "int8", "fp32"),
        ("DEFAULT", {}, "fp32", "fp32"),
        ("NEON", {}, "fp32", "fp32"),
    ],
)
def test_each_is_asked_for_what_it_does_well(processor, capability, features, texts, pictures):
    processor(capability, **features)
    assert (pick_text_precision("cpu"), pick_precision("cpu")) == (texts, pictures)
    assert counts_whole("cpu") is (capability == "AVX2" or bool(capability == "AVX512" and features.get("avx512_vnni")))
    assert reach() == (127 if capability == "AVX512" and features.get("avx512_vnni") else 63)
    assert {lays_out(torch.zeros(2, 2, dtype=kind)) for kind in (torch.bfloat16, torch.float32)} == {
        capability == "AVX512"
    }


def test_a_build_of_torch_without_the_operators_reads_in_halves(processor, monkeypatch):
    processor("AVX512", **VNNI)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert (counts_whole("cpu"), pick_text_precision("cpu")) == (False, "bf16")


@pytest.mark.parametrize("wanted", ["int8", "bf16", "fp16", "fp32"])
def test_whole_numbers_that_are_asked_for_where_there_are_none_are_halves(processor, monkeypatch, wanted):
    """The default model of texts, on a processor with AVX-512 and without VNNI; its provenance says how it was read."""
    here = "AVX512" if torch.backends.cpu.get_cpu_capability() == "AVX512" else "DEFAULT"
    processor(here)
    monkeypatch.setenv("OMBUD_PRECISION", wanted)
    found = load(Specification("text", "text", "encoder-head"))
    less = "bf16" if here == "AVX512" else "fp32"
    assert found.provenance.precision == (less if wanted == "int8" else wanted)
    values = np.array([[one.value for one in reading.scores] for reading in found.read(TEXTS)])
    assert np.isfinite(values).all()
    alone = np.array([[one.value for one in found.read([text])[0].scores] for text in TEXTS])
    assert np.abs(values - alone).max() < 2e-3


def test_the_largest_numbers_there_are_do_not_overflow():
    """Every weight and every input at its most, in one sum: what 16 bits could not hold."""
    if not counts_whole("cpu"):
        pytest.skip("this processor multiplies no whole numbers fast")
    weight = torch.cat([torch.ones(8, 384), -torch.ones(8, 384)])
    x = torch.cat([torch.zeros(4, 1), torch.ones(4, 383)], dim=1)  # one at the bottom, all others at the top
    found = WholeLinear(weight, torch.zeros(16))(x)
    assert torch.allclose(found, x @ weight.T, rtol=1e-4)


READS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import torch
from classifiers.contract import Specification
from classifiers.encoder_head import load
found = load(Specification("text", "text", "encoder-head"))
said = [{one.label: one.value for one in reading.scores} for reading in found.read(json.loads(sys.argv[2]))]
print(json.dumps([torch.backends.cpu.get_cpu_capability(), found.provenance.precision, said]))
"""


def read_on(**environment: str):
    """What a process says that torch and oneDNN take for one on an older processor."""
    known = {name: value for name, value in os.environ.items() if name != "OMBUD_PRECISION"}
    command = [sys.executable, "-c", READS, str(Path(sandbox.__file__).parents[1]), json.dumps(TEXTS)]
    done = subprocess.run(command, env=known | environment, capture_output=True, check=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.slow
def test_an_older_processor_reads_the_same():
    older = read_on(ATEN_CPU_CAPABILITY="avx2", ONEDNN_MAX_CPU_ISA="AVX2")
    assert older[:2] == ["AVX2", "int8/7"]
    here = read_on()
    for one, other in zip(older[2], here[2], strict=True):
        assert one.keys() == other.keys()
        assert max(abs(one[label] - other[label]) for label in one) < 0.05
