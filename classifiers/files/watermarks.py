"""Whether a model says that what it generates is watermarked."""

import re
from collections.abc import Iterator, Mapping

from classifiers.files.declarations import declarations, is_null

CARD = "README.md"
MAX_CHARACTERS = 200_000
# Names of methods, settings, and sentences such as "we embed an invisible watermark". A bare "watermark" is not enough:
# many cards tell how training data with watermarks was left out.
SAID = re.compile(
    r"invisible[-_ ]?watermark|\bimwatermark\b|\badd_watermarker\b|\bsynth-?id\b|\bstable signature\b|\btree-?ring\b"
    r"|\b(?:add|embed|appl|carr)(?:s|ed|ding|ing|y|ies|ied|ying|es)?\s+(?:\w+\s+){0,3}watermark"
    r"|\b(?:is|are|gets?)\s+(?:\w+\s+)?watermarked\b",
    re.IGNORECASE,
)
# What before such words turns them round, in the same sentence, and what after them.
NOT_BEFORE = re.compile(
    r"(?:\b(?:no|not|without|never|remov\w*|disabl\w*|strip\w*|skip\w*)\b|n't)[^.\n]{0,30}$", re.IGNORECASE
)
NOT_AFTER = re.compile(r"\s*=\s*False|\w*\s+(?:(?:is|was|has been)\s+)?(?:off\b|disabled|removed|not\b)", re.IGNORECASE)


def read_watermark(files: Mapping[str, bytes]) -> tuple[str, str] | None:
    """`declared` or `off`, with the path of the file that says so; None where nothing does.

    A setting counts before the card's words, and a watermark that is there before one that is off.
    """
    said = [*_in_settings(files), *_in_card(files)]
    return next((one for one in said if one[0] == "declared"), said[0] if said else None)


def _in_settings(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for path, values in declarations(files):
        for key, value in values.items():
            if "watermark" in key.lower():
                yield ("off" if is_null(value) else "declared"), path


def _in_card(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    text = files.get(CARD, b"")[: 4 * MAX_CHARACTERS].decode("utf-8", "replace")[:MAX_CHARACTERS]
    for match in SAID.finditer(text):
        before = text[max(match.start() - 60, 0) : match.start()]
        off = NOT_BEFORE.search(before) or NOT_AFTER.match(text, match.end())
        yield ("off" if off else "declared"), CARD
