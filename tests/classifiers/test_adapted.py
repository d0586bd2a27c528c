"""The fine-tuned encoder of a new installation: which files make it, and what it says of plain sentences (H2, H7)."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoModel

from classifiers import registry
from classifiers.adapted import ADAPTED, CHANGES, adapted_sha256, changes_of, merge, read_changes, write_changes
from classifiers.contract import CannotLoad, Specification
from classifiers.encoder import DIMENSIONS, load_encoder
from classifiers.engine.build import build_engine
from classifiers.head import NEVER, BrokenHead, write_head
from classifiers.text import load_default
from classifiers.weights import MODEL_NAME, WEIGHTS_SHA256, model_folder

LATEST = Specification("text", "text", "encoder-head", options={"head": "adapted"})
FIRST = replace(LATEST, options={})


@pytest.fixture
def copied(tmp_path):
    """A copy of the shipped folder, to be spoilt."""
    return shutil.copytree(ADAPTED, tmp_path / "adapted")


def test_the_files_are_small_and_are_the_ones_the_head_was_fitted_on():
    assert sum(path.stat().st_size for path in ADAPTED.iterdir()) < 15_000_000
    assert read_changes(ADAPTED, adapted_sha256())
    assert changes_of(WEIGHTS_SHA256) is None


def test_changed_weights_are_refused(copied):
    raw = bytearray((copied / CHANGES).read_bytes())
    raw[-1] ^= 1
    (copied / CHANGES).write_bytes(raw)
    with pytest.raises(BrokenHead, match="get both files anew"):
        read_changes(copied, adapted_sha256())


def test_missing_weights_are_refused(copied):
    (copied / CHANGES).unlink()
    with pytest.raises(BrokenHead, match=f"has no {CHANGES}"):
        read_changes(copied, adapted_sha256())


def test_an_encoder_that_is_not_here_is_refused():
    with pytest.raises(BrokenHead, match="There is no encoder 0000"):
        changes_of("0" * 64)


def test_a_change_without_a_place_is_refused():
    model = torch.nn.Linear(2, 2)
    with pytest.raises(BrokenHead, match="no weights “other”"):
        merge(model, {"other": np.zeros(2, np.float32)})
    with pytest.raises(BrokenHead, match="no weights “bias”"):
        merge(model, {"bias": np.zeros(3, np.float32)})


def test_what_is_written_is_read_back_to_a_127th_of_its_row(tmp_path):
    pick = np.random.default_rng(1)
    said = {"matrix": pick.normal(size=(4, 8)).astype(np.float32), "vector": pick.normal(size=4).astype(np.float32)}
    read = read_changes(tmp_path, write_changes(tmp_path, said))
    most = np.abs(said["matrix"]).max(axis=1, keepdims=True)
    assert (np.abs(read["matrix"] - said["matrix"]) <= most / 254 + 1e-6).all()
    assert np.array_equal(read["vector"], said["vector"])


def test_packed_values_are_the_plain_ones_in_full_precision():
    model = AutoModel.from_pretrained(model_folder(), local_files_only=True, dtype=torch.float32)
    merge(model, read_changes(ADAPTED, adapted_sha256()))
    rows = [[101, *range(2000, 2000 + length), 102] for length in (1, 5, 5, 40, 126)]
    packed, plain = (build_engine(model.eval(), "mean", packed=packed).run(rows) for packed in (True, False))
    loaded = load_encoder("cpu", "fp32", sha256=adapted_sha256()).engine.run(rows)
    assert np.abs(packed - plain).max() < 1e-4
    assert np.abs(loaded - plain).max() < 1e-4


def test_vectors_of_the_packaged_encoder_are_not_found_in_its_cache():
    one, other = (load_encoder("cpu", cached=True, sha256=sha256) for sha256 in (WEIGHTS_SHA256, adapted_sha256()))
    assert one.engine.cache.key([101, 102]) != other.engine.cache.key([101, 102])


def test_scores_and_vectors_name_the_encoder_that_made_them():
    latest, first = registry.load(LATEST).provenance, registry.load(FIRST).provenance
    assert (latest.weights_sha256, first.weights_sha256) == (adapted_sha256(), WEIGHTS_SHA256)
    assert (latest.model, first.model) == (f"ombud/all-MiniLM-L6-v2@{adapted_sha256()[:12]}", MODEL_NAME)


def test_a_version_that_names_no_head_stays_what_it_was():
    assert registry.load(FIRST).labels == ("toxicity", "hate", "spam")


def test_a_head_that_does_not_exist_is_refused():
    with pytest.raises(CannotLoad, match="There is no head “newest”"):
        registry.load(replace(LATEST, options={"head": "newest"}))


@pytest.mark.parametrize("sha256", ["packaged", "adapted"])
def test_a_head_in_a_folder_brings_its_encoder(tmp_path, sha256):
    encoder = {"packaged": WEIGHTS_SHA256, "adapted": adapted_sha256()}[sha256]
    write_head(
        tmp_path,
        weights=np.full((1, DIMENSIONS), 0.1, np.float32),
        bias=np.zeros(1, np.float32),
        labels={"spam": {"threshold": 0.5, "confident": 1.0}},
        encoder_sha256=encoder,
        training={},
    )
    assert registry.load(replace(FIRST, model=str(tmp_path))).provenance.weights_sha256 == encoder


BAD = [
    ("toxicity", "This is fucking bullshit and so is everybody who believes it."),
    ("harassment", "You are a pathetic, brainless loser and nobody wants you here."),
    ("hate", "All immigrants are filthy criminals, throw them out."),
    ("threat", "I know where you live and I am going to shoot you tonight."),
    ("sexual", "She moaned as he fucked her hard, naked on the kitchen table."),
    ("violence", "He stabbed her again and again, laughing while the blood sprayed the wall."),
    ("self-harm", "Nobody would miss you, go kill yourself."),
    ("spam", "BUY cheap followers now!!! 5000 likes for only $9, visit www.cheap-likes.biz"),
    ("scam", "Your account was locked. Verify your password and card number at secure-login.xyz now."),
]
HARMLESS = [
    "How do I kill a zombie process that keeps port 8000 open?",
    "A man was shot near the station on Friday, police said; two people are in hospital.",
    "A course on contraception and consent for schools, reviewed by doctors.",
    "We are happy to announce version 2 of our translation model, free under Apache-2.0.",
    "My neighbour is a gay Muslim and one of the kindest people I know.",
    "Thank you, this works well on my machine.",
    "I disagree: the baseline in the card is wrong, please correct the table.",
]
# It may flag these (the model card says so), and then a person reads them: no rule acts on its word for it.
TALK = [
    "If you think about suicide, please call a helpline. You are not alone.",
    "This shoots the memory of the GPU up to 40 GB and the worker gets killed.",
    "Warning: there is a scam that claims to be the support team, do not click the link.",
]


@pytest.mark.parametrize(("label", "text"), BAD, ids=[label for label, _ in BAD])
def test_a_plain_violation_is_flagged_and_stands_above_what_is_harmless(score, label, text):
    found = score(text)[label]
    assert found.value >= found.threshold
    assert found.value > max(score(one)[label].value for one in HARMLESS)


@pytest.mark.parametrize("text", HARMLESS, ids=range(len(HARMLESS)))
def test_what_only_sounds_bad_is_flagged_for_nothing(score, text):
    flagged = {label: round(one.value, 3) for label, one in score(text).items() if one.value >= one.threshold}
    assert flagged == {}


@pytest.mark.parametrize("text", TALK, ids=range(len(TALK)))
def test_talk_about_it_is_never_sure_enough_for_a_rule(score, text):
    assert not [one.label for one in score(text).values() if one.value >= one.confident_threshold]


def test_no_rule_acts_on_what_was_not_measured_on_what_others_wrote_or_not_well_enough(score):
    never = {label for label, one in score("ok").items() if one.confident_threshold == NEVER}
    assert never == {"hate", "harassment", "threat", "sexual", "violence", "self-harm", "scam"}


def test_an_unkind_word_for_a_group_weighs_the_same_whatever_the_group(classifier):
    groups = ("black", "white", "gay", "straight", "muslim", "christian", "jewish", "deaf", "old", "trans")
    place = classifier.labels.index("toxicity")
    kind = [one[place].value for one in classifier.score([f"being {group} is wonderful" for group in groups])]
    unkind = [one[place].value for one in classifier.score([f"{group} people are disgusting" for group in groups])]
    assert max(kind) < min(unkind)


def test_a_fresh_one_is_on_the_fine_tuned_encoder():
    assert load_default("cpu", "fp32").provenance.weights_sha256 == adapted_sha256()
