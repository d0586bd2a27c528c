"""Searching the cases: by words of what was reported, by names, by an id (D4).

Words are looked for in the snapshots (as they were when they were reported; never in sealed ones) and in the present
names of repositories, discussions and people. Every word has to be found, each anywhere. A search that finds something
by the name of who reported it reads what is confidential: it is an event (J6).
"""

import re
from collections import defaultdict
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from community.models import Discussion
from foundation import clock
from foundation.errors import Refused
from moderation.cases import journal
from moderation.cases.audit import AGAIN_AFTER
from moderation.cases.models import Case, CaseReport, JournalEvent
from moderation.reports.models import Report
from moderation.subjects.models import SEARCHED, TARGETS, Snapshot, Subject
from repositories.models import Repository

# The index holds three letters at a time: a shorter word would read every snapshot.
SHORTEST_WORD = 3
MOST_WORDS = 6
# As many things go by a name; the newest of them.
MOST_NAMED = 2_000
# How something is found: by who reported it.
REPORTED = "reported"
SEARCHED_BY_REPORTER = "search.by_reporter"
# So many of the newest events are looked through for the same search.
LOOK_BACK = 500
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


def about_words(text: str, *, actor: User) -> Q:
    """A condition on cases: those that `text` names by an id, or in which every word of it is found, for `actor`.

    One query for the names; none for an id; some more where a word is the name of somebody who reported something,
    which is written down. Raises what `words_of` raises.
    """
    words = words_of(text)
    if found := _ID.search(text):
        return _of_id(UUID(found[0]))
    named, reporters = _named(words)
    if reporters:
        note_search(reporters, actor=actor)
    snapshots = Snapshot.objects.alias(searched=SEARCHED)
    for word in words:
        snapshots = snapshots.filter(Q(searched__icontains=word, sealed=False) | Q(subject__in=named[word]))
    return Q(subject__in=snapshots.order_by().values("subject"))


def _of_id(public_id: UUID) -> Q:
    """The case of this id, of a report or a decision of this id, or about what has it: whatever somebody was told."""
    reported = CaseReport.objects.filter(report__public_id=public_id).values("case")
    decided = Case.objects.filter(decisions__public_id=public_id).values("pk")
    # Each by its own index; no condition over several tables.
    about = [Subject.objects.filter(**{f"{kind}__public_id": public_id}).order_by().values("pk") for kind in TARGETS]
    things = about[0].union(*about[1:], all=True)
    return Q(public_id=public_id) | Q(pk__in=reported) | Q(pk__in=decided) | Q(subject__in=things)


def _named(words: list[str]) -> tuple[dict[str, list[int]], list[str]]:
    """Ids of the subjects that go by each word now, whatever their snapshots say, and which words name a reporter.

    One query.
    """
    parts = [
        part.annotate(word=Value(word), how=Value(how)).values_list("word", "pk", "how")
        for word in words
        for how, part in _parts(word)
    ]
    found: dict[str, list[int]] = defaultdict(list)
    reporters: dict[str, None] = {}
    for word, key, how in parts[0].union(*parts[1:]):
        found[word].append(key)
        if how == REPORTED:
            reporters[word] = None
    return found, list(reporters)


def _parts(word: str) -> list[tuple[str, QuerySet[Subject]]]:
    """How, and which subjects, go by `word`."""
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
    ]
    ways = [("", one) for one in conditions] + [(REPORTED, Q(pk__in=reported.values("subject")))]
    return [(how, Subject.objects.filter(one).order_by("-pk")[:MOST_NAMED]) for how, one in ways]


def note_search(words: list[str], *, actor: User) -> None:
    """Write that `actor` looked for what somebody reported by these names, as digests: whoever knows a name finds it.

    Once within ten minutes for the same names: an open list asks for itself again.
    """
    digests = sorted(digest_of(word) for word in words)
    with transaction.atomic():
        newest = JournalEvent.objects.order_by("-pk")[:LOOK_BACK]
        since = clock.now() - AGAIN_AFTER
        lately = JournalEvent.objects.filter(
            pk__in=newest.values("pk"), kind=SEARCHED_BY_REPORTER, actor=actor, at__gt=since
        )
        if not any(one.data["words"] == digests for one in lately):
            journal.note(SEARCHED_BY_REPORTER, actor=actor, data={"by": "reporter", "words": digests})


def digest_of(word: str) -> str:
    """A name as the journal keeps it: keyed, so that only who has the key of this installation can try names."""
    return salted_hmac("moderation.cases.searching", word.lower(), algorithm="sha256").hexdigest()
