"""A look into one file: what imports code is found wherever it lies, and no content stops or fools the scanner."""

import bz2
import collections
import gzip
import io
import json
import lzma
import os
import pickle
import signal
import struct
import tarfile
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import joblib
import lz4.frame
import numpy as np
import py7zr
import pytest
import torch
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from classifiers.files import tars, zips
from classifiers.files.budget import Budget
from classifiers.files.containers import MAX_PICKLE, most
from classifiers.files.findings import FileFindings
from classifiers.files.joblib import MAX_OPCODES, without_arrays
from classifiers.files.scan import MAX_TEXT, scan_file
from classifiers.files.seven_zips import parts
from classifiers.files.words import CODES, REASONS

WEIGHTS = collections.OrderedDict(weight=torch.zeros(40, 40, dtype=torch.float16), bias=torch.ones(40))


class Hostile:
    """Runs a command when it is loaded."""

    def __reduce__(self):
        return os.system, ("exit 1",)


def scan(data: bytes, path: str) -> FileFindings:
    return scan_file(path, io.BytesIO(data), len(data))


def written(write, *args, **kwargs) -> bytes:
    file = io.BytesIO()
    write(*args, file, **kwargs)
    return file.getvalue()


def zipped(members: Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that come twice
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members: Iterable[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members:
            one = tarfile.TarInfo(name)
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
    return file.getvalue()


def seven_zipped(members: Iterable[tuple[str, bytes]], password: str | None = None) -> bytes:
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", password=password) as archive:
        for name, data in members:
            archive.writestr(data, name)
    return file.getvalue()


def np_save(file) -> None:
    np.save(file, np.zeros(3))


HOSTILE = pickle.dumps(Hostile())
ARRAY = np.array([Hostile()], dtype=object)
# A frame that Zstandard and LZ4 pass by.
SKIPPED = b"\x5a\x2a\x4d\x18" + struct.pack("<I", 6) + b"nobody"
# Where the same import hides.
HIDDEN = {
    "plain": ("model.pkl", HOSTILE),
    "text protocol": ("model.pt", pickle.dumps(Hostile(), 0)),
    "no ending": ("model", HOSTILE),
    "text protocol, wrong ending": ("notes.txt", pickle.dumps(Hostile(), 0)),
    "wrong ending": ("model.safetensors", HOSTILE),
    "second pickle": ("model.pkl", pickle.dumps([1]) + HOSTILE),
    "before a break": ("pytorch_model.bin", pickle.dumps(Hostile(), 2)[:-1] + b"\xff\xff"),
    "before a pickle that fails the reader": ("model.pkl", HOSTILE + b"\x93."),
    "torch": ("pytorch_model.bin", written(torch.save, {"a": Hostile(), **WEIGHTS})),
    "old torch": (
        "model.ckpt",
        written(torch.save, {"a": Hostile(), **WEIGHTS}, _use_new_zipfile_serialization=False),
    ),
    "torch in a zip": ("all.zip", zipped([("x/model.bin", written(torch.save, {"a": Hostile()}))])),
    "two members of one name": ("model.pt", zipped([("a/data.pkl", HOSTILE), ("a/data.pkl", pickle.dumps(1))])),
    "joblib": ("model.joblib", written(joblib.dump, Hostile())),
    "behind an array of joblib": ("model.joblib", written(joblib.dump, [np.arange(999.0), Hostile()])),
    "behind an array of joblib, compressed": (
        "model.joblib",
        written(joblib.dump, {"a": np.ones((9, 9), "f4"), "b": Hostile()}, compress=("xz", 3)),
    ),
    "in an array of joblib": ("model.joblib", written(joblib.dump, [ARRAY, np.arange(3)])),
    "compressed joblib": ("model.joblib", written(joblib.dump, Hostile(), compress=3)),
    "array": ("a.npy", written(lambda f: np.save(f, ARRAY))),
    "arrays": ("a.npz", written(lambda f: np.savez(f, numbers=np.zeros(3), objects=ARRAY))),
    "gzip": ("model.pkl.gz", gzip.compress(HOSTILE)),
    "bzip2": ("model.pkl.bz2", bz2.compress(HOSTILE)),
    "xz": ("model.pkl.xz", lzma.compress(HOSTILE)),
    "the format before xz": ("model.joblib", lzma.compress(HOSTILE, lzma.FORMAT_ALONE)),
    "7-Zip": ("all.7z", seven_zipped([("a.txt", b"words"), ("b/model.pkl", HOSTILE)])),
    "7-Zip in a tar": ("all.tar", tarred([("a.7z", seven_zipped([("model", HOSTILE)]))])),
    "tar": ("model.nemo", tarred([("weights.ckpt", written(torch.save, {"a": Hostile()}))])),
    "compressed tar": ("all.tgz", gzip.compress(tarred([("a.bin", bytes(2**21)), ("model.pkl", HOSTILE)]))),
    "tar in xz": ("all.tar.xz", lzma.compress(tarred([("model.pkl", HOSTILE)]))),
    "second stream of a compressed tar": (
        "all.tar.gz",
        (lambda data: gzip.compress(data[:1500]) + gzip.compress(data[1500:]))(tarred([("model.pkl", HOSTILE)] * 2)),
    ),
    "Zstandard": ("model.pkl.zst", zstd.compress(HOSTILE)),
    "Zstandard, no ending": ("model", zstd.compress(HOSTILE)),
    "Zstandard behind a frame that is passed by": ("model", SKIPPED + zstd.compress(HOSTILE)),
    "second frame of Zstandard": ("model.pkl.zst", zstd.compress(pickle.dumps(1)) + SKIPPED + zstd.compress(HOSTILE)),
    "Zstandard in gzip in a 7-Zip": ("all.7z", seven_zipped([("m", gzip.compress(zstd.compress(HOSTILE)))])),
    "tar in Zstandard": ("all.tar.zst", zstd.compress(tarred([("a.bin", bytes(2**21)), ("model.pkl", HOSTILE)]))),
    "LZ4": ("model.pkl.lz4", lz4.frame.compress(HOSTILE)),
    "LZ4 behind a frame that is passed by": ("model", SKIPPED * 3 + lz4.frame.compress(HOSTILE)),
    "LZ4 by joblib": ("model.joblib", written(joblib.dump, [np.arange(999.0), Hostile()], compress=("lz4", 3))),
    "LZ4 in a zip": ("all.zip", zipped([("x/model.ckpt", lz4.frame.compress(written(torch.save, Hostile())))])),
    "tar in LZ4": ("a", lz4.frame.compress(tarred([("n", bytes(2**22)), ("m", HOSTILE)]), block_size=7)),
    "behind an empty stream": ("model", gzip.compress(b"") + gzip.compress(HOSTILE)),
    "behind zeros between streams": ("model.gz", gzip.compress(b"") + bytes(2**20) + gzip.compress(HOSTILE)),
    "second stream of gzip": ("a.pkl.gz", gzip.compress(pickle.dumps(1)) + gzip.compress(HOSTILE)),
    "before a break of gzip": ("model.gz", gzip.compress(HOSTILE + os.urandom(2**17), 0)[: 2**16] + b"\xff" * 2**16),
    "before a break of Zstandard": ("m", zstd.compress(HOSTILE + bytes(2**20) + os.urandom(2**20))[:-99] + b"\xff"),
    "before a break of LZ4": (
        "model.lz4",
        lz4.frame.compress(HOSTILE + os.urandom(2**20), block_size=4)[: 2**18] + b"\xff" * 2**18,
    ),
    "compressed tar in a zip": ("all.zip", zipped([("a.tar.bz2", bz2.compress(tarred([("model.pkl", HOSTILE)])))])),
}
HONEST = {
    "torch": ("pytorch_model.bin", written(torch.save, WEIGHTS)),
    "old torch": ("pytorch_model.bin", written(torch.save, WEIGHTS, _use_new_zipfile_serialization=False)),
    "safetensors": ("model.safetensors", save({"a": np.zeros(8)})),
    "7-Zip": ("a.7z", seven_zipped([("a.txt", b"words"), ("w.safetensors", save({"a": np.zeros(8)}))])),
    "tar": ("a.tar.gz", gzip.compress(tarred([("a.txt", b"words"), ("n.npy", written(np_save))]))),
    "GGUF": ("model.gguf", b"GGUF\x03\0\0\0" + bytes(64)),
    "ONNX": ("model.onnx", b"\x08\x08\x12\x07pytorch" + bytes(64)),
    "arrays": ("a.npz", written(lambda f: np.savez(f, a=np.zeros(3)))),
    "joblib": (
        "a.joblib",
        written(joblib.dump, {"a": np.ones((3, 4)), "b": [np.asfortranarray(np.ones((2, 5), "<i2"))]}),
    ),
    "joblib, compressed": ("a.joblib", written(joblib.dump, [np.ones(999), np.array(["a", "bc"])], compress=3)),
    "joblib in LZ4": ("a.joblib", written(joblib.dump, [np.ones(999)], compress=("lz4", 3))),
    "table in Zstandard": ("a.csv.zst", zstd.compress(b"a,b\n1,2\n" * 2**18)),
    "tar in Zstandard": ("a.tar.zst", zstd.compress(tarred([("a.txt", b"words"), ("n.npy", written(np_save))]))),
    "weights in LZ4": ("w.safetensors.lz4", lz4.frame.compress(save({"a": np.zeros(8)}))),
    "text that begins like bzip2": ("a.md", b"BZh is how it begins.\n" * 9),
    "plain values": ("a.pkl", pickle.dumps({"a": [1, 2.5, "b", None]})),
    "raw numbers": ("train.bin", b"\xff" + bytes(range(256)) * 16),
    "numbers that begin like a pickle, in torch's zip": ("model.pt", zipped([("m/data/0", b"\x80\x02" + bytes(600))])),
    "text": ("README.md", b"# Words\n\nimport os\n"),
    "text that reads like an import": ("a.c", b"int _get_output_format(void) {\n    .}\n"),
    "empty": ("model.pkl", b""),
}
RAR = b"Rar!\x1a\x07\x01\x00" + bytes(64)
UNREADABLE = {
    "two streams in one gzip": ("a.pkl.gz", gzip.compress(pickle.dumps(1)) + gzip.compress(b"more"), "broken"),
    "not a pickle": ("model.pkl", b"\xff\xfe nothing", "broken"),
    "text that the reader of opcodes refuses but loaders take": ("m.bin", b"I0x1\n0cos\nsystem\n.", "broken"),
    "cut": ("model.pkl", pickle.dumps(list(range(1000)))[:-9], "broken"),
    "zip without its end": ("model.pt", zipped([("a/data.pkl", HOSTILE)])[:-30], "broken"),
    "7-Zip that is none": ("model.7z", b"7z\xbc\xaf\x27\x1c" + bytes(64), "broken"),
    "7-Zip under a password": ("model.7z", seven_zipped([("a.pkl", HOSTILE)], password="secret"), "archive"),
    "tar that is none": ("model.nemo", bytes(257) + b"ustar\x0000" + bytes(300), "broken"),
    "tar whose second header is broken": (
        "model.tar",
        (lambda data: data[:1024] + b"\xff" * 512 + data[1536:])(tarred([("a", b"x"), ("b.pkl", HOSTILE)])),
        "broken",
    ),
    "tar that breaks off, compressed": ("m.tar.gz", gzip.compress(tarred([("a.txt", bytes(9_000))])[:4_000]), "broken"),
    "RAR": ("model.rar", RAR, "archive"),
    "RAR in a zip, no ending": ("all.zip", zipped([("a.txt", b"words"), ("model", RAR)]), "archive"),
    "RAR in Zstandard": ("model", zstd.compress(RAR), "archive"),
    "RAR in a tar in LZ4": ("all.tar.lz4", lz4.frame.compress(tarred([("m.rar", RAR)])), "archive"),
    "RAR before its fifth version": ("m", b"Rar!\x1a\x07\x00" + bytes(64), "archive"),
    "LZ4 before its frames": ("model", b"\x02\x21\x4c\x18" + bytes(64), "archive"),
    "lzip": ("model.lz", b"LZIP\x01\x0c" + bytes(64), "archive"),
    "cpio": ("model", b"070701" + b"0" * 104 + bytes(64), "archive"),
    "a frame that is passed by and goes on": ("m", b"\x50\x2a\x4d\x18\xff\xff\xff\x7f" + bytes(600), "archive"),
    "Zstandard with somebody's dictionary": (
        "model",
        zstd.compress(b"some words" * 9, zstd_dict=zstd.ZstdDict(b"some words and more" * 20, is_raw=True)),
        "broken",
    ),
    "Zstandard with a window of a gigabyte": (
        "model",
        zstd.compress(bytes(2**20), options={zstd.CompressionParameter.window_log: 30})[:4] + b"\0\xa0" + bytes(90),
        "broken",
    ),
    "Zstandard that is none": ("model", b"\x28\xb5\x2f\xfd" + b"\xff" * 90, "broken"),
    "LZ4 that is none": ("model.lz4", b"\x04\x22\x4d\x18" + b"\xff" * 90, "broken"),
    "gzip that is none": ("model.gz", b"\x1f\x8b\x08" + b"\xff" * 90, "broken"),
    "Zstandard that breaks off": ("m.pkl.zst", zstd.compress(pickle.dumps([1, 2, 3]))[:-3], "too_large"),
}


@pytest.mark.parametrize(("path", "data"), HIDDEN.values(), ids=HIDDEN.keys())
def test_a_harmful_import_is_found(path, data):
    result = scan(data, path)
    assert result.level == "unsafe"
    [finding] = [one for one in result.findings if one.level == "unsafe"]
    assert (finding.kind, finding.code, finding.detail) == ("pickle", "dangerous_import", "posix.system")
    assert result.pickle_import_scan()["status"] == "unsafe"
    assert {"module": "posix", "name": "system", "safety": "dangerous"} in result.pickle_import_scan()["pickleImports"]


@pytest.mark.parametrize(("path", "data"), HONEST.values(), ids=HONEST.keys())
def test_an_honest_file_is_safe(path, data):
    assert scan(data, path) == FileFindings("safe", imports=scan(data, path).imports)


@pytest.mark.parametrize(("path", "data", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_never_called_safe(path, data, reason):
    result = scan(data, path)
    assert (result.level, result.reason, result.findings) == ("unscanned", reason, ())


def joblib_with(numbers: bytes, dtype: tuple[bytes, bytes]) -> bytes:
    """An array of joblib whose 8 bytes were replaced, and what says how long it is."""
    data = written(joblib.dump, [np.zeros(1)])
    end = data.index(b"numpy_array_alignment_bytes")
    place = data.index(bytes(8), end)
    return (data[:place] + numbers + data[place + 8 :]).replace(*dtype)


TRICKS = {
    "opcodes where the numbers are, for who loads without joblib": (
        "model.pkl",
        (
            lambda data: (
                data[: (place := data.index(b"ub", data.index(b"alignment_bytes")) + 2)] + HOSTILE + data[place:]
            )
        )(written(joblib.dump, [np.zeros(1)])),
    ),
    "behind numbers that are longer than they say": (
        "model.joblib",
        joblib_with(b"N" * 8 + HOSTILE, (b"\x8c\x02f8", b"\x8c\x02V1")),
    ),
    "behind another way to make an array": (
        "model.joblib",
        written(joblib.dump, [np.zeros(1)]).replace(b")\x81", b")R", 1)[:-1] + HOSTILE,
    ),
}


@pytest.mark.parametrize(("path", "data"), TRICKS.values(), ids=TRICKS.keys())
def test_arrays_of_joblib_hide_nothing(path, data):
    result = scan(data, path)
    assert result.level != "safe"


def test_the_imports_of_honest_weights_are_listed():
    imports = scan(*reversed(HONEST["torch"])).pickle_import_scan()
    assert imports["status"] == "safe"
    assert {"module": "collections", "name": "OrderedDict", "safety": "innocuous"} in imports["pickleImports"]


def test_no_pickle_no_imports():
    assert scan(b"{}", "config.json").pickle_import_scan() is None


def test_an_unknown_import_is_a_hit():
    result = scan(b"\x80\x02csomewhere.deep\nbuild\n.", "model.pkl")
    assert (result.level, result.findings[0].code) == ("caution", "suspicious_import")
    assert result.findings[0].detail == "somewhere.deep.build"


def test_a_file_that_is_not_as_named():
    [finding] = scan(b"<html>Not found</html>", "model.safetensors").findings
    assert (finding.kind, finding.level, finding.code, finding.detail) == (
        "format",
        "caution",
        "wrong_format",
        ".safetensors",
    )


def test_a_header_that_claims_more_than_the_file_has():
    assert scan(struct.pack("<Q", 900) + b'{"a":1}', "model.safetensors").findings[0].code == "wrong_format"


class Watched(io.BytesIO):
    """Counts what is read of a file that claims to be huge."""

    taken = 0

    def read(self, size=-1):
        data = super().read(size)
        self.taken += len(data)
        return data


def test_of_a_huge_safe_file_only_the_beginning_is_read():
    numbers = 20 * 2**30
    header = json.dumps({"a": {"dtype": "U8", "shape": [numbers], "data_offsets": [0, numbers]}}).encode()
    file = Watched(struct.pack("<Q", len(header)) + header + bytes(3 * MAX_TEXT))
    assert scan_file("model.safetensors", file, 8 + len(header) + numbers).level == "safe"
    assert file.taken <= MAX_TEXT + 8 + len(header)


def test_of_a_large_zip_the_tensors_are_not_read():
    file = Watched(zipped([("m/data.pkl", HOSTILE), ("m/data/0", bytes(40 * 2**20))], zipfile.ZIP_STORED))
    assert scan_file("model.pt", file, len(file.getvalue())).level == "unsafe"
    assert file.taken < 3 * MAX_TEXT


def test_a_pickle_that_is_too_large_is_read_from_its_beginning():
    data = HOSTILE[:-1] + b"B" + struct.pack("<I", MAX_PICKLE) + bytes(MAX_PICKLE) + b"0."
    result = scan(data, "model.pkl")
    assert (result.level, result.reason) == ("unsafe", "too_large")


def test_long_text_is_read_from_its_beginning_and_says_so():
    result = scan(b"words " * 200_000, "corpus.txt")
    assert (result.level, result.reason) == ("safe", "beginning")


def nested(depth: int) -> bytes:
    return zipped([("inner.zip", nested(depth - 1))]) if depth else zipped([("m.pkl", HOSTILE)])


def tar_with_a_name(length: int) -> bytes:
    long = tarfile.TarInfo("././@LongLink")
    long.type, long.size = tarfile.GNUTYPE_LONGNAME, length
    return long.tobuf(tarfile.GNU_FORMAT) + bytes(length) + tarred([("a.pkl", HOSTILE)])


OPCODES = b"\x80\x02" + b"N0" * 2**20
LONG = {
    "opcodes": ("a.pkl", lambda: OPCODES),
    "pickles": ("a.pkl", lambda: b"N." * 2**20),
    "imports": ("a.pkl", lambda: b"".join(b"ca%d\nb\n0" % number for number in range(60_000)) + b"."),
    "opcodes in a zip": ("a.pt", lambda: zipped((f"{number}.pkl", OPCODES) for number in range(8))),
    "heads in a zip": ("a.zip", lambda: zipped((str(number), b"N0" * 256) for number in range(30_000))),
    "empty frames": ("a.zst", lambda: zstd.compress(b"") * 2**21),
    "members": ("a.zip", lambda: zipped(((str(number), b"x") for number in range(60_000)), zipfile.ZIP_STORED)),
}
LARGE = {
    "a length beyond all files": ("a.pkl", lambda: b"\x80\x04\x8e" + b"\xff" * 7 + b"\x3f"),
    "zips in zips": ("a.zip", lambda: nested(6)),
    "gzip": ("a.pkl.gz", lambda: gzip.compress(bytes(2**28), 1)),
    "bzip2": ("a.pkl.bz2", lambda: bz2.compress(bytes(2**28))),
    "xz": ("a.pkl.xz", lambda: lzma.compress(bytes(2**28), preset=1)),
    "Zstandard": ("a.pkl.zst", lambda: zstd.compress(bytes(2**28))),
    "LZ4": ("a.pkl.lz4", lambda: lz4.frame.compress(bytes(2**28))),
    "tar in Zstandard": ("a", lambda: zstd.compress(tarred((f"{number}.pkl", bytes(2**26)) for number in range(4)))),
    "zip": ("a.pt", lambda: zipped((f"{number}.pkl", bytes(2**26)) for number in range(4))),
    "zip with bzip2": ("a.pt", lambda: zipped([("a.pkl", bytes(2**28))], zipfile.ZIP_BZIP2)),
    "tar": ("a.tar.gz", lambda: gzip.compress(tarred((f"{number}.pkl", bytes(2**26)) for number in range(4)), 1)),
    "7-Zip": ("a.7z", lambda: seven_zipped([("0.pkl", bytes(2**26))])),
    "a name in a tar": ("a.tar", lambda: tar_with_a_name(2**27)),
    "a header of brackets": ("a.npy", lambda: b"\x93NUMPY\x01\0" + struct.pack("<H", 9000) + b"[" * 9000),
}


@pytest.mark.slow
@pytest.mark.parametrize(("path", "make"), LONG.values(), ids=LONG.keys())
def test_bombs_are_bounded_in_time_and_never_called_safe(path, make):
    data = make()
    began = time.process_time()
    assert scan(data, path).reason == "too_large"
    assert time.process_time() - began < 30


@pytest.mark.slow
@pytest.mark.parametrize(("path", "make"), LARGE.values(), ids=LARGE.keys())
def test_bombs_are_bounded_in_memory_and_never_called_safe(path, make):
    data = make()
    tracemalloc.start()
    level = scan(data, path).level
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert level == "unscanned"
    assert peak < 5 * MAX_PICKLE


def said(text: str) -> bytes:
    return b"\x8c" + bytes([len(text)]) + text.encode()


def joblib_record(sides: int) -> bytes:
    """The class of joblib's wrapper as memo 0, and as memo 1 the record of an array of so many sides, then empty."""
    shape = b"(" + b"J\xff\xff\xff\x7f" * (sides - 1) + b"K\0t"
    wrapper = said("joblib.numpy_pickle") + said("NumpyArrayWrapper") + b"\x93\x94"
    dtype = said("numpy") + said("dtype") + b"\x93" + said("f8") + b"\x85R"
    return b"\x80\x04" + wrapper + b"}\x94(" + said("shape") + shape + said("dtype") + dtype + b"u0"


def test_an_array_of_joblib_with_endless_sides_takes_no_time():
    data = joblib_record(20_000) + b"h\0)\x81h\x01b0N."
    began = time.process_time()
    assert scan(data, "a.joblib").level != "safe"
    assert time.process_time() - began < 1


def test_many_arrays_of_joblib_share_one_bound():
    data = joblib_record(1) + (b"}" * 90_000 + b"h\0)\x81h\x01b") * 6 + b"."
    budget = Budget()
    _, found_all = without_arrays(data, budget)
    assert not found_all
    assert Budget().opcodes - budget.opcodes <= MAX_OPCODES + 1
    assert not without_arrays(data, Budget(opcodes=10))[1]


def test_headers_for_all_members_of_a_tar_are_few():
    def headers(number: int) -> bytes:
        shared = {f"key{place}": "x" for place in range(number)}
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w", pax_headers=shared, format=tarfile.PAX_FORMAT) as archive:
            for name in ("a", "m.pkl"):
                one = tarfile.TarInfo(name)
                one.size = len(HOSTILE)
                archive.addfile(one, io.BytesIO(HOSTILE))
        return file.getvalue()

    assert scan(headers(3), "a.tar").level == "unsafe"
    assert (scan(headers(300), "a.tar").level, scan(headers(300), "a.tar").reason) == ("unscanned", "too_large")


def test_a_file_that_has_had_its_time_is_left():
    spent = Budget(seconds=-1)
    archive = io.BytesIO(seven_zipped([("a.txt", b"words")]))
    assert [one.reason for one in parts(archive, spent, most)] == ["too_slow"]
    assert [one.reason for one in tars.parts(io.BytesIO(tarred([("a", b"")])), spent, most)] == ["too_slow"]
    assert [one.reason for one in zips.parts(io.BytesIO(zipped([("a", b"")])), spent, most)] == ["too_slow"]


def test_starting_a_child_for_an_archive_is_charged():
    archive = io.BytesIO(seven_zipped([("a.txt", b"words")]))
    budget = Budget(opcodes=60_000)
    assert [one.reason for one in parts(archive, budget, most)] == [""]
    assert budget.seconds < Budget().seconds
    assert [one.reason for one in parts(archive, budget, most)] == ["too_large"]


def test_nothing_of_an_archive_that_is_left_early_runs_on():
    def children() -> set[str]:
        found = set()
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if b"seven_zip_child" in (folder / "cmdline").read_bytes():
                    found.add(folder.name)
        return found

    before = children()
    # Both members are more than a pipe holds, so the child waits for us in the middle of the second.
    reading = parts(io.BytesIO(seven_zipped([(name, os.urandom(2**18)) for name in ("a.pt", "b.pt")])), Budget(), most)
    next(reading)
    begun = children() - before
    assert begun
    for one in begun:
        os.kill(int(one), signal.SIGSTOP)  # as one that loops it does not see that nobody listens any more
    reading.close()
    until = time.monotonic() + 5
    while children() & begun and time.monotonic() < until:
        time.sleep(0.02)
    left = children() & begun
    for one in left:
        os.kill(int(one), signal.SIGKILL)
    assert not left


def test_a_zip_behind_other_bytes_is_looked_into_and_what_they_are_too():
    hidden = zipped([("m.pkl", HOSTILE)])
    assert scan(b"hello\n" + hidden, "a.zip").level == "unsafe"
    assert scan(HOSTILE + zipped([("a.txt", b"words")]), "m.pkl").level == "unsafe"
    assert scan(zipped([("a.zip", b"x" * 600 + hidden)]), "all.zip").level == "unsafe"


NAMES = ("a", "a.pkl", "a.pt", "a.bin", "a.npy", "a.npz", "a.joblib", "a.safetensors", "a.png", "a.txt", "a.pkl.gz")
STARTS = (
    b"",
    b"\x80\x04",
    b"PK\x03\x04",
    b"\x93NUMPY\x01\0",
    b"\x1f\x8b\x08",
    b"\x89PNG\r\n\x1a\n",
    b"x\x9c",
    b"\xff\xfe",
)


@settings(deadline=None)
@given(name=st.sampled_from(NAMES), start=st.sampled_from(STARTS), data=st.binary(max_size=600))
def test_garbage_never_raises(name, start, data):
    result = scan(start + data, name)
    assert result.reason in {"", *REASONS}
    assert {finding.code for finding in result.findings} <= CODES.keys()


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_never_raises(draw):
    path, data = draw.draw(st.sampled_from(sorted(HIDDEN.values())))
    place = draw.draw(st.integers(0, len(data) - 1))
    scan(data[:place] + draw.draw(st.binary(max_size=8)) + data[place + 4 :], path)


def test_what_a_stranger_named_is_safe_to_store_and_show():
    name = "a\u202e\0\ud800" + "b" * 500
    raw = name.encode("utf-8", "surrogatepass")
    data = b"\x80\x04\x8c\x02os\x94X" + struct.pack("<I", len(raw)) + raw + b"\x94\x93."
    [one] = scan(data, "a.pkl").imports
    assert one.name == "a\ufffd\ufffd\ufffd" + "b" * 196
