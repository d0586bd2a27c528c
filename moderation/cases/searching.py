"""Searching the cases: by words of what was reported, by names, by an id (D4).

Words are looked for in the snapshots (as they were when they were reported; never in sealed ones) and in the present
names of repositories, discussions and people. Every word has to be found, each anywhere.
"""

import re
from collections import defaultdict
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from community.models import Discussion
from foundation.errors import Refused
from moderation.cases.models import Case, CaseReport
from moderation.reports.models import Report
from moderation.subjects.models import SEARCHED, Snapshot, Subject
from repositories.models import Repository

# The index holds three letters at a time: a shorter word would read every snapshot.
SHORTEST_WORD = 3
MOST_WORDS = 6
# As many things go by a name; the newest of them.
MOST_NAMED = 2_000
_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """The words to look for. Raises Refused for words that are too short and for too many."""
    words = list(dict.fromkeys(text.lower().split()))
    if _ID.search(text):
        return words
    if short := [word for word in words if len(word) < SHORTEST_WORD]:
        message = ngettext(
            "Please search for words of three letters or more: “%(words)s” is too short.",
            "Please search for words of three letters or more: “%(words)s” are too short.",
            len(short),
        )
        raise Refused(message % {"words": " ".join(short)}, code="too_short", status=400)
    if len(words) > MOST_WORDS:
        raise Refused(_("Please search for six words at most."), code="too_many", status=400)
    return words


def about_words(text: str) -> Q:
    """A condition on cases: those that `text` names by an id, or in which every word of it is found.

    One query for the names; none for an id. Raises what `words_of` raises.
    """
    words = words_of(text)
    if found := _ID.search(text):
        return _of_id(UUID(found[0]))
    named = _named(words)
    snapshots = Snapshot.objects.alias(searched=SEARCHED)
    for word in words:
        snapshots = snapshots.filter(Q(searched__icontains=word, sealed=False) | Q(subject__in=named[word]))
    return Q(subject__in=snapshots.order_by().values("subject"))


def _of_id(public_id: UUID) -> Q:
    """The case of this id, of a report or of a decision of this id: whatever somebody was told."""
    reported = CaseReport.objects.filter(report__public_id=public_id).values("case")
    decided = Case.objects.filter(decisions__public_id=public_id).values("pk")
    return Q(public_id=public_id) | Q(pk__in=reported) | Q(pk__in=decided)


def _named(words: list[str]) -> dict[str, list[int]]:
    """Ids of the subjects that go by each word now, whatever their snapshots say; one query."""
    parts = [part.annotate(word=Value(word)).values_list("word", "pk") for word in words for part in _parts(word)]
    found: dict[str, list[int]] = defaultdict(list)
    for word, key in parts[0].union(*parts[1:]):
        found[word].append(key)
    return found


def _parts(word: str) -> list[QuerySet[Subject]]:
    homes = Repository.objects.filter(search_text__contains=word)
    titled = Discussion.objects.filter(title__icontains=word)
    people = User.objects.alias(lower=Lower("username")).filter(lower=word)
    reported = Report.objects.filter(reporter__in=people)
    conditions = [
        Q(repository__in=homes),
        Q(discussion__repository__in=homes),
        Q(comment__discussion__repository__in=homes),
        Q(discussion__in=titled),
        Q(comment__discussion__in=titled),
        Q(user__in=people),
        Q(repository__namespace__user__in=people),
        Q(discussion__author__in=people),
        Q(comment__author__in=people),
        Q(pk__in=reported.values("subject")),
    ]
    return [Subject.objects.filter(one).order_by("-pk")[:MOST_NAMED] for one in conditions]
