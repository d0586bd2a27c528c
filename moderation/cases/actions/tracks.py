import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.actions.locking import lock_to_work
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.models import Case
from moderation.cases.parking import unpark
from moderation.policy.models import Clause

SHORTEST_REASON = 10


@transaction.atomic
def choose_track(case: Case, track: str, *, reason: str, actor: User, request_id: uuid.UUID | None = None) -> None:
    """Say whether we act at once or work it out with the owner, where the clause does not fit the content (D3).

    A restricted case waits for nobody. Raises Forbidden, ClaimedByOther, or Refused without a reason. A repeated
    `request_id` does nothing more.
    """
    if was_done(case, "track.chosen", request_id, data={"track": track}, text=reason, actor=actor):
        case.refresh_from_db()
        return
    row = lock_to_work(case, actor)
    if track not in Clause.Track.values:
        raise Refused(_("Choose one of the two tracks."), code="invalid", status=400)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence why."), code="invalid", status=400)
    if row.track == track:
        return
    before, row.track = row.track, track
    data = {"track": track, "before": before}
    record(row, "track.chosen", actor=actor, data=marked(data, request_id), text=reason, also=["track"])
    if track == Clause.Track.RESTRICTED and row.parked == Case.Parked.OWNER:
        unpark(row)
    case.refresh_from_db()
