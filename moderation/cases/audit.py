"""Who read what: every reading of confidential evidence is an event (J6).

Written when a page or the API shows it: once for each person, case and kind of evidence within ten minutes, so that a
page that is reloaded, or renewed while it is open, does not fill the chain. It moves no version and is no news.
"""

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from foundation import clock
from moderation.cases.events import record
from moderation.cases.models import Case, Event
from moderation.cases.queries import EVIDENCE_READ

AGAIN_AFTER = timedelta(minutes=10)
REPORTS, ATTACHMENT, THREAD = "reports", "attachment", "thread"
APPEAL_FILE = "appeal_file"


def note_reading(case: Case, *what: str, actor: User) -> None:
    """Write that `actor` was shown this evidence of `case`; nothing when that was written a moment ago.

    `what` are kinds of evidence, or a kind and an id in one, such as "attachment:…". One query, some more where it is
    written; refreshes the head of the chain in `case`.
    """
    wanted = sorted(set(what))
    if not wanted or _was_noted(case, wanted, actor):
        return
    with transaction.atomic():
        row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if not _was_noted(row, wanted, actor):
            record(row, EVIDENCE_READ, actor=actor, data={"what": wanted}, moves=False)
    case.event_count, case.event_head = row.event_count, row.event_head


def _was_noted(case: Case, wanted: list[str], actor: User) -> bool:
    """Of what was noted within ten minutes everything that is wanted now."""
    since = clock.now() - AGAIN_AFTER
    noted = Event.objects.filter(case=case, kind=EVIDENCE_READ, actor=actor, at__gt=since).values_list(
        "data", flat=True
    )
    return set(wanted) <= {one for data in noted for one in data["what"]}
