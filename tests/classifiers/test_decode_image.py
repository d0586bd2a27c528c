"""Decoding strangers' images: whatever they are, a clear verdict comes back, soon and in bounded memory."""

import io
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from classifiers.images.decoder import FRAMES, MAX_BYTES, SIDE, Decoder
from classifiers.images.previews import blurred_preview
from classifiers.images.words import VERDICTS
from tests.classifiers.drawing import encoded, picture, png_bomb

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")


@pytest.fixture(scope="module")
def decoder():
    decoder = Decoder(1)
    yield decoder
    decoder.close()


def newest_child() -> Path:
    """What the system knows of the decoding process that started last."""
    children = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    folders = [Path("/proc", pid) for pid in children if b"child.py" in Path("/proc", pid, "cmdline").read_bytes()]
    return max(folders, key=lambda folder: int((folder / "stat").read_text().rpartition(")")[2].split()[19]))


def memory_of(child: Path) -> int:
    """The most bytes that it ever had in memory."""
    return int((child / "status").read_text().partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.parametrize("kind", FORMATS)
def test_an_image_is_decoded(decoder, kind):
    image = picture(240, 160)
    found = decoder.decode(encoded(image, kind))
    assert (found.verdict, found.format, found.width, found.height, found.whole) == ("ok", kind, 240, 160, True)
    [frame] = found.frames
    assert frame.pixels.shape == (160, 240, 3)
    assert np.abs(frame.pixels.astype(int) - np.asarray(image)).mean() < 15


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_becomes_rgb(decoder, mode):
    grey = np.tile(np.linspace(0, 65_535, 60), (40, 1))
    image = Image.fromarray(grey.astype(np.uint16) if mode == "I;16" else (grey / 257).astype(np.uint8))
    image = image if image.mode == mode else image.convert(mode)
    [frame] = decoder.decode(encoded(image, "TIFF" if mode == "CMYK" else "PNG")).frames
    assert frame.pixels.shape == (40, 60, 3)
    assert frame.pixels[:, :10].mean() < 70
    assert frame.pixels[:, -10:].mean() > 185


def test_what_is_transparent_is_white_and_what_hides_behind_it_stays_hidden(decoder):
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    [frame] = decoder.decode(encoded(image)).frames
    assert frame.pixels.min() == 255


def test_an_image_is_turned_as_its_exif_says(decoder):
    exif = Image.Exif()
    exif[0x0112] = 6
    [frame] = decoder.decode(encoded(picture(96, 64), "JPEG", exif=exif)).frames
    assert frame.pixels.shape == (96, 64, 3)


def test_a_large_image_comes_small_in_its_proportions(decoder):
    found = decoder.decode(encoded(picture(3000, 1000), "JPEG"))
    assert (found.width, found.height) == (3000, 1000)
    assert found.frames[0].pixels.shape == (round(SIDE / 3), SIDE, 3)


@pytest.mark.parametrize(("width", "height"), [(40_000, 40_000), (2**31 - 1, 2**31 - 1), (65_535, 20_000)])
def test_a_bomb_is_refused_at_once_in_little_memory(decoder, width, height):
    decoder.decode(encoded(picture()))
    before = memory_of(newest_child())
    data = png_bomb(width, height)
    assert len(data) < 20_000
    began = time.perf_counter()
    assert decoder.decode(data).verdict == "too_large"
    assert time.perf_counter() - began < 0.5
    assert memory_of(newest_child()) - before < 20 * 2**20


def test_a_file_that_is_too_large_is_not_read():
    assert Decoder(1).decode(bytes(MAX_BYTES + 1)).verdict == "too_large"


def animated(colors, kind="GIF") -> bytes:
    frames = [Image.new("RGB", (32, 32), color) for color in colors]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=20)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_a_few_frames_are_looked_at_all_along(decoder, kind):
    found = decoder.decode(animated([(10 * index, 255 - 10 * index, 0) for index in range(25)], kind))
    assert (found.verdict, found.whole, len(found.frames)) == ("ok", True, FRAMES)
    places = [frame.index for frame in found.frames]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] >= 20
    for frame in found.frames:
        assert abs(int(frame.pixels[16, 16, 0]) - 10 * frame.index) < 12


