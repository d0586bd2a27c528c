"""The conversation of an appeal, as either side reads it, and until when it waits for whom (G2)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.pages import page, query_after
from moderation.appeals.models import Appeal, AppealFile, AppealMessage
from moderation.cases.models import Case

# A conversation shows so many of its newest messages; those before them stand on pages of their own.
NEWEST_MESSAGES = 50
BACKWARDS = ("-id",)
NO_COPY = _("Do not send a copy of this to anybody: your words are enough.")


@dataclass(frozen=True)
class Line:
    """A message with its files."""

    message: AppealMessage
    files: Sequence[AppealFile]


@dataclass(frozen=True)
class Talk:
    """What was written since an appeal was filed, oldest first; `files` came with its first words.

    `earlier` is the query string of the page with what was written before these; "" where that is all of it.
    """

    lines: Sequence[Line]
    files: Sequence[AppealFile]
    earlier: str = ""


def talks_of(appeals: Sequence[Appeal]) -> dict[int, Talk]:
    """The conversations of `appeals` by their ids, of each the newest messages; two queries."""
    keys = [one.pk for one in appeals]
    messages: dict[int, list[AppealMessage]] = defaultdict(list)
    # Counted within each appeal: a long conversation leaves room to the others.
    place = Window(RowNumber(), partition_by="appeal", order_by="-pk")
    newest = AppealMessage.objects.filter(appeal__in=keys).alias(place=place).filter(place__lte=NEWEST_MESSAGES + 1)
    for message in newest.select_related("author").order_by("pk"):
        messages[message.appeal_id].append(message)
    files: dict[tuple[int, int | None], list[AppealFile]] = defaultdict(list)
    for file in AppealFile.objects.filter(appeal__in=keys).defer("key").order_by("pk"):
        files[file.appeal_id, file.message_id].append(file)
    return {
        key: Talk(
            lines=[Line(message, files[key, message.pk]) for message in messages[key][-NEWEST_MESSAGES:]],
            files=files[key, None],
            earlier=_before(messages[key]),
        )
        for key in keys
    }


def earlier_talk(appeal: Appeal, query: QueryDict) -> Talk:
    """What was written before the place that `query` names, the last of it; two queries.

    Raises Refused (400) for a place that is not one of ours.
    """
    rows = AppealMessage.objects.filter(appeal=appeal).select_related("author")
    found = page(rows, query, order=BACKWARDS, size=NEWEST_MESSAGES)
    files: dict[int | None, list[AppealFile]] = defaultdict(list)
    for file in AppealFile.objects.filter(message__in=found.rows).defer("key").order_by("pk"):
        files[file.message_id].append(file)
    lines = [Line(message, files[message.pk]) for message in reversed(found.rows)]
    return Talk(lines, files=[], earlier=found.next)


def _before(messages: Sequence[AppealMessage]) -> str:
    """Of the newest messages, oldest first and perhaps one more: where those before the newest begin."""
    if len(messages) <= NEWEST_MESSAGES:
        return ""
    return query_after(QueryDict(), [messages[-NEWEST_MESSAGES].pk])


def waits(appeal: Appeal, now: datetime) -> str:
    """Whom an open appeal waits for at `now`: "team", "appellant", or "over" when they let their time pass."""
    if appeal.waits_for == Appeal.Side.TEAM or appeal.answer_until is None:
        return "team"
    return "appellant" if now < appeal.answer_until else "over"


def is_sealed(case: Case) -> bool:
    """Whether nobody may have a copy of what `case` is about: no files are taken then (C9)."""
    return any(lane is not None and lane.sealed for lane in (case.lane, case.clause.lane))
