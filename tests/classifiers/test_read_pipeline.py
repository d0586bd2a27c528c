"""What a repository declares about its safety, read from diffusers' files, the card and the names."""

import json

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.files.declarations import INDEX
from classifiers.files.pipeline import Signal, read_pipeline
from classifiers.files.words import SIGNALS

CHECKER = ["stable_diffusion", "StableDiffusionSafetyChecker"]
EXTRACTOR = ["transformers", "CLIPImageProcessor"]
NAMES = ("README.md", INDEX, "safety_checker/model.safetensors", "feature_extractor/preprocessor_config.json")
WHOLE = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.31.0",
    "feature_extractor": EXTRACTOR,
    "requires_safety_checker": True,
    "safety_checker": CHECKER,
    "unet": ["diffusers", "UNet2DConditionModel"],
}


def without(key: str) -> dict:
    return {name: value for name, value in WHOLE.items() if name != key}


def value(kind: str, index=None, names=NAMES, **texts: bytes) -> str | None:
    files = {name.replace("__", "."): text for name, text in texts.items()}
    if index is not None:
        files[INDEX] = json.dumps(index).encode()
    return next((signal.value for signal in read_pipeline(files, names) if signal.kind == kind), None)


PIPELINES = {
    "whole": (WHOLE, NAMES, "present"),
    "an older one that does not say what it requires": (without("requires_safety_checker"), NAMES, "present"),
    "null": (WHOLE | {"safety_checker": [None, None]}, NAMES, "null"),
    "null, said twice": (WHOLE | {"safety_checker": [None, None], "requires_safety_checker": False}, NAMES, "null"),
    "plain null": (WHOLE | {"safety_checker": None}, NAMES, "null"),
    "not required": (WHOLE | {"requires_safety_checker": False}, NAMES, "removed"),
    "not named": (without("safety_checker"), NAMES, "removed"),
    "folder missing": (WHOLE, (INDEX, NAMES[3]), "removed"),
    "extractor's folder missing": (WHOLE, (INDEX, NAMES[2]), "removed"),
    "extractor null": (WHOLE | {"feature_extractor": [None, None]}, NAMES, "removed"),
    "extractor not named": (without("feature_extractor"), NAMES, "removed"),
    "Flax": ({"_class_name": "FlaxStableDiffusionPipeline"}, NAMES, "removed"),
    "DeepFloyd": ({"_class_name": "IFPipeline", "safety_checker": [None, None]}, NAMES, "null"),
    "a larger one, which never had a checker": ({"_class_name": "StableDiffusionXLPipeline"}, NAMES, "not_applicable"),
    "another family": ({"_class_name": "FluxPipeline"}, NAMES, "not_applicable"),
    "another family with a checker": (
        {"_class_name": "MyPipeline", "safety_checker": ["my", "Checker"]},
        NAMES,
        "present",
    ),
    "no class": ({}, NAMES, "not_applicable"),
}


@pytest.mark.parametrize(("index", "names", "expected"), PIPELINES.values(), ids=PIPELINES.keys())
def test_the_safety_checker(index, names, expected):
    assert value("safety_checker", index, names) == expected


def test_no_pipeline_no_checker():
    signal = Signal("safety_checker", "not_applicable")
    assert read_pipeline({"config.json": b'{"model_type": "bert"}'}, ["config.json"]) == (signal,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("StableDiffusionPipelineSafe", "yes"),
        ("SafeDiffusionPipeline", "yes"),
        ("StableDiffusionPipeline", None),
        ("SafetensorsPipeline", None),
    ],
)
def test_a_safe_pipeline(name, expected):
    assert value("safe_pipeline", WHOLE | {"_class_name": name}) == expected


SETTINGS = {
    "a component": ({"watermarker": ["deepfloyd_if", "IFWatermarker"]}, "declared"),
    "a switch": ({"add_watermarker": True}, "declared"),
    "a component that is null": ({"watermarker": [None, None]}, "off"),
    "a switch that is off": ({"add_watermarker": False}, "off"),
    "settings of generation": ({"watermarking_config": {"keys": [1, 2], "ngram_len": 5}}, "declared"),
}


