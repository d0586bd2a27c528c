from django.utils.translation import gettext as _

from moderation.sanctions.measures.repository_restriction import RepositoryRestriction
from moderation.sanctions.models import Measure
from repositories.models import Condition, Restriction


class Downgrade(RepositoryRestriction):
    """The repository stays reachable by its address but leaves trending, lists and feeds (E3, A6)."""

    code = Measure.Kind.DOWNGRADE
    restriction_kind = Restriction.Kind.DOWNGRADED
    weight = 3
    chooses_end = True
    asks_why_requests_fail = True
    conditions = tuple(Condition)

    @property
    def help(self) -> str:
        return _("It stays reachable by its address and leaves trending, lists, feeds and search.")

    def public_title(self) -> str:
        return _("We left this repository out of trending and feeds")

    def effect(self) -> str:
        return _("This repository can still be reached by its address, but no list, feed or search shows it.")
