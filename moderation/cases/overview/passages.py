"""Where the words stand that reporters quote: in what was there when they reported, in an earlier version, or nowhere.

Compared when the team reads them, with the evidence: filing a report costs nothing for it. Nothing is said where it
would take long to find out, or where we did not keep all of what was there.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

from community.models import CommentVersion
from moderation.cases.overview.file_versions import FileVersions
from moderation.reports.models import Report
from moderation.subjects.actions import LONGEST_TEXT
from moderation.subjects.files import is_file
from moderation.subjects.models import Snapshot, Subject
from moderation.subjects.passages import Budget, TooMuch, Words
from moderation.subjects.queries import subjects
from repositories.holding import is_card

# Of a comment, the newest ones before the report.
MOST_VERSIONS = 20
# Of all that is looked through for one page: about a second.
MOST_CHARACTERS = 1_000_000


class Place(StrEnum):
    """Where quoted words stand."""

    HERE = "here"
    EARLIER = "earlier"
    NOWHERE = "nowhere"


def places_of(reports: Sequence[Report]) -> dict[int, Place]:
    """By id of those of `reports`, all of one subject, that quote something.

    None for what was locked away or erased since, and for what we cannot tell. No query where nobody quotes anything;
    one where all of it stands there, else two more, and the history of a file.
    """
    quoting = [one for one in reports if one.passage]
    if not quoting:
        return {}
    rows = Snapshot.objects.filter(pk__in={one.snapshot_id for one in quoting}, sealed=False, erased=False)
    kept, budget = {one.pk: one for one in rows}, Budget(MOST_CHARACTERS)
    texts = {key: Words(row.content, budget=budget, is_markdown=is_markdown(row)) for key, row in kept.items()}
    found, missing = {}, []
    for one in quoting:
        with suppress(KeyError, TooMuch):
            if texts[one.snapshot_id].hold(one.passage):
                found[one.pk] = Place.HERE
            elif len(kept[one.snapshot_id].text) < LONGEST_TEXT:  # all of it
                missing.append(one)
    if missing:
        subject = subjects().get(pk=missing[0].subject_id)
        earlier = _Earlier(subject, budget, max(one.created_at for one in missing))
        for one in missing:
            with suppress(TooMuch):
                before = earlier.than(one, kept[one.snapshot_id])
                found[one.pk] = Place.EARLIER if any(words.hold(one.passage) for words in before) else Place.NOWHERE
    return found


def is_markdown(snapshot: Snapshot) -> bool:
    """Whether readers see it as Markdown: all but single files, of which only the card is."""
    return not is_file(snapshot) or is_card(snapshot.title)


class _Earlier:
    """The earlier versions of what was reported of `subject` before `until`."""

    def __init__(self, subject: Subject, budget: Budget, until: datetime) -> None:
        self._subject, self._budget, self._until = subject, budget, until
        self._files = FileVersions(subject.repository, budget) if subject.repository else None
        self._rows: dict[str, list[tuple[datetime, Words]]] = {}  # by part

    def than(self, report: Report, snapshot: Snapshot) -> Iterator[Words]:
        """Newest first. Raises TooMuch where we cannot tell which they are."""
        if self._files is not None:
            yield from self._files.before(snapshot, is_markdown=is_markdown(snapshot))
            return
        if snapshot.part not in self._rows:
            words = [(at, Words(text, budget=self._budget)) for at, text in self._written(snapshot.part)]
            self._rows[snapshot.part] = words
        yield from (words for at, words in self._rows[snapshot.part] if at < report.created_at)

    def _written(self, part: str) -> list[tuple[datetime, str]]:
        subject = self._subject
        rows = CommentVersion.objects.filter(created_at__lt=self._until).order_by("-number")
        if subject.comment_id:
            rows = rows.filter(comment=subject.comment_id)
        elif subject.discussion_id:
            rows = rows.filter(comment__discussion=subject.discussion_id, comment__position=1)
        else:
            # Of names and descriptions nobody keeps versions but us.
            others = Snapshot.objects.filter(subject=subject, part=part, taken_at__lt=self._until)
            return [(one.taken_at, one.content) for one in others.order_by("-taken_at")[:MOST_VERSIONS]]
        return list(rows.values_list("created_at", "text")[:MOST_VERSIONS])
