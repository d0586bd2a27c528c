from django.utils.translation import gettext as _

from moderation.sanctions.measures.repository_restriction import RepositoryRestriction
from moderation.sanctions.models import Measure
from repositories.models import Condition, Restriction


class HideCard(RepositoryRestriction):
    """Nobody but the owner side reads the card; files, discussions and access stay as they are (E4)."""

    code = Measure.Kind.HIDE_CARD
    restriction_kind = Restriction.Kind.CARD_HIDDEN
    weight = 3
    conditions = (Condition.DOCUMENTED, Condition.TAGGED, Condition.DOCUMENTED_TAGGED)

    @property
    def help(self) -> str:
        return _("Nobody but the owner’s side reads the card; everything else stays.")

    def public_title(self) -> str:
        return _("We hid the card of this repository")

    def scope(self, measure: Measure) -> str:
        return _("one file: the card of %(name)s") % {"name": measure.subject.name}

    def effect(self) -> str:
        return _(
            "Nobody but the owner’s side can read the card. The files, the discussions and everything else stay as "
            "they are. Change the card and tell us: then we look again."
        )
