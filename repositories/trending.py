"""Trending: activity that decays with a half-life of a week, kept as a logarithm so that nothing need be re-aged.

Every event of weight w at time t adds w · 2^((t − EPOCH) / HALF_LIFE). The stored value is the base-2 logarithm of
that sum: comparing two repositories needs no present moment, so a stored value stays right for ever (A6).
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