@pytest.mark.parametrize(("declared", "expected"), SETTINGS.values(), ids=SETTINGS.keys())
def test_a_watermark_in_the_settings(declared, expected):
    [signal] = [one for one in read_pipeline({INDEX: json.dumps(declared).encode()}, ()) if one.kind == "watermark"]
    assert (signal.value, signal.path) == (expected, INDEX)


CARDS = {
    "We embed an invisible watermark into each image.": "declared",
    "Outputs are watermarked with SynthID.": "declared",
    "All images carry a robust watermark.": "declared",
    "It needs the package invisible-watermark.": "declared",
    "pipe = load(path, add_watermarker=False)": "off",
    "Loads without the invisible watermark.": "off",
    "The invisible watermark is disabled here.": "off",
    "We don't add a watermark.": "off",
    "Trained on images with a watermark probability below 0.5; pictures with watermarks were left out.": None,
    "A model that removes watermarks.": None,
    "": None,
}


@pytest.mark.parametrize(("card", "expected"), CARDS.items(), ids=range(len(CARDS)))
def test_a_watermark_in_the_card(card, expected):
    assert value("watermark", README__md=card.encode()) == expected


def test_a_watermark_that_is_there_counts_before_one_that_is_off():
    card = b"Call it with add_watermarker=False. Otherwise we embed an invisible watermark."
    assert value("watermark", README__md=card) == "declared"


WEIGHTS = {
    "safetensors": (["model-00001-of-00002.safetensors", "model.safetensors.index.json"], "safetensors"),
    "both": (["unet/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.bin"], "both"),
    "pickle": (["pytorch_model.bin", "config.json"], "pickle"),
    "checkpoint": (["v1-5-pruned.ckpt"], "pickle"),
    "left over from training": (
        ["model.safetensors", "training_args.bin", "optimizer.pt", "rng_state_0.pth"],
        "safetensors",
    ),
    "another format": (["openvino_model.bin", "model.gguf"], None),
    "none": (["README.md"], None),
}


@pytest.mark.parametrize(("names", "expected"), WEIGHTS.values(), ids=WEIGHTS.keys())
def test_the_format_of_the_weights(names, expected):
    assert value("weights", names=names) == expected


BROKEN = {
    "no JSON": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "deep": b'{"a":' * 100_000,
    "deep lists": b"[" * 100_000,
    "a number beyond all": b'{"a": ' + b"9" * 10_000 + b"}",
    "large": b'{"a": "' + b"a" * 2**21 + b'"}',
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_an_index_that_cannot_be_read(raw):
    assert read_pipeline({INDEX: raw}, NAMES)[0] == Signal("safety_checker", "unreadable", INDEX)


ODD = {
    "not a number": b'{"_class_name": NaN, "safety_checker": Infinity}',
    "a lone surrogate": b'{"_class_name": "\\ud800Safe", "safety_checker": "\\udfff"}',
    "a class that is a list": b'{"_class_name": ["StableDiffusionPipeline"], "safety_checker": {"a": 1}}',
    "a key twice": b'{"safety_checker": ["a", "b"], "safety_checker": [null, null]}',
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD.keys())
def test_an_odd_index_is_read(raw):
    assert all((one.kind, one.value) in SIGNALS for one in read_pipeline({INDEX: raw}, NAMES))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WHOLE, "watermark"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(index=JSON, card=st.binary(max_size=200), names=st.lists(st.text(max_size=9)))
def test_anything_declared_is_read(index, card, names):
    signals = read_pipeline({INDEX: json.dumps(index).encode(), "README.md": card}, names)
    assert len({signal.kind for signal in signals}) == len(signals)
    assert all((one.kind, one.value) in SIGNALS for one in signals)


def test_a_signal_speaks_the_readers_language():
    with translation.override("en"):
        assert Signal("weights", "pickle").detail.startswith("The weights come only as pickles")
