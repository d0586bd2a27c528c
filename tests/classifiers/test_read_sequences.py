"""Any sequence classifier of transformers, from a folder: its own values, windows with their characters, refusals."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from classifiers.contract import CannotLoad, Label, Specification
from classifiers.sequence import load
from tests.classifiers.sequences import change_config, save_model

LABELS = (Label("insult", "INSULT", threshold=0.3, confident_threshold=0.9), Label("spam"))
TEXTS = ["idiot", "this text insults somebody", "good " * 40 + "idiot prize", "prize [SEP] good", ""]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return save_model(tmp_path_factory.mktemp("single"), "fine", "INSULT", "spam")


@pytest.fixture
def copy(folder, tmp_path) -> Path:
    return shutil.copytree(folder, tmp_path / "model")


def spec(model: Path | str, labels=LABELS, **values) -> Specification:
    values = {"device": "cpu", "precision": "fp32", **values}
    return Specification("tiny", "text", "sequence", str(model), labels=labels, **values)


def plain(folder: Path, text: str) -> torch.Tensor:
    """What transformers itself gives for a short text."""
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        return model(**AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")).logits[0]


def test_outputs_of_one_choice_are_probabilities_that_make_one(folder):
    classifier = load(spec(folder))
    wanted = plain(folder, TEXTS[1]).softmax(-1)
    (insult, spam) = classifier.read(TEXTS)[1].scores
    assert (insult.value, spam.value) == pytest.approx((wanted[1].item(), wanted[2].item()), abs=1e-4)
    assert (insult.label, insult.threshold, insult.confident_threshold) == ("insult", 0.3, 0.9)
    assert (insult.start, insult.end) == (0, len(TEXTS[1]))


def test_outputs_that_may_hold_together_are_each_a_probability(tmp_path):
    save_model(tmp_path, "insult", "spam", problem_type="multi_label_classification")
    (insult, spam) = load(spec(tmp_path)).read(["idiot prize"])[0].scores
    wanted = plain(tmp_path, "idiot prize").sigmoid()
    assert (insult.value, spam.value) == pytest.approx(tuple(wanted.tolist()), abs=1e-4)


def test_the_option_says_how_outputs_go_together(folder):
    (score,) = load(spec(folder, LABELS[:1], options={"multi_label": True})).read(["idiot"])[0].scores
    assert score.value == pytest.approx(plain(folder, "idiot").sigmoid()[1].item(), abs=1e-4)


def test_without_labels_every_output_is_one(folder):
    assert load(spec(folder, ())).labels == ("fine", "INSULT", "spam")


def test_a_long_text_is_read_in_windows_and_the_worst_is_kept_with_its_characters(folder):
    classifier = load(spec(folder, options={"window": 10, "overlap": 3}))
    text = "good " * 30 + "idiot " + "good " * 30
    (insult, _spam) = classifier.read([text])[0].scores
    values = {}
    for first in range(0, 61 - 3, 7):
        words = text.split()[first : first + 10]
        values[first] = plain(folder, " ".join(words)).softmax(-1)[1].item()
    first = max(values, key=lambda at: (values[at], -at))
    assert insult.value == pytest.approx(values[first], abs=1e-4)
    assert text[insult.start : insult.end].split() == text.split()[first : first + 10]


def test_a_window_never_holds_more_than_the_model_reads(folder):
    (score, _spam) = load(spec(folder, options={"window": 5_000})).read(["good " * 500])[0].scores
    assert score.end - score.start <= 62 * len("good ")


def test_values_do_not_depend_on_company_or_thread(folder):
    classifier = load(spec(folder))
    alone = [classifier.read([text])[0] for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _turn: classifier.read(TEXTS), range(8)))
    for readings in together:
        for one, other in zip(readings, alone, strict=True):
            assert [score.value for score in one.scores] == pytest.approx(
                [score.value for score in other.scores], abs=1e-5
            )
            assert [(score.start, score.end) for score in one.scores] == [
                (score.start, score.end) for score in other.scores
            ]


@pytest.mark.parametrize("text", ["", "\ud800", "\u200d" * 100_000, "a" * 1_000_000, "\0", "กำ " * 50])
def test_any_string_has_scores(folder, text):
    (insult, spam) = load(spec(folder)).read([text])[0].scores
    assert 0 <= insult.value <= 1
    assert 0 <= spam.start <= spam.end <= len(text)


def test_a_text_without_a_word_scores_nothing(folder):
    scores = load(spec(folder)).read([""])[0].scores
    assert [(one.value, one.start, one.end) for one in scores] == [(0, 0, 0)] * 2
    assert load(spec(folder)).read([]) == []


def test_provenance_names_the_weights(folder):
    provenance = load(spec(folder)).provenance
    assert (provenance.name, provenance.model, provenance.precision) == ("tiny", str(folder), "fp32")
    assert len(provenance.weights_sha256) == 64


def test_capital_letters_of_outputs_do_not_matter(folder):
    assert load(spec(folder, (Label("x", "insult"),))).labels == ("x",)


def refused(spec: Specification) -> str:
    with pytest.raises(CannotLoad) as refusal:
        load(spec)
    return str(refusal.value)


def test_an_output_that_is_not_there_lists_those_that_are(folder):
    said = refused(spec(folder, (Label("threat"),)))
    assert "threat" in said
    assert "fine, INSULT, spam" in said


def test_a_model_without_its_last_layer_is_refused(copy):
    weights = load_file(copy / "model.safetensors")
    save_file(
        {key: one for key, one in weights.items() if "classifier" not in key},
        copy / "model.safetensors",
        {"format": "pt"},
    )
    assert "classifier" in refused(spec(copy))


def test_weights_that_are_no_numbers_are_refused(copy):
    weights = load_file(copy / "model.safetensors")
    weights["classifier.bias"][0] = float("nan")
    save_file(weights, copy / "model.safetensors", {"format": "pt"})
    assert "no numbers" in refused(spec(copy))


def test_a_pickle_is_never_read(copy):
    torch.save(load_file(copy / "model.safetensors"), copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    assert "pytorch_model.bin" in refused(spec(copy))


def test_code_that_comes_with_a_model_never_runs(copy):
    (copy / "theirs.py").write_text("raise SystemExit('their code ran')")
    change_config(
        copy, model_type="theirs", auto_map={"AutoConfig": "theirs.C", "AutoModelForSequenceClassification": "theirs.M"}
    )
    assert "sequence classifier" in refused(spec(copy)) or "tokenizer" in refused(spec(copy))


def test_a_hub_id_needs_a_pinned_commit(copy, monkeypatch):
    asked: dict = {}
    monkeypatch.setattr(
        "huggingface_hub.snapshot_download", lambda model, **said: asked.update(said, model=model) or str(copy)
    )
    (label,) = load(spec("someone/tiny", LABELS[:1], revision="a" * 40)).labels
    assert (label, asked["model"], asked["revision"]) == ("insult", "someone/tiny", "a" * 40)
    assert not any(pattern.endswith((".py", ".bin")) for pattern in asked["allow_patterns"])


@pytest.mark.parametrize("options", [{"window": "big"}, {"window": 10, "overlap": 10}, {"multi_label": 1}])
def test_options_that_make_no_sense_are_refused(folder, options):
    assert "option" in refused(spec(folder, options=options))
