"""A person at risk gets support, never a sanction (C10)."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions.repeats import marked, was_done
from moderation.cases.events import record
from moderation.cases.models import Case
from moderation.cases.permissions import require_no_stake, require_team

SUPPORT_SENT = "support.sent"
AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def mark_at_risk(case: Case, value: bool, *, actor: User) -> None:
    """Say that the case is about a person at risk, or that it is not: as long as it is said, nothing sanctions them.

    Raises Forbidden for all but the team.
    """
    require_team(actor)
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    require_no_stake(row, actor)
    if row.at_risk != value:
        row.at_risk = value
        row.save(update_fields=["at_risk"])
        # It moves the version: a sanction that somebody was about to decide is looked at again.
        record(row, "risk.marked", actor=actor, data={"at_risk": value})
    case.refresh_from_db(fields=["at_risk", "version"])


@transaction.atomic
def send_support(case: Case, *, actor: User, request_id: uuid.UUID | None = None) -> None:
    """Write our letter of support to the person whom the case is about; once a day at most (C10).

    Inbox and mail, in their language: gentle, without blame, with the help that settings name for it. Raises Forbidden
    for all but the team; Refused when there is nobody to write to, or we wrote within a day. A repeated `request_id`
    sends nothing more.
    """
    require_team(actor)
    if was_done(case, SUPPORT_SENT, request_id, data={}, text="", actor=actor):
        return
    row = Case.objects.select_for_update(of=("self",)).select_related("subject").get(pk=case.pk)
    require_no_stake(row, actor)
    person = row.subject.author
    if person is None or not person.is_active or person.is_system:
        raise Refused(_("There is nobody to write to."), code="nobody")
    now = clock.now()
    if Case.objects.filter(
        events__kind=SUPPORT_SENT, events__at__gt=now - AGAIN_AFTER, events__data__person=person.public_id.hex
    ).exists():
        raise Refused(_("We wrote to this person within a day: more letters would not help."), code="sent")
    data = marked({"person": person.public_id.hex}, request_id)
    event = record(row, SUPPORT_SENT, actor=actor, data=data, moves=False)
    with translation.override(person.language):
        write_to(
            person,
            key=f"support:{row.public_id}:{event.number}",
            subject=_("We thought of you"),
            body=letter(person.language),
            actor=actor,
        )


def letter(language: str) -> str:
    """Our letter in the active language, with the help that is named for `language`, as Markdown."""
    helping = settings.SUPPORT_HELP.get(language) or settings.SUPPORT_HELP["en"]
    parts = [
        _("Somebody read what you wrote and was worried about you, and so are we. You did nothing wrong by it."),
        _("If things are too heavy right now, you do not have to carry them alone. People who listen are here:"),
        helping,
        _("If you are in danger now, please call the emergency services of your country, or ask somebody near you to."),
        _("You need not answer. If we misread you, please forgive us for the bother."),
    ]
    return "\n\n".join(str(part) for part in parts)
