"""What somebody is told while what we decided holds already and a second one of us still looks at it (D1, G1).

No reasons, no clause: nobody is accused of what is not final. The statement of reasons comes once it is confirmed.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actions import draft_letter
from accounts.mail_links import speaking_to
from accounts.models import InboxMessage, User
from foundation.markdown import literal
from foundation.templatetags.foundation import exact
from moderation.sanctions.actions.statements import affected_by, in_words, what_for_affected
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure


def draft_notices(decision_id: uuid.UUID, measures: Sequence[Measure], until: datetime) -> list[InboxMessage]:
    """A short letter to everybody whom those of `measures` affect that hold already; a second one looks by `until`.

    Not saved yet; none where nothing holds, because then there is nothing to tell.
    """
    holding = [one for one in measures if KINDS[one.kind].enforced]
    return [_letter(person, decision_id, holding, until) for person in affected_by(holding)]


def _letter(person: User, decision_id: uuid.UUID, holding: Sequence[Measure], until: datetime) -> InboxMessage:
    with speaking_to(person):
        begins = _("Something holds for %(what)s from now on. Nothing is final yet.")
        then = _("A second member of our team looks at it, by %(moment)s. Then we tell you our reasons and how you can "
                 "contest it, or we take it back and what was before holds again.")  # fmt: skip
        parts = [
            begins % {"what": literal(what_for_affected(holding[0].subject))},
            *(in_words(one) for one in holding),
            then % {"moment": exact(until)},
        ]
        return draft_letter(
            person,
            key=f"holds:{decision_id}",
            subject=_("Something holds for now, while we look again"),
            body="\n\n".join(parts),
        )
