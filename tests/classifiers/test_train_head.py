import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from classifiers.head import read_head
from classifiers.weights import WEIGHTS_SHA256

FILES = ("head.safetensors", "head.json")


def train(data, out, seed=0):
    printed = StringIO()
    call_command("train_head", data=data, out=out, seed=seed, stdout=printed)
    return [(out / name).read_bytes() for name in FILES], printed.getvalue()


def test_the_same_data_and_seed_give_the_same_bytes(data, tmp_path):
    first, printed = train(data, tmp_path / "first")
    second, _ = train(data, tmp_path / "second")
    other, _ = train(data, tmp_path / "other", seed=1)
    assert first == second
    assert first != other
    assert "toxicity: AUROC" in printed
    assert read_head(tmp_path / "first", WEIGHTS_SHA256).labels == ("toxicity", "hate", "spam")


def test_figures_come_from_rows_held_out(data, tmp_path):
    _, metadata = train(data, tmp_path / "out")[0]
    training = json.loads(metadata)["training"]
    assert training["held_out"]["davidson"] == 12
    assert training["fitted_on"]["davidson"] == 48


@pytest.mark.parametrize("name", ["davidson.csv", "toxigen.csv", "sms-spam.tsv"])
def test_a_missing_file_is_named(data, tmp_path, name):
    (data / name).unlink()
    with pytest.raises(CommandError, match=f"has no {name}"):
        train(data, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match="nowhere has no davidson.csv"):
        train(tmp_path / "nowhere", tmp_path / "out")


def test_a_bad_row_is_named_with_its_line(data, tmp_path):
    with (data / "davidson.csv").open("a") as file:
        file.write("7,what is this\n")
    with pytest.raises(CommandError, match="davidson.csv, line 62: '7' is none of 0, 1, 2"):
        train(data, tmp_path / "out")


def test_too_few_rows_are_refused(data, tmp_path):
    (data / "sms-spam.tsv").write_text("ham\thello there\nspam\twin a prize\n")
    with pytest.raises(CommandError, match="Too few examples"):
        train(data, tmp_path / "out")
