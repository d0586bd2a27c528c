from django.utils.translation import gettext as _

from moderation.sanctions.measures.repository_restriction import RepositoryRestriction
from moderation.sanctions.models import Measure
from repositories.models import Restriction


class Downgrade(RepositoryRestriction):
    """The repository stays reachable by its address but leaves trending, lists and feeds (E3, A6)."""

    code = Measure.Kind.DOWNGRADE
    restriction_kind = Restriction.Kind.DOWNGRADED

    def public_title(self) -> str:
        return _("We left this repository out of trending and feeds")

    def consequence(self, measure: Measure) -> str:
        return _("This repository can still be reached by its address, but no list, feed or search shows it.")
