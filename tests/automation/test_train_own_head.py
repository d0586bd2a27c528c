"""A head fitted on own labels replaces nothing unless it is better where neither was fitted (H9)."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from classifiers.evaluation.settings import Settings
from classifiers.head import Head, read_head, write_head
from classifiers.training import fit
from classifiers.training.own import Own, retrain, split
from classifiers.weights import WEIGHTS_SHA256
from moderation.automation.management.commands import train_own_head
from moderation.scoring.models import Classifier

DIMENSIONS = 384
RNG = np.random.default_rng(3)
SETTINGS = Settings(rounds=200)


def rows(count: int, *, signal: float = 1.0, labels: tuple[str, ...] = ("toxicity",)):
    """Texts whose first coordinate tells the truth, each of an author of their own."""
    truth = RNG.random(count) < 0.4
    vectors = RNG.normal(size=(count, DIMENSIONS)).astype(np.float32)
    vectors[:, 0] += signal * np.where(truth, 8.0, -8.0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    own = [Own(f"text {n}", f"author {n}", dict.fromkeys(labels, bool(truth[n]))) for n in range(count)]
    return own, vectors, truth


def head(direction: float, labels: tuple[str, ...] = ("toxicity",)) -> Head:
    weights = np.zeros((len(labels), DIMENSIONS), dtype=np.float32)
    weights[:, 0] = direction
    size = len(labels)
    return Head("1", labels, weights, np.zeros(size, np.float32), (0.5,) * size, (1.0,) * size)


def test_a_better_one_is_taken():
    own, vectors, _truth = rows(400)
    found = retrain(own, vectors, head(-1.0), SETTINGS, None)
    [one] = found.compared
    assert one.better
    assert one.difference.low > 0
    assert one.after.value > one.before.value
    assert found.head.weights[0, 0] > 0
    assert found.head.thresholds[0] < found.head.confident[0] <= 1


def test_one_that_is_no_better_is_not():
    own, vectors, _truth = rows(400)
    found = retrain(own, vectors, head(5.0), SETTINGS, None)
    assert not found.compared[0].better
    assert found.head is None


def test_without_signal_nothing_is_taken():
    own, vectors, _truth = rows(400, signal=0.0)
    assert retrain(own, vectors, head(1.0), SETTINGS, None).head is None


def test_too_few_rows_of_a_side_say_so():
    own, vectors, _truth = rows(60)
    [one] = retrain(own, vectors, head(-1.0), SETTINGS, None).compared
    assert "too few" in one.why
    assert not one.better


def test_labels_that_are_no_better_stay_as_they_are():
    own, vectors, _truth = rows(400, labels=("toxicity", "spam"))
    current = head(-1.0, ("toxicity", "spam"))
    current.weights[1, 0] = 5.0
    found = retrain(own, vectors, current, SETTINGS, None)
    assert [one.better for one in found.compared] == [True, False]
    assert np.array_equal(found.head.weights[1], current.weights[1])
    assert found.head.thresholds[1] == current.thresholds[1]


def test_what_is_held_out_is_fitted_on_by_nobody(monkeypatch):
    """Truth that is turned around in the rows held out changes the comparison, and no weight."""
    own, vectors, _truth = rows(400)
    away = split(own, 0)
    assert 0.2 < away.mean() < 0.4
    turned = [
        Own(one.text, one.group, {"toxicity": not one.truth["toxicity"]}) if away[n] else one
        for n, one in enumerate(own)
    ]
    fitted = []
    plain = fit.fit

    def noted(*given):
        fitted.append(plain(*given))
        return fitted[-1]

    monkeypatch.setattr(fit, "fit", noted)
    assert retrain(own, vectors, head(-1.0), SETTINGS, None).head is not None
    first = fitted[0]
    fitted.clear()
    assert retrain(turned, vectors, head(-1.0), SETTINGS, None).head is None
    assert np.array_equal(fitted[0].weights, first.weights)


def test_a_group_is_never_parted_and_stays_where_it_is():
    own = [Own(f"text {n}", f"author {n % 20}", {}) for n in range(200)]
    away = split(own, 0)
    sides = {one.group: bool(side) for one, side in zip(own, away, strict=True)}
    assert all(sides[one.group] == side for one, side in zip(own, away, strict=True))
    more = [*own, *(Own("more", f"newcomer {n}", {}) for n in range(50))]
    assert np.array_equal(split(more, 0)[:200], away)


@pytest.fixture
def command(db, monkeypatch):
    """command(own, vectors): the command on these labels, without reading texts with the model."""
    Classifier.objects.create(name="text", kind="text", engine="encoder-head", state="active")

    def give(own, vectors) -> None:
        monkeypatch.setattr(train_own_head, "own_labels", lambda _row: own)
        # In this order: the first line imports a module that keeps the loader which it finds.
        monkeypatch.setattr("classifiers.training.run.embed", lambda _encoder, _texts: vectors)
        monkeypatch.setattr("classifiers.encoder.load_encoder", lambda *_, sha256: None)

    return give


def test_the_command_writes_a_head_that_can_be_read(command, tmp_path, capsys):
    own, vectors, _truth = rows(400)
    current = head(-1.0)
    command(own, vectors)
    folder = tmp_path / "current"
    thresholds = {"toxicity": {"threshold": 0.5, "confident": 1.0}}
    write_head(
        folder,
        weights=current.weights,
        bias=current.bias,
        labels=thresholds,
        encoder_sha256=WEIGHTS_SHA256,
        training={},
    )
    Classifier.objects.update(model=str(folder))
    out = tmp_path / "new"
    call_command("train_own_head", out=out)
    assert "toxicity: better, taken over" in capsys.readouterr().out
    assert read_head(out, WEIGHTS_SHA256).weights[0, 0] > 0
    training = json.loads((out / "head.json").read_text())["training"]
    assert (training["own_labels"], training["better"]) == (400, ["toxicity"])
    with pytest.raises(CommandError, match="holds a head already"):
        call_command("train_own_head", out=out)


def test_the_command_refuses_what_is_no_better(command, tmp_path, capsys):
    own, vectors, _truth = rows(400, signal=0.0)
    command(own, vectors)
    with pytest.raises(CommandError, match=r"No label is better .* nothing was written"):
        call_command("train_own_head", out=tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert "not better, stays as it is" in capsys.readouterr().out
    # Nothing forces it: Django reads this as its own --force-color.
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("train_own_head", "--force", out=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_without_labels_it_says_so(command, tmp_path):
    command([], None)
    with pytest.raises(CommandError, match="Nobody has decided"):
        call_command("train_own_head", out=tmp_path / "new")
