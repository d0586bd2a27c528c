"""What the registry loads and what it refuses: the reason says what to do (H2)."""

from dataclasses import replace

import numpy as np
import pytest

from classifiers import encoder, registry
from classifiers.contract import CannotLoad, Label, Specification
from classifiers.head import write_head
from classifiers.text import default_classifier
from classifiers.weights import WEIGHTS_SHA256

DEFAULT = Specification("text", "text", "encoder-head", options={"head": "adapted"})
SEQUENCE = Specification("spam", "text", "sequence")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_the_default_is_the_classifier_of_the_process():
    loaded = registry.load(DEFAULT)
    [reading] = loaded.read(["You are a worthless idiot."])
    [known] = default_classifier().read(["You are a worthless idiot."])
    assert reading.scores == known.scores
    assert loaded.provenance == replace(default_classifier().provenance, name="text")


def test_labels_get_our_names_and_thresholds():
    labels = (Label("insult", output="toxicity", threshold=0.3, confident_threshold=0.7),)
    loaded = registry.load(replace(DEFAULT, labels=labels))
    [score] = loaded.read(["You are a worthless idiot."])[0].scores
    known = default_classifier().read(["You are a worthless idiot."])[0].scores
    assert (score.label, score.threshold, score.confident_threshold) == ("insult", 0.3, 0.7)
    assert score.value in [one.value for one in known if one.label == "toxicity"]
    assert loaded.labels == ("insult",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"engine": "oracle"}, "no engine “oracle”"),
        ({"kind": "image"}, "reads text, not image"),
        ({"model": ""}, "needs a model"),
        ({"model": "some where"}, "neither a folder"),
        ({"model": "somebody/model"}, "pin a revision"),
        ({"model": "somebody/model", "revision": "main"}, "no branch"),
        ({"model": "somebody/model", "revision": COMMIT.upper()}, "small letters"),
        ({"model": "/models/spam", "revision": COMMIT}, "A folder has no revision"),
        ({"model": "/models/there-is-none"}, "no folder /models/there-is-none"),
        ({"model": "/models", "options": {"trust_remote_code": True}}, "trust_remote_code"),
        ({"engine": "terms", "kind": "terms", "model": "/models"}, "has no model"),
    ],
)
def test_what_cannot_be_loaded_says_what_to_do(change, said):
    with pytest.raises(CannotLoad, match=said):
        registry.load(replace(SEQUENCE, **change))


def test_a_pickle_is_refused_without_being_opened(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch /tmp/pwned'\ntR.")
    with pytest.raises(CannotLoad, match=r"only pytorch_model\.bin, which can run code"):
        registry.load(replace(SEQUENCE, model=str(tmp_path)))


def test_an_engine_that_is_not_installed_says_so(monkeypatch, tmp_path):
    (tmp_path / "model.safetensors").touch()
    absent = registry.Engine("classifiers.there_is_no_such_module", ("text",))
    monkeypatch.setattr(registry, "ENGINES", {"sequence": absent})
    with pytest.raises(CannotLoad, match="is not installed"):
        registry.load(replace(SEQUENCE, model=str(tmp_path)))


@pytest.fixture
def head(tmp_path, monkeypatch):
    """head(0.1): the folder of a head for one label whose weights are all that."""
    monkeypatch.setattr(encoder, "load_encoder", lambda *said, **more: default_classifier()._encoder)

    def write(weight):
        weights, bias = np.full((1, encoder.DIMENSIONS), weight, np.float32), np.zeros(1, np.float32)
        labels = {"spam": {"threshold": 0.5, "confident": 1.0}}
        write_head(tmp_path, weights=weights, bias=bias, labels=labels, encoder_sha256=WEIGHTS_SHA256, training={})
        return str(tmp_path)

    return write


def test_a_head_in_a_folder(head):
    folder = head(0.1)
    loaded = registry.load(replace(DEFAULT, name="own", model=folder))
    assert loaded.labels == ("spam",)
    assert (loaded.provenance.name, loaded.provenance.model) == ("own", folder[-200:])


def test_broken_weights_are_noticed_by_a_first_reading(head):
    with pytest.raises(CannotLoad, match="“spam” comes out as nan"):
        registry.load(replace(DEFAULT, model=head(float("nan"))))
