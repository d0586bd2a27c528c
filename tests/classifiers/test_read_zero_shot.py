"""Labels from the words of their clause: by a model of inference, or how close the default encoder finds them."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from classifiers.contract import CannotLoad, Label, Specification
from classifiers.zero_shot import MOST, load
from tests.classifiers.sequences import save_model

LABELS = (Label("insult"), Label("spam", threshold=0.6))
INSULT, SPAM = "This text insults somebody.", ["this text sells", "this text sells good"]
WORDS = {"insult": INSULT, "spam": SPAM}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return save_model(tmp_path_factory.mktemp("nli"), "CONTRADICTION", "NEUTRAL", "ENTAILMENT")


def spec(model="", labels=LABELS, **options) -> Specification:
    options = {"hypotheses": WORDS, **options}
    return Specification(
        "x", "text", "zero-shot", str(model), labels=labels, options=options, precision="fp32", device="cpu"
    )


def test_inference_says_how_surely_a_text_entails_the_words(folder):
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def entails(hypothesis: str) -> float:
        pair = tokenizer("idiot", hypothesis, return_tensors="pt")
        assert pair["token_type_ids"].any()
        with torch.inference_mode():
            logits = model(**pair).logits[0]
        return logits[[2, 0]].softmax(-1)[0].item()

    (insult, spam) = load(spec(folder)).read(["idiot"])[0].scores
    assert insult.value == pytest.approx(entails(INSULT), abs=1e-4)
    assert spam.value == pytest.approx(max(map(entails, SPAM)), abs=1e-4)
    assert (spam.threshold, spam.start, spam.end) == (0.6, 0, 5)


def test_inference_reads_long_texts_in_windows(folder):
    text = "good " * 300
    (insult, _spam) = load(spec(folder)).read([text])[0].scores
    assert 0 < insult.end - insult.start < len(text)


def test_closeness_to_the_words_orders_texts():
    classifier = load(
        spec(labels=LABELS[1:], hypotheses={"spam": "This text is advertising or offers money and prizes."})
    )
    (offer, bug) = classifier.read(
        ["You won a cash prize, claim your free money now!", "The tokenizer test fails on Windows."]
    )
    assert bug.scores[0].value < 0.5 < offer.scores[0].value <= MOST
    assert classifier.provenance.head_version == "similarity-1"


def test_nothing_to_read_is_close_to_nothing():
    assert [one.value for one in load(spec()).read([""])[0].scores] == [0, 0]


@pytest.mark.parametrize(
    ("labels", "hypotheses"), [((), WORDS), (LABELS, {"insult": "x"}), (LABELS, []), (LABELS, WORDS | {"spam": [" "]})]
)
def test_every_label_needs_words(labels, hypotheses):
    with pytest.raises(CannotLoad, match="hypotheses"):
        load(spec(labels=labels, hypotheses=hypotheses))


def test_a_model_of_something_else_is_refused(tmp_path):
    with pytest.raises(CannotLoad, match="good, bad"):
        load(spec(save_model(tmp_path, "good", "bad")))
