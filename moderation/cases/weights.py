"""The weights of the priority: data, the newest row of cases.Formula holds (D4).

A process keeps what it read for KEPT seconds: until then its new cases still get the points of the version before, and
the last pass of the recomputation, which comes after that, finds them by `Case.formula` (reprioritise.py).
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.errors import Refused
from moderation.cases.models import Formula

KEPT = 5.0  # seconds
MOST = 1_000_000.0

# The defaults: of a new installation, and of terms that a stored version does not know yet.
WEIGHTS = {
    "severity": 8.0,  # a point of severity, 1 to 5
    "score": 40.0,  # the best score, 0 to 1
    "reporters": 10.0,  # a doubling of the reporters, weighted by reliability
    "reporters_most": 40.0,
    "reach": 3.0,  # a tenfold of likes and downloads
    "reach_most": 20.0,
    "trend": 2.0,  # a tenfold of what likes and downloads of these days say
    "trend_most": 10.0,
    "lane": 1.0,  # a point of the lane
    "interim": 25.0,  # a rule acted and nobody reviewed it
    # Somebody contests what a rule did: more than an ordinary appeal can have, less than danger to life.
    "contested": 140.0,
    "deadline": 15.0,  # somebody must have looked by a certain time
    "window_over": 10.0,  # the owner's time to answer is over: the team may act alone
    "overdue": 1000.0,  # that time has passed: the top of the queue
    "waiting": 0.5,  # an hour
}


@dataclass(frozen=True)
class Weights:
    """The weights of one version, each by the code of its term; 0 is the version of the defaults."""

    version: int
    of: Mapping[str, float]


_kept: tuple[float, Weights] | None = None


def weights() -> Weights:
    """Those in force, at most KEPT seconds old; one query when they have to be read."""
    global _kept
    moment = time.monotonic()
    if _kept is None or moment - _kept[0] > KEPT:
        _kept = moment, newest()
    return _kept[1]


def newest() -> Weights:
    """Those of the newest version, read now."""
    row = Formula.objects.values_list("version", "weights").order_by("-version").first()
    return Weights(row[0], WEIGHTS | row[1]) if row else Weights(0, WEIGHTS)


def forget() -> None:
    """Have this process read the weights again when it needs them next."""
    global _kept
    _kept = None


def checked(values: Mapping[str, object]) -> dict[str, float]:
    """`values` as weights of a version: for every term a number from 0 to MOST. Raises Refused for anything else."""
    if not isinstance(values, Mapping) or set(values) != set(WEIGHTS):
        raise Refused(_("Every term needs a weight, and there are no other terms."), code="invalid", status=400)
    found = {}
    for code, value in values.items():
        number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
        if not 0 <= number <= MOST:  # neither is what is not a number
            words = _("The weight of “%(term)s” must be a number from 0 to 1,000,000.")
            raise Refused(words % {"term": code}, code="invalid", status=400)
        found[code] = float(number)
    return found
