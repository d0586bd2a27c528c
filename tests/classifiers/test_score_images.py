"""The engines for images, on real models made tiny: loaded as a hub's are, asked through the public way."""

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import CLIPConfig, CLIPVisionModelWithProjection, ViTConfig, ViTForImageClassification
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

from classifiers import registry
from classifiers.contract import CannotLoad, Label, Specification
from classifiers.images.classifier import Unread
from classifiers.images.decoder import Decoder
from classifiers.images.pdq import KnownHashes, hash_of, turned
from tests.classifiers.drawing import encoded, picture, png_bomb

TINY = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
VISION = TINY | {"image_size": 32, "patch_size": 8, "projection_dim": 16}


def load(spec: Specification) -> Any:
    return registry.load(spec)


@pytest.fixture(scope="module")
def vit(tmp_path_factory):
    """The folder of a classifier of three labels."""
    torch.manual_seed(1)
    names = {0: "neutral", 1: "nude", 2: "gore"}
    config = ViTConfig(
        **TINY, image_size=32, patch_size=8, id2label=names, label2id={name: key for key, name in names.items()}
    )
    model = ViTForImageClassification(config)
    torch.nn.init.normal_(model.classifier.weight, std=0.2)  # so that images differ
    folder = tmp_path_factory.mktemp("vit")
    model.save_pretrained(folder)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def image_spec(folder, **values) -> Specification:
    return Specification(**({"name": "eyes", "kind": "image", "engine": "image", "model": str(folder)} | values))


def values_of(reading) -> dict[str, float]:
    return {score.label: score.value for score in reading.scores}


def test_an_image_classifier_says_what_the_model_says(vit):
    image = picture(40, 40)
    classifier = load(image_spec(vit, precision="fp32"))
    [reading] = classifier.read([encoded(image)])
    model = ViTForImageClassification.from_pretrained(vit)
    inputs = ViTImageProcessorPil.from_pretrained(vit)(images=image, return_tensors="pt")
    expected = torch.softmax(model(**inputs).logits, -1)[0].tolist()
    assert classifier.labels == ("neutral", "nude", "gore")
    assert [score.value for score in reading.scores] == pytest.approx(expected, abs=1e-4)
    assert (classifier.provenance.precision, len(classifier.provenance.weights_sha256)) == ("fp32", 64)


def test_labels_get_our_names_and_thresholds(vit):
    labels = (Label("sexual", "nude", threshold=0.3, confident_threshold=0.9), Label("violence", "gore"))
    classifier = load(image_spec(vit, labels=labels, precision="fp32"))
    plain = values_of(load(image_spec(vit, precision="fp32")).read([encoded(picture())])[0])
    [reading] = classifier.read([encoded(picture())])
    assert classifier.labels == ("sexual", "violence")
    assert values_of(reading) == pytest.approx({"sexual": plain["nude"], "violence": plain["gore"]})
    assert (reading.scores[0].threshold, reading.scores[0].confident_threshold) == (0.3, 0.9)


def test_several_labels_at_once_are_no_shares_of_one(vit):
    classifier = load(image_spec(vit, precision="fp32", options={"multi_label": True}))
    assert sum(values_of(classifier.read([encoded(picture())])[0]).values()) != pytest.approx(1, abs=1e-3)


def test_an_image_scores_alone_as_it_does_among_others(vit):
    classifier = load(image_spec(vit, precision="fp32"))
    images = [encoded(picture(30 + index, 40, seed=index)) for index in range(20)]
    together = [list(values_of(one).values()) for one in classifier.read(images)]
    alone = [list(values_of(classifier.read([one])[0]).values()) for one in images]
    assert np.abs(np.array(together) - np.array(alone)).max() < 1e-4
    assert np.array(alone).std(axis=0).max() > 1e-3


