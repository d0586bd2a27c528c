from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from accounts.models import InboxMessage
from foundation.clock import Now
from foundation.models import Change
from foundation.work import LONGEST_PAUSE, work_off
from moderation.appeals.letters import key_of
from moderation.appeals.models import Appeal, AppealFile, AppealMessage
from moderation.cases.actions.erasing import OURS, destroy_words
from moderation.cases.actions.locking import lock_newest
from moderation.cases.events import seal
from moderation.cases.models import Case, EventText
from moderation.cases.seals import Sealed
from moderation.reports.actions.erasing import destroy_file
from moderation.subjects.legal_holds import held_subjects, is_held

ERASED = "content.erased"


def erase_appeals() -> int:
    """Empty what was said and sent in appeals about what was erased since: it is said again there (C6).

    Not while a legal hold stands on it (M2).
    """
    held = Case.objects.filter(subject__in=held_subjects())
    return work_off(Change.objects.filter(kind=ERASED).exclude(object_id__in=held.values("pk")), _erase, hold=_lock)


def _lock(change: Change) -> None:
    """As whoever destroys, or keeps it for the law."""
    lock_newest(_case(change).subject)


def _case(change: Change) -> Case:
    return Case.objects.select_related("subject").get(pk=change.object_id)


def _erase(change: Change) -> None:
    """Of appeals against decisions of that case that came before it was erased; whoever contests that may write of it.

    Whatever else is contested about the same repository keeps its words.
    """
    # Asked under the lock: a legal hold may have come in between.
    if is_held(_case(change).subject):
        Change.objects.filter(pk=change.pk).update(done_at=None, due_at=Now() + LONGEST_PAUSE)
        return
    before = Q(created_at__lte=change.created_at)
    appeals = dict(Appeal.objects.filter(before, decision__case=change.object_id).values_list("pk", "public_id"))
    Appeal.objects.filter(pk__in=appeals).update(text="")
    messages = AppealMessage.objects.filter(before, appeal__in=appeals)
    InboxMessage.objects.filter(key__in=[key_of(one) for one in messages]).update(body="")
    messages.update(text="")
    files = list(AppealFile.objects.filter(before, appeal__in=appeals).select_related("message").order_by("pk"))
    for file in files:
        destroy_file(file)
    _seal(list(appeals), [*messages.select_related("appeal").order_by("pk"), *files])
    texts = EventText.objects.filter(event__case__appeals__in=appeals, event__at__lte=change.created_at)
    filed = Q(event__kind="appeal.filed")
    others = filed & ~Q(event__data__appeal__in=[one.hex for one in appeals.values()])
    destroy_words(texts.exclude(others).exclude(event__kind__in=OURS))


def _seal(keys: Sequence[int], said: Sequence[AppealMessage | AppealFile]) -> None:
    """Each case says what is left of its appeals; in the order of their ids, as everybody locks them."""
    left: dict[int, list[Sealed]] = defaultdict(list)
    home: dict[int, int] = {}
    for appeal in Appeal.objects.filter(pk__in=keys).select_related("decision", "case").order_by("pk"):
        home[appeal.pk] = appeal.case_id
        left[appeal.case_id].append(appeal)
    for one in said:
        left[home[one.appeal_id]].append(one)
    for row in Case.objects.select_for_update(of=("self",)).filter(pk__in=left).order_by("pk"):
        seal(row, *left[row.pk])
