from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.actions.locking import lock_to_work
from moderation.cases.events import record
from moderation.cases.models import Case
from moderation.cases.parking import unpark
from moderation.policy.models import Clause

SHORTEST_REASON = 10


@transaction.atomic
def choose_track(case: Case, track: str, *, reason: str, actor: User) -> None:
    """Say whether we act at once or work it out with the owner, where the clause does not fit the content (D3).

    A restricted case waits for nobody. Raises Forbidden, ClaimedByOther, or Refused without a reason.
    """
    row = lock_to_work(case, actor)
    if track not in Clause.Track.values:
        raise Refused(_("Choose one of the two tracks."), code="invalid", status=400)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence why."), code="invalid", status=400)
    if row.track == track:
        return
    record(row, "track.chosen", actor=actor, data={"track": track, "before": row.track}, text=reason)
    row.track = track
    row.save(update_fields=["track"])
    if track == Clause.Track.RESTRICTED and row.parked == Case.Parked.OWNER:
        unpark(row)
    case.refresh_from_db()