def test_the_worst_frame_of_an_animation_decides(vit, tmp_path):
    frames = [picture(32, 32, seed=index) for index in range(4)]
    classifier = load(image_spec(vit, precision="fp32"))
    alone = [values_of(one)["gore"] for one in classifier.read([encoded(frame) for frame in frames])]
    (tmp_path / "a.png").write_bytes(encoded(frames[0], "PNG", save_all=True, append_images=frames[1:]))
    gore = classifier.read([tmp_path / "a.png"])[0].scores[2]
    assert gore.value == pytest.approx(max(alone), abs=1e-4)
    assert (gore.start, gore.end) == (int(np.argmax(alone)), int(np.argmax(alone)) + 1)


def test_what_cannot_be_looked_at_has_no_score_and_holds_up_nobody(vit):
    classifier = load(image_spec(vit))
    readings = classifier.read([b"", encoded(picture()), png_bomb(40_000, 40_000), b"GIF89a" + bytes(50)])
    assert [len(one.scores) for one in readings] == [0, 3, 0, 0]
    assert [one.verdict for one, _ in classifier.look([b"", png_bomb(40_000, 40_000)])] == ["no_image", "too_large"]


def test_an_animation_that_was_not_looked_at_whole_is_never_called_clean(vit):
    damaged = encoded(picture(90, 90), "JPEG")[:-300]
    quiet = load(image_spec(vit, labels=(Label("gore", threshold=1.1),)))
    assert [(one.verdict, one.whole) for one, _ in quiet.look([damaged])] == [("truncated", False)]
    assert quiet.read([damaged])[0].scores == []
    assert quiet.read([encoded(picture(90, 90), "JPEG")])[0].scores
    flagging = load(image_spec(vit, labels=(Label("gore", threshold=0.0),)))
    assert values_of(flagging.read([damaged])[0]).keys() == {"gore"}


@pytest.mark.parametrize("verdict", ["failed", "too_slow"])
def test_an_image_that_a_busy_machine_kept_from_us_is_tried_again(vit, monkeypatch, verdict):
    classifier = load(image_spec(vit))
    monkeypatch.setattr(Decoder, "_ask", lambda *_args, **_wanted: ({"verdict": verdict}, []))
    with pytest.raises(Unread, match=verdict):
        classifier.read([encoded(picture())])


def changed(folder, target, change) -> str:
    """A copy of a model's folder with other weights."""
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})
    for name in ("config.json", "preprocessor_config.json"):
        if (folder / name).is_file():
            (target / name).write_bytes((folder / name).read_bytes())
    return str(target)


def test_an_unknown_output_is_refused_with_those_there_are(vit):
    with pytest.raises(CannotLoad, match=r"no output “blood”.*neutral, nude, gore"):
        load(image_spec(vit, labels=(Label("violence", "blood"),)))


def test_weights_that_lack_something_are_refused(vit, tmp_path):
    folder = changed(vit, tmp_path, lambda tensors: tensors.pop("classifier.weight"))
    with pytest.raises(CannotLoad, match=r"lack classifier\.weight"):
        load(image_spec(folder))


def test_weights_that_are_no_numbers_are_refused(vit, tmp_path):
    folder = changed(vit, tmp_path, lambda tensors: tensors["classifier.weight"].fill_(float("nan")))
    with pytest.raises(CannotLoad, match="broken"):
        load(image_spec(folder))


def test_pickled_weights_are_never_loaded(vit, tmp_path):
    torch.save(load_file(vit / "model.safetensors"), tmp_path / "pytorch_model.bin")
    (tmp_path / "config.json").write_bytes((vit / "config.json").read_bytes())
    with pytest.raises(CannotLoad, match="no safetensors"):
        load(image_spec(tmp_path))


# The safety checker


