from django.utils.translation import gettext as _

from moderation.sanctions.measures.repository_restriction import RepositoryRestriction
from moderation.sanctions.models import Measure
from repositories.models import Condition, Restriction


class TagNfaa(RepositoryRestriction):
    """The repository carries the tag "Not For All Audiences" beside whatever its card says (A4, E3)."""

    code = Measure.Kind.NFAA
    restriction_kind = Restriction.Kind.NFAA
    weight = 2
    chooses_end = True
    # Set where its criteria are met, without waiting (E2).
    waits_for_owner = False
    conditions = (Condition.TAGGED,)

    @property
    def help(self) -> str:
        return _("Visitors are asked before they see the page.")

    def public_title(self) -> str:
        return _("We tagged this repository “Not For All Audiences”")

    def effect(self) -> str:
        return _("Visitors see a notice before the page, and whoever wants no such repositories in lists sees none.")
