"""The first thing that a freshly loaded classifier reads: small, harmless, and enough to notice broken weights."""

import io
from collections.abc import Callable, Mapping

from classifiers.contract import Kind

TEXT = "A small model for tests, with its card, its licence and 1,234 words."


def _image() -> bytes:
    """A PNG of 64 × 64 pixels with something in it."""
    from PIL import Image

    picture = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


PROBES: Mapping[Kind, Callable[[], str | bytes]] = {
    "text": lambda: TEXT,
    "terms": lambda: TEXT,
    "image": _image,
    "file": TEXT.encode,
}
