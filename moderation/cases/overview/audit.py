"""Who looked at the evidence of a case, took it and gave it back (J6).

Apart from what happened to it, so that neither hides the other.
"""

from collections.abc import Sequence

from moderation.cases.models import Case
from moderation.cases.overview.timeline import Entry, describe
from moderation.cases.queries import CLAIMED, LOOKS, RELEASED, events_of

MOST = 50


def looks(case: Case) -> Sequence[Entry]:
    """The newest looks at the evidence of `case` and claims of it, at most fifty; three queries."""
    return describe(list(events_of(case).filter(kind__in=(*LOOKS, CLAIMED, RELEASED)).order_by("-number")[:MOST]))
