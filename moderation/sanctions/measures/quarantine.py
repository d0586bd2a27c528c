from typing import ClassVar

from django.utils.translation import gettext as _

from moderation.sanctions.measures.erase import Erase
from moderation.sanctions.models import Measure


class Quarantine(Erase):
    """Gone everywhere for everybody, and kept encrypted for the authorities until its date, which destroys it (C9).

    For people of a named role, in a sealed lane: no page previews it, each look at words is an event with its reason,
    files are only handed over by an operator. What was quarantined no undo brings back.
    """

    code = Measure.Kind.QUARANTINE
    permission = "sanctions.quarantine"
    preserves: ClassVar[bool] = True

    @property
    def help(self) -> str:
        return _("Gone everywhere, kept encrypted for the authorities, then destroyed. Nobody can undo this.")

    def consequence(self, measure: Measure) -> str:
        return _(
            "Nobody sees it any more, and nothing serves it. We keep it encrypted for as long as the law wants it, for "
            "the authorities alone, and then destroy it. It cannot be brought back."
        )
