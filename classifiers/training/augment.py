"""Texts as people really write them: several sentences together, letters swapped, doubled, left out or replaced."""

import random

from classifiers.training.masked import Row

LEET = {"a": "@4", "e": "3", "i": "1!", "o": "0", "s": "$5", "u": "v*", "t": "7"}
# Of all rows in a round; joined again, of those that were joined.
NOISY, JOINED = 0.12, 0.25
LONGEST = 320


def augment(row: Row, others: list[Row], pick: random.Random) -> tuple[str, dict[str, float]]:
    """The text that is read in this round, and its truth."""
    text, truth = row.text, row.truth
    while pick.random() < JOINED:
        other = pick.choice(others)
        if len(text) + len(other.text) >= LONGEST:
            break
        pair = (text, other.text) if pick.random() < 0.5 else (other.text, text)
        text, truth = pick.choice((" ", ". ", "\n", "! ")).join(pair), joined(truth, other.truth)
    if pick.random() < NOISY:
        text = noisy(text, pick)
    return text, truth


def joined(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """What is true of two texts together: known where both know it, or where one is bad by itself."""
    found = {}
    for label in one.keys() | other.keys():
        values = [truth[label] for truth in (one, other) if label in truth]
        if len(values) == 2 or max(values) > 0.5:
            found[label] = max(values)
    return found


def noisy(text: str, pick: random.Random) -> str:
    """About one in eight words written otherwise."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) > 3 and pick.random() < 0.13:
            words[place] = _mistyped(word, pick)
    return " ".join(words)


def _mistyped(word: str, pick: random.Random) -> str:
    at = pick.randrange(1, len(word) - 1)
    kind = pick.random()
    if kind < 0.25:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.45:
        return word[:at] + word[at + 1 :]
    if kind < 0.65:
        return word[:at] + word[at] * pick.randint(2, 4) + word[at + 1 :]
    return "".join(pick.choice(LEET[c]) if c in LEET and pick.random() < 0.5 else c for c in word.lower())
