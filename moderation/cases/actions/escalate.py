"""Bringing a case into a named lane, and back to the ordinary queue (D4, C9, C10)."""

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases import due
from moderation.cases.actions.evidence import release, require_member
from moderation.cases.actions.following import follow_lane
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline
from moderation.cases.permissions import require_no_stake, require_team
from moderation.cases.priority import update_priority
from moderation.policy.models import Lane
from moderation.subjects.models import Snapshot

SHORTEST_REASON = 10
MOST_TOLD = 100


@transaction.atomic
def escalate(case: Case, lane: Lane | None, *, reason: str, actor: User, request_id: uuid.UUID | None = None) -> Case:
    """Bring an open case into `lane`; None brings it back to the ordinary queue.

    What the lane wants happens at once: its deadline, a hold, words locked away. Out of a lane with a group only its
    people bring a case, and that puts its words back; into one anybody of the team may, and gives up an own claim when
    not of the group. Its people find a note in their inbox, which says where to look and nothing else.

    Raises Forbidden, and Refused for a missing reason, a decided case, or the lane it lies in. A repeated `request_id`
    does nothing more.
    """
    require_team(actor)
    to = {"to": lane.code if lane else ""}
    if was_done(case, "case.escalated", request_id, data=to, text=reason, actor=actor):
        case.refresh_from_db()
        return case
    row = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject").get(pk=case.pk)
    require_no_stake(row, actor)
    require_member(row.lane, actor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence why: whoever takes it over reads it."), code="invalid", status=400)
    if row.state != Case.State.OPEN or row.kind != Case.Kind.REVIEW:
        raise Refused(_("Only an open case can change its lane."), code="decided")
    if row.lane_id == (lane.pk if lane else None):
        raise Refused(_("The case lies there already."), code="same")
    before, row.lane = row.lane, lane
    row.save(update_fields=["lane"])
    _give_up_claim(row, lane)
    data = {"from": before.code if before else "", **to}
    record(row, "case.escalated", actor=actor, data=marked(data, request_id), text=reason)
    if before is not None and before.sealed and not (lane and lane.sealed):
        release(row, actor=actor)
    if lane is not None and lane.decide_within is not None:
        _expect(row, lane)
    newest = Snapshot.objects.filter(subject=row.subject).order_by("-taken_at", "-pk").first()
    if lane is not None and newest is not None:
        newest.subject = row.subject
        follow_lane(row, newest)
    row.refresh_from_db()
    update_priority(row, clock.now())
    if lane is not None:
        _tell(row, lane, actor)
    case.refresh_from_db()
    return case


def _give_up_claim(row: Case, lane: Lane | None) -> None:
    """Whoever holds the case and is not of the lane's people cannot see it any more."""
    holder = row.assignee
    if holder and lane and lane.group_id and not holder.groups.filter(pk=lane.group_id).exists():
        row.assignee, row.lease_until = None, None
        row.save(update_fields=["assignee", "lease_until"])


def _expect(row: Case, lane: Lane) -> None:
    assert lane.decide_within is not None
    at = clock.now() + lane.decide_within
    if not Deadline.objects.filter(Q(due_at__lte=at), case=row, kind=Deadline.Kind.DECIDE, settled_at=None).exists():
        due.settle(row, Deadline.Kind.DECIDE)
        due.expect(row, Deadline.Kind.DECIDE, at)


def _tell(row: Case, lane: Lane, actor: User) -> None:
    """The people of a lane with a group hear that something came in: where, and not what."""
    if lane.group_id is None:
        return
    people = User.objects.filter(groups=lane.group_id, is_active=True).exclude(pk=actor.pk).order_by("pk")
    for person in people[:MOST_TOLD]:
        with translation.override(person.language):
            write_to(
                person,
                key=f"escalated:{row.public_id}:{row.event_count}",
                subject=_("A case waits in your lane"),
                body=_("Somebody brought a case into the lane “%(lane)s”. Please look at it soon.") % {"lane": lane},
                link=row.get_absolute_url(),
                link_label=_("Open the case"),
                actor=actor,
            )
