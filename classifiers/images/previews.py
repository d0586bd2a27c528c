"""Blurred previews: what the team meets before it decides to look at an image itself (D5)."""

from dataclasses import dataclass

from classifiers.images.decoder import decoder


@dataclass(frozen=True)
class Preview:
    """`webp` is empty where there is no preview; `verdict`, a key of `words.VERDICTS`, says why."""

    verdict: str
    webp: bytes = b""


def blurred_preview(data: bytes) -> Preview:
    """A small WebP (at most 256 pixels a side, some hundred bytes) of an image's first frame in which nothing can be
    made out.

    Made from 16 pixels a side, so that what was blurred cannot be brought back. Takes any bytes, raises nothing for
    them; decoded in a child with limits, so a worker may call it for whatever a stranger uploaded.
    """
    verdict, webp = decoder().preview(data)
    return Preview(verdict, webp)
