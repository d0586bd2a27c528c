"""Where the words stand that reporters quote: in what was there when they reported, in an earlier version, or nowhere.

Compared when the team reads them, with the evidence: filing a report costs nothing for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from community.models import CommentVersion
from moderation.reports.models import Report
from moderation.subjects.content import CARD
from moderation.subjects.files import MOST_READ, path_of
from moderation.subjects.models import Snapshot, Subject
from moderation.subjects.passages import Words
from moderation.subjects.queries import subjects
from repositories import git
from repositories.holding import CARD as CARD_FILE
from repositories.models import Repository

# Of a comment or a file, the newest ones, in so many commits.
MOST_VERSIONS, MOST_COMMITS = 20, 1_000


class Place(StrEnum):
    """Where quoted words stand."""

    HERE = "here"
    EARLIER = "earlier"
    NOWHERE = "nowhere"


def places_of(reports: Sequence[Report]) -> dict[int, Place]:
    """By id of those of `reports`, all of one subject, that quote something.

    None for what was locked away or erased since. No query where nobody quotes anything; one where all of it stands
    there, else two more, and the history of a file.
    """
    quoting = [one for one in reports if one.passage]
    if not quoting:
        return {}
    rows = Snapshot.objects.filter(pk__in={one.snapshot_id for one in quoting}, sealed=False, erased=False)
    kept = {one.pk: one for one in rows}
    texts = {key: Words(row.content) for key, row in kept.items()}
    quoting = [one for one in quoting if one.snapshot_id in kept]
    found = {one.pk: Place.HERE for one in quoting if texts[one.snapshot_id].hold(one.passage)}
    if missing := [one for one in quoting if one.pk not in found]:
        subject, versions = subjects().get(pk=missing[0].subject_id), {}
        for one in missing:
            snapshot = kept[one.snapshot_id]
            if snapshot.part not in versions:
                versions[snapshot.part] = [(at, Words(text)) for at, text in _versions(subject, snapshot)]
            before = (words for at, words in versions[snapshot.part] if at < one.created_at)
            found[one.pk] = Place.EARLIER if any(words.hold(one.passage) for words in before) else Place.NOWHERE
    return found


def _versions(subject: Subject, snapshot: Snapshot) -> Iterable[tuple[datetime, str]]:
    """What its part said at which times, newest first."""
    if subject.repository is not None:
        path = CARD_FILE if snapshot.part == CARD else path_of(subject.repository, snapshot)
        return _of_file(subject.repository, path)
    rows = CommentVersion.objects.order_by("-number")
    if subject.comment_id:
        rows = rows.filter(comment=subject.comment_id)
    elif subject.discussion_id:
        rows = rows.filter(comment__discussion=subject.discussion_id, comment__position=1)
    else:
        # Of names and descriptions nobody keeps versions but us.
        others = Snapshot.objects.filter(subject=subject, part=snapshot.part).order_by("-taken_at")
        return [(one.taken_at, one.content) for one in others[:MOST_VERSIONS]]
    return rows.values_list("created_at", "text")[:MOST_VERSIONS]


def _of_file(repository: Repository, path: str) -> Iterator[tuple[datetime, str]]:
    for commit in git.history(repository, MOST_VERSIONS, path=path, most=MOST_COMMITS):
        if content := git.read_file(repository, path, commit.oid, limit=MOST_READ):
            yield commit.at, content.decode(errors="ignore")
