"""Asking the owner to do something before anything is decided: document, gate, make private (E1, D2)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases import letters
from moderation.cases.actions.locking import lock_to_work
from moderation.cases.actions.parties import owner_party
from moderation.cases.actions.threads import put, sent_before
from moderation.cases.events import record
from moderation.cases.feedback import REQUESTED
from moderation.cases.models import Case, PartyMessage
from moderation.cases.naming import require_discreet, require_no_names
from moderation.policy.models import Clause
from moderation.sanctions.actions import impose, standing_requests
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from repositories.asked import chosen_in, is_met

# How long the owner may be given for what is asked.
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=30)


@dataclass(frozen=True)
class RequestOrder:
    """One thing that is asked of an owner: the kind, and what exactly where it can ask for several things."""

    kind: str
    condition: str = ""

    @property
    def asked(self) -> str:
        """The condition, which is the first of its kind where none was chosen."""
        known = KINDS.get(self.kind)
        return self.condition or (str(known.conditions[0]) if known and known.conditions else "")


@transaction.atomic
def request_of_owner(
    case: Case,
    *,
    orders: Sequence[RequestOrder],
    text: str,
    actor: User,
    within: timedelta | None = None,
    request_id: uuid.UUID | None = None,
    naming: bool = False,
) -> list[Measure]:
    """Ask the owner, in public where the clause allows that, and let the case wait for it (E1, D2).

    The owner has `within` from now, 72 hours where nothing is chosen. `text` is read by the owner and, in public, by
    everybody; `naming` confirms that a name in it must stay, which nobody can in public. Decides nothing. A
    `request_id` that is repeated returns what it made. Raises Forbidden, ClaimedByOther, or Refused for what does not
    fit, is asked for or done already.
    """
    row = lock_to_work(case, actor)
    if row.subject.repository_id is None:
        raise Refused(_("Only the owner of a repository can be asked for this."), code="unfit", status=400)
    party = owner_party(row, actor)
    if known := sent_before(party, text, actor, request_id):
        return _made_before(row, known, orders)
    window = settings.ANSWER_WITHIN if within is None else within
    _require_fitting(row, orders, window)
    in_public = row.clause.publicity != Clause.Publicity.NO
    require_discreet(row, text, confirmed=naming, in_public=in_public)
    if in_public:
        require_no_names(party, text, confirmed=False, in_public=True)
    message, until = put(row, party, text, actor, request_id, naming or in_public, window)
    made = [
        impose(
            one.kind,
            row.subject,
            clause=row.clause,
            reason=text.strip(),
            actor=actor,
            until_done=one.asked,
            asked_until=until,
        )
        for one in orders
    ]
    for measure in made:
        data = {
            "message": message.public_id.hex,
            "measure": measure.public_id.hex,
            "kind": measure.kind,
            "condition": measure.until_done,
            "until": until.isoformat(),
        }
        if measure.discussion is not None:
            data["discussion"] = measure.discussion.public_id.hex
        record(row, REQUESTED, actor=actor, data=data, seals=[measure])
    letters.write_requests(message, made, until, actor=actor)
    case.refresh_from_db()
    return made


def _made_before(row: Case, message: PartyMessage, orders: Sequence[RequestOrder]) -> list[Measure]:
    events = row.events.filter(kind=REQUESTED, data__message=message.public_id.hex)
    keys = [event.data["measure"] for event in events]
    made = list(Measure.objects.filter(public_id__in=keys).select_related("owner_request", "discussion").order_by("pk"))
    if sorted((one.kind, one.until_done) for one in made) != sorted((one.kind, one.asked) for one in orders):
        raise Refused(_("This form was sent before for something else. Reload the page and write again."), code="sent")
    return made


def _require_fitting(row: Case, orders: Sequence[RequestOrder], window: timedelta) -> None:
    if not orders or len({one.kind for one in orders}) != len(orders):
        raise Refused(_("Choose what you ask for, each once."), code="invalid", status=400)
    if not SHORTEST <= window <= LONGEST:
        raise Refused(_("The owner has between an hour and 30 days."), code="invalid", status=400)
    assert row.subject.repository is not None
    chosen = chosen_in(row.subject.repository)
    asked = {one.kind for one in standing_requests(row.subject_id)}
    for one in orders:
        kind = KINDS.get(one.kind)
        if kind is None or not kind.asks or one.asked not in kind.conditions:
            raise Refused(_("This cannot be asked of an owner."), code="invalid", status=400)
        if one.kind in asked:
            words = _("We ask for this already: %(what)s. Withdraw it first to ask anew.")
            raise Refused(words % {"what": kind.label}, code="exists")
        if is_met(one.asked, chosen):
            raise Refused(_("The owner did this already: %(what)s.") % {"what": kind.label}, code="done_already")
