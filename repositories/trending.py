"""Trending: activity that decays with a half-life of a week, kept as a logarithm so that nothing need be re-aged.

    score(now) = Σ over events of weight × 2^(−(now − t) / HALF_LIFE),     a like weighs 1, a download 0.02

That sum is 2^(−(now − EPOCH) / HALF_LIFE) × Σ weight × 2^((t − EPOCH) / HALF_LIFE), and its first factor is the same
for all repositories: the order is that of the second. Its base-2 logarithm is what is stored, so comparing two
repositories needs no present moment, and a stored value stays right for ever (A6). Whether a repository is shown at all
is stored beside it (`listed`): a restriction changes that one row, and no score.
"""

import math
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HALF_LIFE = timedelta(days=7)
LIKE, DOWNLOAD = 1.0, 0.02


def add(stored: float, weight: float, at: datetime) -> float:
    """The stored logarithm after an event of `weight` at `at`; 0.0 stands for no activity yet."""
    event = math.log2(weight) + (at - EPOCH) / HALF_LIFE
    if not stored:
        return event
    high, low = max(stored, event), min(stored, event)
    return high + math.log2(1 + 2.0 ** (low - high))
