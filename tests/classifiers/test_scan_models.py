"""What files of models hold beside pickles: code of Keras, headers that lie, contents that are known."""

import hashlib
import io
import json
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from classifiers.contract import CannotLoad, Label, Specification
from classifiers.files.classifier import OUTPUTS
from classifiers.files.containers import MAX_PICKLE
from classifiers.files.findings import FileFindings
from classifiers.files.keras import MAX_CONFIG, STEP
from classifiers.files.scan import scan_file
from classifiers.files.words import CODES
from classifiers.registry import load
from tests.classifiers.models_in_hdf5 import hdf5


def scan(data: bytes, path: str, **options) -> FileFindings:
    return scan_file(path, io.BytesIO(data), len(data), **options)


def keras(*layers: dict) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
        archive.writestr("model.weights.h5", hdf5("dense"))
    return file.getvalue()


DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}, "registered_name": None}


@pytest.mark.parametrize("name", ["lambda", "lambda, fixed"])
def test_a_lambda_layer_in_hdf5_is_found(name):
    result = scan(hdf5(name), "model.h5")
    assert (result.level, [one.code for one in result.findings]) == ("unsafe", ["lambda_layer"])


def test_one_that_lies_across_two_blocks_is_found_and_one_with_written_out_letters():
    data = hdf5("lambda")
    place = data.index(b'"class_name": "Lambda')
    shifted = data[:8] + bytes(STEP - place - 20) + data[8:]
    assert [one.code for one in scan(shifted, "model").findings] == ["lambda_layer"]
    hidden = data.replace(b"Lambda", b"\\u004camb")
    assert scan(hidden, "model.h5").level == "caution"


def test_a_model_of_keras_without_code_is_safe():
    assert scan(hdf5("dense"), "model.h5") == FileFindings("safe")
    assert scan(keras(DENSE, DENSE), "model.keras") == FileFindings("safe")


@pytest.mark.parametrize(
    ("layer", "level", "code", "detail"),
    [
        (DENSE | {"class_name": "Lambda"}, "unsafe", "lambda_layer", ""),
        (DENSE | {"config": {"fn": {"class_name": "__lambda__", "config": {}}}}, "unsafe", "lambda_layer", ""),
        (DENSE | {"module": "os", "class_name": "system"}, "unsafe", "foreign_code", "os.system"),
        (DENSE | {"module": "builtins", "class_name": "exec"}, "unsafe", "foreign_code", "builtins.exec"),
        (DENSE | {"module": "my.layers", "class_name": "Odd"}, "caution", "foreign_code", "my.layers.Odd"),
    ],
)
def test_code_in_a_keras_file_is_found(layer, level, code, detail):
    result = scan(keras(DENSE, layer), "model.keras")
    assert (result.level, [(one.code, one.detail) for one in result.findings]) == (level, [(code, detail)])
    assert result.pickle_import_scan() is None


LAMBDA = json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {}}]}})


