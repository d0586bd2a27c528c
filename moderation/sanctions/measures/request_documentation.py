from django.utils.translation import gettext as _

from moderation.sanctions.measures.owner_request import AskOwner
from moderation.sanctions.models import Measure
from repositories.models import Condition


class RequestDocumentation(AskOwner):
    """We ask the owner to state the risks in the card, to tag it “Not For All Audiences”, or both (E1)."""

    code = Measure.Kind.REQUEST_DOCUMENTATION
    conditions = (Condition.DOCUMENTED, Condition.TAGGED, Condition.DOCUMENTED_TAGGED)

    @property
    def help(self) -> str:
        return _("The owner describes the risks in the card, or tags it “Not For All Audiences”.")

    def public_title(self) -> str:
        return _("A request to the owner: document this repository")
