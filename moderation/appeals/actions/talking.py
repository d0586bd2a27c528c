"""What we and whoever contests a decision write to each other before we answer (G2)."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.appeals import letters
from moderation.appeals.actions.appeal_cases import wait_or_come_back
from moderation.appeals.models import Appeal, AppealFile, AppealMessage
from moderation.appeals.people import people_of, require_discreet_with, require_may_answer
from moderation.appeals.queries import is_affected
from moderation.appeals.talk import NO_COPY, is_sealed
from moderation.cases.actions.free import require_free
from moderation.cases.actions.locking import lock_case
from moderation.cases.events import record
from moderation.cases.models import Case
from moderation.cases.priority import update_priority
from moderation.reports.actions.evidence import EvidenceFile, stored

LONGEST = 5_000
# So many files one appeal may have.
MOST_FILES = 12


@transaction.atomic
def say(
    appeal: Appeal,
    *,
    text: str,
    actor: User,
    files: Sequence[EvidenceFile] = (),
    request_id: uuid.UUID | None = None,
) -> AppealMessage:
    """Whoever contests writes to us, with files or of these alone: the appeal waits for us then.

    A `request_id` that is repeated returns the message it made. Raises Forbidden for anybody else, Refused once we have
    answered, and for words or files that we do not take.
    """
    case, row = locked(appeal)
    if known := _sent_before(row, text, actor, request_id, files):
        return known
    if actor not in people_of(row):
        raise Forbidden(_("Only whoever contests this decision can write here."))
    if row.state != Appeal.State.OPEN:
        raise Refused(_("We answered this appeal. Our answer says what you can do now."), code="decided")
    _require_words(text, needed=not files)
    _require_room(row, files)
    _wait_for(row, Appeal.Side.TEAM)
    message = _write(case, row, "appeal.said", text, actor, request_id, files=files)
    wait_or_come_back(case)
    update_priority(case, message.created_at)
    return message


@transaction.atomic
def ask_appellant(
    appeal: Appeal,
    *,
    text: str,
    actor: User,
    waits: bool = True,
    naming: bool = False,
    request_id: uuid.UUID | None = None,
) -> AppealMessage:
    """Write to whoever contests, as somebody who may answer the appeal; `waits` for their answer, outside of the queue.

    They have the time that everybody has whom we ask something (D2). `naming` confirms that the name of a reporter or
    of a party in the words must stay. A repeated `request_id` returns the message it made. Raises Forbidden,
    ClaimedByOther, NamesSomebody, or Refused.
    """
    case, row = locked(appeal)
    if known := _sent_before(row, text, actor, request_id):
        return known
    require_may_answer(row, case, actor)
    if row.state != Appeal.State.OPEN:
        raise Refused(_("This appeal was answered before."), code="decided")
    require_free(case, actor)
    _require_words(text, needed=True)
    readers = people_of(row)
    require_discreet_with(row, text, affected=is_affected(row.decision, row.appellant), confirmed=naming)
    if waits:
        _wait_for(row, Appeal.Side.APPELLANT)
    message = _write(case, row, "appeal.asked" if waits else "appeal.told", text, actor, request_id, from_team=True)
    letters.write_message(row, message, readers, waits=waits, actor=actor)
    wait_or_come_back(case)
    return message


def locked(appeal: Appeal) -> tuple[Case, Appeal]:
    """The case of an appeal, locked, and the appeal as it is then."""
    case = lock_case(appeal.case)
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("decision__case", "appellant", "organization")
    row = rows.get(pk=appeal.pk)
    row.case = case
    return case, row


def _wait_for(row: Appeal, side: Appeal.Side) -> None:
    row.waits_for = side
    row.answer_until = clock.now() + settings.ANSWER_WITHIN if side == Appeal.Side.APPELLANT else None
    row.save(update_fields=["waits_for", "answer_until"])


def _write(
    case: Case,
    row: Appeal,
    kind: str,
    text: str,
    actor: User,
    request_id: uuid.UUID | None,
    *,
    from_team: bool = False,
    files: Sequence[EvidenceFile] = (),
) -> AppealMessage:
    """Keep what was said with its `files`; the event says what it leaves of them and of the appeal."""
    message = AppealMessage.objects.create(
        appeal=row,
        author=actor,
        from_team=from_team,
        text=text,
        created_at=clock.now(),
        request_id=request_id or uuid.uuid4(),
    )
    kept = [AppealFile.objects.create(appeal=row, message=message, **stored(file)) for file in files]
    data = {"appeal": row.public_id.hex, **({"files": len(files)} if files else {})}
    # Nothing is lifted before it is answered.
    record(case, kind, actor=actor, data=data, at=message.created_at, seals=[(row, ()), message, *kept])
    return message


def _require_words(text: str, *, needed: bool) -> None:
    if (needed and not text.strip()) or len(text) > LONGEST:
        raise Refused(_("Write a few words, at most 5,000 characters."), code="invalid", status=400)


def _require_room(row: Appeal, files: Sequence[EvidenceFile]) -> None:
    if files and is_sealed(row.case):
        raise Refused(NO_COPY, code="sealed")
    if files and row.files.count() + len(files) > MOST_FILES:
        words = _("An appeal has at most %(most)s files.") % {"most": MOST_FILES}
        raise Refused(words, code="too_many")


def _sent_before(
    row: Appeal, text: str, actor: User, request_id: uuid.UUID | None, files: Sequence[EvidenceFile] = ()
) -> AppealMessage | None:
    """The message that this request made before. Raises Refused when the id belongs to other words or files."""
    known = AppealMessage.objects.filter(request_id=request_id).first() if request_id else None
    if known is None:
        return None
    same = (known.appeal_id, known.author_id, known.text) == (row.pk, actor.pk, text)
    kept = Counter(known.files.values_list("sha256", flat=True))
    if not same or kept != Counter(hashlib.sha256(file.content).hexdigest() for file in files):
        raise Refused(_("This form was sent before for something else. Reload the page and write again."), code="sent")
    return known