def test_an_animation_without_an_end_is_not_whole(decoder):
    data = animated([(index % 256, 0, index // 256) for index in range(60)])
    found = decoder.decode(data[: len(data) // 2])
    assert found.whole is False
    assert found.frames


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_there_of_an_image_that_breaks_off_is_looked_at(decoder, kind):
    data = encoded(picture(600, 400), kind)
    found = decoder.decode(data[: len(data) // 2])
    assert (found.verdict, found.whole) == ("truncated", False)
    assert found.frames[0].pixels[:50].std() > 5


BROKEN = {
    "a header and nothing": (encoded(picture())[:60], "broken"),
    "WebP that breaks off": (encoded(picture(), "WEBP")[:200], "broken"),
    "no image": (b"<html>" * 30, "no_image"),
    "nothing": (b"", "no_image"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no_image"),
}


@pytest.mark.parametrize(("data", "verdict"), BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_looked_at_says_so(decoder, data, verdict):
    found = decoder.decode(data)
    assert (found.verdict, found.frames) == (verdict, ())


@settings(deadline=None, max_examples=60)
@given(kind=st.sampled_from(FORMATS), draw=st.data())
def test_a_damaged_image_never_raises(decoder, kind, draw):
    data = encoded(picture(24, 24), kind)
    place = draw.draw(st.integers(0, len(data) - 1))
    found = decoder.decode(data[:place] + draw.draw(st.binary(max_size=8)) + data[place + 4 :])
    assert found.verdict in VERDICTS
    assert bool(found.frames) is (found.verdict in ("ok", "truncated"))


def test_a_decoder_whose_child_is_killed_goes_on(decoder):
    decoder.decode(encoded(picture()))
    os.kill(int(newest_child().name), signal.SIGKILL)
    assert decoder.decode(encoded(picture())).verdict in ("too_slow", "failed")
    assert decoder.decode(encoded(picture())).verdict == "ok"


def test_the_child_sees_nothing_of_our_environment(decoder, monkeypatch):
    monkeypatch.setenv("OMBUD_SECRET_KEY", "secret")
    with_child = Decoder(1)
    with_child.decode(encoded(picture()))
    assert b"OMBUD_SECRET_KEY" not in (newest_child() / "environ").read_bytes()
    with_child.close()


def test_many_images_keep_their_order():
    decoder = Decoder(2)
    images = [encoded(Image.new("RGB", (8, 8), (index * 10, 0, 0))) for index in range(12)]
    found = decoder.decode_all([*images, b""])
    decoder.close()
    assert [int(one.frames[0].pixels[0, 0, 0]) for one in found[:-1]] == [index * 10 for index in range(12)]
    assert found[-1].verdict == "no_image"


def test_a_preview_is_small_and_shows_no_detail():
    checks = np.indices((600, 800)).sum(axis=0) // 8 % 2 * 255
    checks[:, :400] = checks[:, :400] // 4
    preview = blurred_preview(encoded(Image.fromarray(checks.astype(np.uint8)), "JPEG"))
    assert preview.verdict == "ok"
    assert len(preview.webp) < 4_000
    shown = Image.open(io.BytesIO(preview.webp))
    assert (shown.format, shown.size) == ("WEBP", (256, 192))
    grey = np.asarray(shown.convert("L")).astype(int)
    assert np.abs(np.diff(grey, axis=0)).max() < 12  # nothing is left of the squares
    assert grey[:, 200:].mean() - grey[:, :56].mean() > 60  # and where it was light, it is light


def test_there_is_no_preview_of_a_bomb():
    assert blurred_preview(png_bomb(40_000, 40_000)) == type(blurred_preview(b""))("too_large", b"")
