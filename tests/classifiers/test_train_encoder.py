"""The command that makes the default model: what it reads, and that it can be repeated (H2, H7)."""

import json
import math
import random
from io import StringIO

import pytest
import torch
from django.core.management import CommandError, call_command

from classifiers.adapted import read_changes
from classifiers.encoder import load_tokenizer
from classifiers.head import read_head, trained_on
from classifiers.training.adapt import Adapted, Plan
from classifiers.training.augment import LONGEST, augment, joined, noisy
from classifiers.training.encoder_run import changes
from classifiers.training.loss import label_weights, masked_loss, truth_and_known
from classifiers.training.masked import LABELS, Row, davidson, read_masked
from classifiers.training.probe import probe
from classifiers.training.seeds import packaged, trained
from classifiers.training.sentences import HELD_OUT, HERE, write_sentences
from classifiers.weights import model_folder

WORDS = [("you moron", 1.0), ("thank you", 0.0)]


def train(data, out, steps=2):
    printed = StringIO()
    call_command("train_encoder", data=data, out=out, seeds=[3], steps=steps, stdout=printed)
    return printed.getvalue()


@pytest.fixture
def few_sentences(monkeypatch):
    monkeypatch.setattr("classifiers.training.sentences.PER_TEMPLATE", 1)


def test_the_same_data_and_seed_give_the_same_bytes_and_a_head_that_can_be_used(data, tmp_path, few_sentences):
    printed = train(data, tmp_path / "one")
    train(data, tmp_path / "other")
    for name in ("encoder.safetensors", "head.safetensors", "head.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    sha256 = trained_on(tmp_path / "one")
    assert read_head(tmp_path / "one", sha256).labels == LABELS
    assert read_changes(tmp_path / "one", sha256)
    said = json.loads((tmp_path / "one" / "head.json").read_text())
    assert said["training"]["seeds"] == [3]
    assert {"davidson.csv", "harassment.txt", "slots.txt"} <= set(said["training"]["data_sha256"])
    assert all(row["clause"] for row in said["labels"])
    assert f"scam: AUROC {said['training']['held_out_figures']['scam']['auroc']:.4f}" in printed


@pytest.mark.parametrize("name", ["davidson.csv", "toxigen.csv", "sms-spam.tsv"])
def test_a_missing_file_is_named(data, tmp_path, name):
    (data / name).unlink()
    with pytest.raises(CommandError, match=f"has no {name}"):
        train(data, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_steps_are_refused(data, tmp_path):
    with pytest.raises(CommandError, match="whole number from 1"):
        train(data, tmp_path / "out", steps=0)


def test_votes_become_shares_and_what_nobody_labelled_is_unknown(tmp_path):
    path = tmp_path / "davidson.csv"
    path.write_text("count,hate_speech,offensive_language,neither,class,tweet\n4,1,2,1,1,words\n3,0,0,3,2,others\n")
    one, other = davidson(path)
    assert (one.truth["toxicity"], one.truth["hate"]) == (0.75, 0.25)
    assert "threat" not in one.truth
    assert other.truth["threat"] < 0.5


def test_a_bad_vote_is_named_with_its_line(tmp_path):
    path = tmp_path / "davidson.csv"
    path.write_text("count,hate_speech,offensive_language,neither,class,tweet\nx,1,2,1,1,words\n")
    with pytest.raises(Exception, match="line 2: neither votes nor a class"):
        list(davidson(path))


def test_our_sentences_know_every_label_and_are_the_same_each_time():
    rows = list(write_sentences())
    assert rows == list(write_sentences())
    assert not any(sign in row.text for row in rows for sign in "{}")
    for label in LABELS:
        positive = [row for row in rows if row.truth.get(label) == 1]
        assert len(positive) >= 250, label
        assert len({row.group for row in positive}) >= 10, label
    assert sum(not any(row.truth.values()) for row in rows) > 3_000


def test_groups_of_people_are_named_in_kind_sentences_as_in_unkind_ones():
    rows = [row for row in write_sentences() if row.group.startswith("identity ")]
    for word in ("muslim", "gay", "white", "deaf", "trans", "old"):
        named = [row.truth["toxicity"] for row in rows if word in row.text.split()]
        assert 0.2 < sum(named) / len(named) < 0.8, word


def test_comments_are_a_source_of_their_own_and_those_held_out_are_others():
    fitted, held_out = (
        {row.text for row in write_sentences(folder=folder) if row.source == "ours-comments"}
        for folder in (HERE, HELD_OUT)
    )
    assert min(len(fitted), len(held_out)) > 300
    assert not fitted & held_out


def test_every_source_has_its_share_of_a_round(data):
    assert {row.source for row in read_masked(data)} == {name for name, _ in Plan().shares}
    assert sum(share for _, share in Plan().shares) == pytest.approx(1)


def test_the_head_begins_where_it_fits_the_packaged_vectors():
    rows = [Row(f"{word} {n}", "ours", "", {"toxicity": bad}) for n in range(8) for word, bad in WORDS]
    shares = {"ours": 1.0}
    weights = label_weights(rows, shares, 4.0)
    models = [Adapted(packaged(), len(LABELS)) for _ in range(2)]
    tokenizer = load_tokenizer(model_folder())
    before = {name: value.clone() for name, value in models[0].encoder.named_parameters()}
    one, other = (probe(model, tokenizer, rows, shares, weights, 12, seed=1) for model in models)
    assert one == other < 0.1
    assert torch.equal(models[0].head.weight, models[1].head.weight)
    assert all(torch.equal(value, before[name]) for name, value in models[0].encoder.named_parameters())


def test_what_is_not_known_of_a_text_is_no_loss():
    truth, known = truth_and_known([{"toxicity": 1.0}, {"spam": 0.5}])
    assert (known.sum().item(), truth.sum().item()) == (2, 1.5)
    logits = torch.zeros_like(truth)
    loss = masked_loss(logits, truth, known, torch.ones(len(LABELS)))
    logits[0, LABELS.index("hate")] = 9.0
    assert masked_loss(logits, truth, known, torch.ones(len(LABELS))) == loss == pytest.approx(math.log(2))


def test_equal_texts_are_read_once(data, few_sentences):
    texts = [row.text.casefold() for row in read_masked(data)]
    assert len(texts) == len(set(texts))


def test_two_texts_together_are_as_bad_as_the_worse_and_unknown_where_one_is():
    assert joined({"hate": 0.0, "spam": 0.0}, {"hate": 1.0}) == {"hate": 1.0}
    assert joined({"hate": 0.2}, {"hate": 0.1, "spam": 0.0}) == {"hate": 0.2}


def test_texts_are_joined_one_after_the_other_until_they_are_long(monkeypatch):
    monkeypatch.setattr("classifiers.training.augment.JOINED", 1.0)
    monkeypatch.setattr("classifiers.training.augment.NOISY", 0.0)
    kind, unkind = (Row(word * 10, "ours", "", {"toxicity": bad}) for word, bad in (("good ", 0.0), ("bad ", 1.0)))
    text, truth = augment(kind, [unkind], random.Random(1))
    assert LONGEST - len(unkind.text) <= len(text) < LONGEST + 20
    assert text.count("bad") > 10
    assert text.count("good") == 10
    assert truth == {"toxicity": 1.0}


def test_noise_changes_letters_and_keeps_short_words():
    pick = random.Random(1)
    assert noisy("a an the", pick) == "a an the"
    assert noisy("wonderful " * 50, pick) != "wonderful " * 50


def test_seeds_trained_at_once_give_what_each_gives_alone(data, few_sentences):
    rows = [row for row in read_masked(data) if row.source == "davidson"][:40]
    plans = [Plan(seed=seed, steps=1, batch=4, probe=8, shares=(("davidson", 1.0),)) for seed in (3, 4)]
    printed: list[str] = []
    together = trained(rows, plans, printed.append)
    for plan, model in zip(plans, together, strict=True):
        alone = trained(rows, [plan], printed.append)[0]
        expected = alone.state_dict()
        assert all(torch.equal(value, expected[name]) for name, value in model.state_dict().items())
        assert kept_of(model) == kept_of(alone)
    assert not torch.equal(together[0].head.weight, together[1].head.weight)


def kept_of(model):
    kept = set(changes(model.encoder, packaged()))
    assert any("layer.5." in name for name in kept)
    assert not any("layer.0." in name or "embeddings" in name for name in kept)
    return kept
