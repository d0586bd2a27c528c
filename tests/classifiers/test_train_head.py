import json
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from classifiers.head import read_head
from classifiers.training.fit import folds
from classifiers.training.sources import read
from classifiers.weights import WEIGHTS_SHA256
from tests.classifiers.conftest import make_data

FILES = ("head.safetensors", "head.json")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with made-up data and the head fitted on it, with what the command printed."""
    folder = tmp_path_factory.mktemp("trained")
    return make_data(folder), folder / "out", train(folder / "data", folder / "out")


def train(data, out):
    printed = StringIO()
    call_command("train_head", data=data, out=out, seed=3, stdout=printed)
    return printed.getvalue()


def test_the_same_data_and_seed_give_the_same_bytes(trained, tmp_path):
    data, first, _ = trained
    train(data, tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (first / name).read_bytes()


def test_what_was_fitted_can_be_used_and_is_described(trained):
    data, out, printed = trained
    assert read_head(out, WEIGHTS_SHA256).labels == ("toxicity", "hate", "spam")
    training = json.loads((out / "head.json").read_text())["training"]
    assert training["rows"]["davidson"] == 60
    assert training["data_sha256"]["davidson.csv"] == sha256((data / "davidson.csv").read_bytes()).hexdigest()
    assert f"toxicity: AUROC {training['held_out_figures']['toxicity']['auroc']:.4f}" in printed


def test_the_seed_decides_what_is_held_out(data):
    examples = read(data)
    [(_, first), *_], [(_, other), *_] = folds(examples, 1), folds(examples, 2)
    assert list(first) != list(other)
    assert sorted(row for _, held in folds(examples, 1) for row in held) == list(range(len(examples)))


@pytest.mark.parametrize("name", ["davidson.csv", "toxigen.csv", "sms-spam.tsv"])
def test_a_missing_file_is_named(data, tmp_path, name):
    (data / name).unlink()
    with pytest.raises(CommandError, match=f"has no {name}"):
        train(data, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere has no davidson.csv"):
        train(tmp_path / "nowhere", tmp_path / "out")


def test_a_bad_row_is_named_with_its_line(data, tmp_path):
    with (data / "davidson.csv").open("a") as file:
        file.write("7,what is this\n")
    with pytest.raises(CommandError, match=r"davidson.csv, line 62: '7' is none of 0, 1, 2"):
        train(data, tmp_path / "out")


def test_too_few_rows_are_refused(data, tmp_path):
    (data / "sms-spam.tsv").write_text("ham\thello there\nspam\twin a prize\n")
    with pytest.raises(CommandError, match="Too few rows: 1 of 'sms'"):
        train(data, tmp_path / "out")
