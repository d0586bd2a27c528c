"""The process that decodes strangers' images: confined (see `classifiers.confined`), with nothing else of Ombud in it.

It reads requests from standard input and answers on standard output, each a line of JSON and then raw bytes. Whatever
a decoder does to it (a crash, too much memory, a loop), the worker that asked goes on.
"""

import json
import resource
import sys
import time
import warnings
from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO

from PIL import (
    AvifImagePlugin,
    Image,
    ImageFile,
    ImageFilter,
    ImageOps,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

# No EPS (an interpreter) and none of the formats that no browser shows.
PLUGINS = (AvifImagePlugin, TiffImagePlugin, WebPImagePlugin)  # those that Pillow does not load by itself at once
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
# Pixels of one frame. JPEG can be decoded at an eighth of its size; a progressive one keeps all coefficients meanwhile.
MAX_PIXELS, MAX_JPEG_PIXELS, MAX_PROGRESSIVE_PIXELS = 64_000_000, 400_000_000, 100_000_000
# Of a whole animation: pixels, and seconds of the processor.
MAX_ANIMATION_PIXELS, ANIMATION_SECONDS = 256_000_000, 3.0
# Of a preview: so few pixels are all that it keeps of the image, and it is shown so large.
KEPT_SIDE, SHOWN_SIDE = 16, 256

Frame = tuple[int, Image.Image]


class TooLarge(Exception):  # noqa: N818 - reads as what happened
    """More pixels than are decoded."""


def main() -> None:
    """Answers requests until standard input ends."""
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        data = sys.stdin.buffer.read(request["size"])
        resource.setrlimit(resource.RLIMIT_CPU, (min(int(time.process_time()) + request["seconds"], most), most))
        head, frames = answer(data, request)
        _write(answers, head, frames)


def answer(data: bytes, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """The facts of an image with the bytes that were asked for: frames in RGB, or one preview in WebP.

    `preview` is "" for frames, "blurred", or "small": the first frame as it is, of `formats` and up to `pixels` only.
    """
    found = _look(data, request)
    if found[0]["verdict"] != "broken" or request["preview"] == "small":
        return found
    # What a browser shows of a file that breaks off is what has to be looked at, if it is anything.
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        again = _look(data, request)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    return (again[0] | {"verdict": "truncated", "whole": False}, again[1]) if again[0]["verdict"] == "ok" else found


def _look(data: bytes, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    head: dict[str, Any] = {}
    try:
        image = Image.open(BytesIO(data), formats=request["formats"] or FORMATS)
        head = {"format": image.format or "", "width": image.width, "height": image.height}
        if request["preview"] == "small":
            return head | {"verdict": "ok"}, [_copy(image, request["side"], request["pixels"])]
        frames, whole = _frames(image, request["side"], request["frames"])
        if ImageFile.LOAD_TRUNCATED_IMAGES and len(frames[0][1].getcolors(4) or ()) == 1:
            return head | {"verdict": "broken"}, []
        shapes = [[index, frame.width, frame.height] for index, frame in frames]
        out = [_preview(frames[0][1])] if request["preview"] else [frame.tobytes() for _, frame in frames]
    except UnidentifiedImageError:
        return {"verdict": "no_image"}, []
    except (TooLarge, Image.DecompressionBombError, MemoryError):
        return head | {"verdict": "too_large"}, []
    except Exception:  # noqa: BLE001 - a stranger's bytes make a decoder raise whatever comes
        return head | {"verdict": "broken"}, []
    return head | {"verdict": "ok", "whole": whole, "frames": shapes}, out


def _frames(image: Image.Image, side: int, most: int) -> tuple[list[Frame], bool]:
    """At most `most` frames spread evenly over those there are, and whether the end was reached.

    How many there are is known only behind the last one: every `stride`-th is kept, and the stride doubles.
    """
    kept: list[Frame] = [(0, _small(image, side))]
    index, stride, pixels = 0, 1, image.width * image.height
    began = time.process_time()
    while True:
        index += 1
        try:
            image.seek(index)
        except EOFError:
            return _spread(kept, most), True
        except Exception:  # noqa: BLE001 - a broken frame ends an animation, in a browser too
            return _spread(kept, most), False
        pixels += image.width * image.height
        if pixels > MAX_ANIMATION_PIXELS or time.process_time() - began > ANIMATION_SECONDS:
            return _spread(kept, most), False
        if index % stride == 0:
            try:
                kept.append((index, _small(image, side)))
            except (TooLarge, OSError, SyntaxError, ValueError):
                return _spread(kept, most), False
            if len(kept) > 2 * most:
                kept, stride = kept[::2], stride * 2


def _spread(kept: list[Frame], most: int) -> list[Frame]:
    if len(kept) <= most:
        return kept
    return [kept[round(place * (len(kept) - 1) / max(most - 1, 1))] for place in range(most)]


def _small(image: Image.Image, side: int) -> Image.Image:
    """The frame in RGB as people see it: turned as its EXIF says, on white, at most `side` pixels wide and high."""
    pixels = image.width * image.height
    jpeg = image.format in ("JPEG", "MPO")
    limit = MAX_PIXELS
    if jpeg:
        limit = MAX_PROGRESSIVE_PIXELS if image.info.get("progressive") else MAX_JPEG_PIXELS
    if pixels > limit:
        raise TooLarge
    if jpeg:
        image.draft("RGB", (2 * side, 2 * side))
    image.load()
    frame = image.copy() if image.mode in ("RGB", "RGBA") else _in_color(image)
    frame.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    with suppress(Exception):  # a broken EXIF block turns nothing, in a browser neither
        ImageOps.exif_transpose(frame, in_place=True)
    if frame.mode == "RGBA":
        return Image.alpha_composite(Image.new("RGBA", frame.size, "white"), frame).convert("RGB")
    return frame


def _in_color(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip to 8
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    transparent = image.mode in ("LA", "PA", "RGBa", "La") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _preview(frame: Image.Image) -> bytes:
    """WebP in which nothing can be made out: made of KEPT_SIDE pixels a side, so that no filter brings more back."""
    scale = SHOWN_SIDE / max(frame.size)
    shown = (round(frame.width * scale) or 1, round(frame.height * scale) or 1)
    frame.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BOX)
    blurred = frame.resize(shown, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(SHOWN_SIDE / KEPT_SIDE))
    out = BytesIO()
    blurred.save(out, "WEBP", quality=40, method=4)
    return out.getvalue()


def _copy(image: Image.Image, side: int, pixels: int) -> bytes:
    """WebP of the first frame as people see it, at most `side` pixels wide and high, with nothing else of the file."""
    if image.width * image.height > pixels:
        raise TooLarge
    image.seek(0)
    plain = image.mode if image.mode in ("RGB", "RGBA") else "RGBA" if image.has_transparency_data else "RGB"
    # Only JPEG can be decoded smaller than it is.
    image.draft("RGB", (2 * side, 2 * side))
    small = image if image.mode == plain else image.convert(plain)
    small.thumbnail((side, side))
    out = BytesIO()
    ImageOps.exif_transpose(small).save(out, "WEBP", quality=82, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def _write(answers: BinaryIO, head: dict[str, Any], parts: list[bytes]) -> None:
    answers.write(json.dumps(head | {"sizes": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        answers.write(part)
    answers.flush()


if __name__ == "__main__":
    main()