def unit(vector: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(vector, dim=-1)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """The folder of a checker as diffusers saves it; the image `picture()` is concept 1 and special care 0 exactly."""
    torch.manual_seed(2)
    config = CLIPConfig(vision_config=VISION, text_config=TINY, projection_dim=16)
    inner = CLIPVisionModelWithProjection(config.vision_config).eval()
    folder = tmp_path_factory.mktemp("checker")
    CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(folder)
    config.save_pretrained(folder)
    tensors = {
        (f"vision_model.{key}" if key.startswith("vision_model.") else key): tensor
        for key, tensor in inner.state_dict().items()
    }
    inputs = CLIPImageProcessorPil.from_pretrained(folder)(images=picture(), return_tensors="pt")
    with torch.inference_mode():
        place = unit(inner(**inputs).image_embeds)[0]
    tensors |= {
        "vision_model.vision_model.embeddings.position_ids": torch.arange(17)[None],
        "concept_embeds": torch.stack([unit(torch.randn(16)), 3 * place]).contiguous(),
        "concept_embeds_weights": torch.tensor([2.0, 0.9]),
        "special_care_embeds": place[None].clone(),
        "special_care_embeds_weights": torch.tensor([2.0]),
    }
    save_file({key: tensor.clone() for key, tensor in tensors.items()}, folder / "model.safetensors")
    return folder


def checker(folder, target, *, concept: float, special: float, **values):
    """The checker with other thresholds of concept 1 and of the special care."""

    def change(tensors) -> None:
        tensors["concept_embeds_weights"][1] = concept
        tensors["special_care_embeds_weights"][0] = special

    labels = (Label("sexual", "unsafe"), Label("minors", "special_care"))
    spec = image_spec(changed(folder, target, change), engine="safety-checker", labels=labels, **values)
    return load(spec)


# The cosine of the image to both is 1, so the margin over a threshold is 1 less the threshold.
@pytest.mark.parametrize(
    ("concept", "special", "sexual", "minors"),
    [
        (0.9, 2.0, 1.0, 0.0),
        (0.98, 2.0, 0.75, 0.0),
        (0.995, 2.0, 0.5, 0.0),
        (1.005, 2.0, 0.25, 0.0),
        (1.5, 2.0, 0.0, 0.0),
        (1.005, 0.995, 0.5, 0.5),  # what is near special care is judged by a hundredth more strictly
        (1.011, 0.995, 0.25, 0.5),
        (1.5, 0.9, 0.0, 1.0),
    ],
)
def test_the_safety_checker_compares_with_concepts(clip, tmp_path, concept, special, sexual, minors):
    classifier = checker(clip, tmp_path, concept=concept, special=special)
    assert values_of(classifier.read([encoded(picture())])[0]) == {"sexual": sexual, "minors": minors}


def test_the_safety_checker_agrees_with_the_loop_of_diffusers(clip):
    from classifiers.images.safety_checker import Concepts

    random = np.random.default_rng(3)

    def vectors(number):
        found = random.normal(size=(number, 16)).astype(np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    images, concepts, special = vectors(200), vectors(17), vectors(3)
    limits, special_limits = np.full(17, 0.45, np.float32), np.full(3, 0.3, np.float32)
    margins, care = Concepts(concepts, limits, special, special_limits).margins(images)
    expected = []
    for image in images:
        adjustment, cared, bad = 0.0, False, False
        for vector, limit in zip(special, special_limits, strict=True):
            if round(float(image @ vector) - float(limit) + adjustment, 3) > 0:
                cared, adjustment = True, 0.01
        for vector, limit in zip(concepts, limits, strict=True):
            bad = bad or round(float(image @ vector) - float(limit) + adjustment, 3) > 0
        expected.append((bad, cared))
    assert list(zip(margins > 0, care > 0, strict=True)) == expected
    assert 20 < sum(bad for bad, _ in expected) < 180


def test_distances_to_concepts_do_not_come_out(clip, tmp_path):
    """However images differ, only the five steps are seen (H6)."""
    classifier = checker(clip, tmp_path, concept=0.98, special=0.9)
    images = [Image.blend(picture(), picture(seed=9), share) for share in np.linspace(0, 1, 24)]
    seen = {score.value for reading in classifier.read([encoded(one) for one in images]) for score in reading.scores}
    assert seen <= {0.0, 0.25, 0.5, 0.75, 1.0}
    assert len(seen) > 1


def test_weights_without_concepts_are_no_safety_checker(clip, tmp_path):
    folder = changed(clip, tmp_path, lambda tensors: tensors.pop("special_care_embeds_weights"))
    with pytest.raises(CannotLoad, match="lack special_care_embeds_weights"):
        load(image_spec(folder, engine="safety-checker"))


def test_a_checker_without_labels_says_sexual(clip):
    assert load(image_spec(clip, engine="safety-checker")).labels == ("sexual",)


# Known images


def pdq_spec(**options) -> Specification:
    return Specification("known", "image", "pdq", options=options)


def pdq_of(image: Image.Image) -> str:
    return hash_of(np.asarray(image)).value


def test_a_known_image_is_found_in_other_sizes_formats_and_mirrored():
    image = picture(400, 300)
    classifier = load(pdq_spec(lists={"known_bad": [pdq_of(picture(400, 300, seed=5)), pdq_of(image)]}))
    disguised = [
        encoded(image),
        encoded(image.resize((160, 120)), "JPEG", quality=40),
        encoded(picture(4000, 3000), "JPEG"),  # decoded at a part of its size
        encoded(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "WEBP"),
        encoded(image.transpose(Image.Transpose.ROTATE_90)),
    ]
    values = [values_of(one)["known_bad"] for one in classifier.read(disguised)]
    assert values[0] == 1
    assert min(values) >= 0.5
    others = [encoded(picture(400, 300, seed=seed)) for seed in range(10, 20)]
    assert {values_of(one)["known_bad"] for one in classifier.read(others)} == {0.0}


def test_a_surface_matches_nothing_even_when_it_is_listed():
    surface = Image.new("RGB", (64, 64), "grey")
    assert hash_of(np.asarray(surface)).quality < 50
    classifier = load(pdq_spec(lists={"known_bad": [pdq_of(surface)]}))
    assert values_of(classifier.read([encoded(surface)])[0]) == {"known_bad": 0.0}
    assert KnownHashes([pdq_of(surface)]).nearest(turned(np.asarray(surface)), quality=0) is not None


def test_lists_come_from_files_and_answer_for_their_label(tmp_path):
    (tmp_path / "list.csv").write_text(f"# hash, note\n{pdq_of(picture(300, 300)).upper()},seen in May\n\n")
    lists = {"partners": str(tmp_path / "list.csv"), "own": []}
    labels = (Label("known_bad", "partners", clause="minors"), Label("other", "own"))
    classifier = load(Specification("known", "image", "pdq", labels=labels, options={"lists": lists}))
    assert values_of(classifier.read([encoded(picture(300, 300))])[0]) == {"known_bad": 1.0, "other": 0.0}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "lists"),
        ({"lists": {"a": ["abc"]}}, "64 hexadecimal"),
        ({"lists": {"a": "/nowhere/list"}}, "cannot be read"),
        ({"lists": {"a": []}, "distance": 300}, "distance"),
    ],
)
def test_lists_that_cannot_be_read_are_refused(options, said):
    with pytest.raises(CannotLoad, match=said):
        load(pdq_spec(**options))


def test_a_list_that_is_another_file_is_refused_without_its_words(tmp_path):
    (tmp_path / "secrets.env").write_text(f"{'0' * 64}\nPASSWORD=hunter2\n")
    with pytest.raises(CannotLoad, match="line 2") as refused:
        load(pdq_spec(lists={"x": str(tmp_path / "secrets.env")}))
    assert "hunter2" not in str(refused.value)
    with pytest.raises(CannotLoad, match="entry 1") as refused:
        load(pdq_spec(lists={"x": ["hunter2"]}))
    assert "hunter2" not in str(refused.value)


def test_the_version_of_a_classifier_of_lists_changes_with_them():
    one, other = (load(pdq_spec(lists={"a": [digit * 64]})).provenance.head_version for digit in "01")
    assert one != other


def test_an_image_without_a_manifest_declares_nothing():
    classifier = load(Specification("declared", "image", "c2pa"))
    [reading] = classifier.read([encoded(picture())])
    assert values_of(reading) == {"altered": 0.0, "ai_generated": 0.0}