def keras_with(config: str, weights: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", weights)
    return file.getvalue()


@pytest.mark.parametrize(
    ("config", "level", "reason"),
    [
        (LAMBDA + " " * MAX_CONFIG, "unsafe", "too_large"),
        (" " * MAX_CONFIG + LAMBDA, "unscanned", "too_large"),
        ("{no JSON", "unscanned", "broken"),
        ("[" * 200_000, "unscanned", "broken"),
    ],
    ids=["spaces behind", "spaces before", "no JSON", "too deep"],
)
def test_a_configuration_that_cannot_be_read_is_never_called_safe(config, level, reason):
    result = scan(keras_with(config), "model.keras")
    assert (result.level, result.reason) == (level, reason)


@pytest.mark.parametrize("before", [b"hello\n", b"\x89PNG\r\n\x1a\n", b"\x89HDF\r\n\x1a\n", b"\0" * 2**17])
def test_a_keras_file_with_something_before_its_zip_is_looked_into(before):
    result = scan(before + keras_with(LAMBDA), "model.keras")
    assert (result.level, [one.code for one in result.findings]) == ("unsafe", ["lambda_layer"])


def test_large_weights_in_a_keras_file_are_no_reason_to_doubt():
    numbers = b"\x89HDF\r\n\x1a\n" + bytes(MAX_PICKLE)
    assert scan(keras_with("{}", numbers), "model.keras") == FileFindings("safe")


@pytest.mark.parametrize("block", [512, 1024, 2**21])
def test_hdf5_behind_the_block_of_its_user_is_found(block):
    result = scan(bytes(block) + hdf5("lambda"), "model.h5")
    assert (result.level, [one.code for one in result.findings]) == ("unsafe", ["lambda_layer"])


def test_hdf5_behind_the_block_of_its_user_in_an_archive_is_found():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model.h5", bytes(512) + hdf5("lambda"))
    assert scan(file.getvalue(), "all.zip").level == "unsafe"


@pytest.mark.parametrize("spaces", [0, 6_500, 2 * STEP])
def test_a_name_that_is_set_wide_across_blocks_is_found(spaces):
    middle = b'"class_name"' + b" " * spaces + b":" + b"\n" * spaces + b' "Lambda"'
    data = b"\x89HDF\r\n\x1a\n".ljust(STEP - 6_000, b"\0") + middle
    assert scan(data, "model.h5").level == "unsafe"


# Headers of safetensors


def weights(header, size: int = 16) -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + bytes(size)


def tensor(start: int, end: int, shape=None, dtype: str = "F32") -> dict:
    return {"dtype": dtype, "shape": [(end - start) // 4] if shape is None else shape, "data_offsets": [start, end]}


WHOLE = {
    "by the library": save({"a": np.zeros((3, 5), np.float16), "b": np.zeros(0), "c": np.ones(7)}, {"format": "np"}),
    "in any order": weights({"b": tensor(8, 16), "a": tensor(0, 8)}),
    "half bytes": weights({"a": tensor(0, 16, [32], "F4")}),
    "no tensor": weights({}, 0),
    "a single number": weights({"a": tensor(0, 4, [])}, 4),
}
LYING = {
    "overlap": weights({"a": tensor(0, 12), "b": tensor(8, 16)}),
    "gap": weights({"a": tensor(0, 4), "b": tensor(8, 16)}),
    "behind the file": weights({"a": tensor(0, 32)}),
    "not to the end": weights({"a": tensor(0, 8)}),
    "too few bytes for the shape": weights({"a": tensor(0, 16, [99])}),
    "shape that overflows": weights({"a": tensor(0, 16, [2**40] * 9)}),
    "negative": weights({"a": tensor(0, 16, [-4])}),
    "turned round": weights({"a": {"dtype": "F32", "shape": [4], "data_offsets": [16, 0]}}),
    "unknown dtype": weights({"a": tensor(0, 16, [4], "F99")}),
    "no offsets": weights({"a": {"dtype": "F32", "shape": [4]}}),
    "one name twice": weights(b'{"a":%s,"a":%s}' % ((json.dumps(tensor(0, 16)).encode(),) * 2)),
    "metadata of numbers": weights({"__metadata__": {"a": 1}, "a": tensor(0, 16)}),
    "no JSON": weights(b"{" * 5_000),
    "true as a size": weights({"a": tensor(0, 4, [True])}, 4),
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE.keys())
def test_an_honest_header_is_safe(data):
    assert scan(data, "model.safetensors") == FileFindings("safe")


@pytest.mark.parametrize("data", LYING.values(), ids=LYING.keys())
def test_a_header_that_does_not_fit_is_found(data):
    result = scan(data, "model.safetensors")
    assert (result.level, [one.code for one in result.findings]) == ("caution", ["broken_header"])
    assert result.findings[0].detail


def test_a_huge_header_is_named_and_not_parsed():
    result = scan(weights(b'{"__metadata__":{"a":"' + b"x" * 17 * 2**20 + b'"}}'), "model.safetensors")
    assert [one.code for one in result.findings] == ["huge_header"]


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 60))
def test_a_damaged_header_never_raises(noise, place):
    data = WHOLE["by the library"]
    result = scan(data[: 8 + place] + noise + data[8 + place + len(noise) :], "model.safetensors")
    assert {one.code for one in result.findings} <= CODES.keys()
    assert result.reason == ""


# What is known


def test_a_known_file_is_found_by_its_hash_however_it_was_given():
    data = b"harmless words"
    sha256 = hashlib.sha256(data).hexdigest()
    for known in ({sha256}, lambda value: value == sha256, {sha256: "list"}):
        result = scan(data, "a.txt", known_bad=known)
        assert (result.level, [one.code for one in result.findings]) == ("unsafe", ["known_bad"])
    assert scan(data, "a.txt", known_bad={"0" * 64}) == FileFindings("safe")
    named = scan(b"other", "a.txt", known_bad=lambda _: "partners", sha256=sha256)
    assert named.findings[0].detail == "partners"


def test_what_is_too_large_to_be_hashed_is_never_called_clean():
    assert scan_file("a.txt", io.BytesIO(b"a"), 10 * 2**30, known_bad={"0" * 64}).reason == "too_large"


# As a classifier


def files(**values) -> Specification:
    return Specification(**({"name": "files", "kind": "file", "engine": "files"} | values))


def test_findings_become_scores(tmp_path):
    data = b"harmless words"
    classifier = load(files(options={"known_bad": [hashlib.sha256(data).hexdigest().upper()]}))
    (tmp_path / "model.safetensors").write_bytes(LYING["gap"])
    readings = classifier.read(
        [
            data,
            ("model.h5", hdf5("lambda")),
            tmp_path / "model.safetensors",
            ("a.py", b"KEY = 'AKIA2E0A8F3B244C9986'"),
        ]
    )
    assert classifier.labels == OUTPUTS
    assert [[score.value for score in one.scores] for one in readings] == [
        [0, 0, 1, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 1],
        [0, 0.8, 0, 0],
    ]


def test_a_file_that_was_not_looked_at_whole_has_no_scores():
    classifier = load(files(labels=(Label("malware", "unsafe_pickle", threshold=0.5),)))
    readings = classifier.read([("a.pkl", b"\xff\xfe nothing"), ("a.txt", b"words")])
    assert [[(score.label, score.value) for score in one.scores] for one in readings] == [[], [("malware", 0.0)]]


@pytest.mark.parametrize(
    "spec",
    [files(options={"known_bad": ["abc"]}), files(labels=(Label("malware"),)), files(options={"known_bad": "/no"})],
)
def test_what_cannot_be_a_list_or_a_label_is_refused(spec):
    with pytest.raises(CannotLoad):
        load(spec)


def test_a_list_that_is_another_file_is_refused_without_its_words(tmp_path):
    (tmp_path / "secrets.env").write_text(f"{'0' * 64}\nPASSWORD=hunter2\n")
    with pytest.raises(CannotLoad, match="line 2") as refused:
        load(files(options={"known_bad": str(tmp_path / "secrets.env")}))
    assert "hunter2" not in str(refused.value)


def test_the_version_of_a_classifier_of_files_changes_with_its_list():
    one, other = (load(files(options={"known_bad": [digit * 64]})).provenance.head_version for digit in "01")
    assert one != other
