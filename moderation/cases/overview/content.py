"""The subject as it was reported, what the classifiers said of it, and as it is now."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, OuterRef, Q

from accounts.models import User
from foundation.diff import Line, compare
from moderation.cases.models import Case
from moderation.cases.overview.disguised import remarks_on
from moderation.cases.pictures import can_be_sharp, shows_picture
from moderation.scoring.models import Score, ScoreRequest
from moderation.scoring.secrecy import sees_thresholds
from moderation.subjects.content import content_of
from moderation.subjects.files import file_now, is_file
from moderation.subjects.models import Snapshot
from repositories.access import access
from repositories.models import Visibility

MOST_SNAPSHOTS = 20


@dataclass(frozen=True)
class Evidence:
    """`snapshot` is the one shown of `snapshots` (newest report first); `shown` the score whose window is marked.

    `closed`: it is private by now, so what it is now opens with a reason only (A2). `unread` are the classifiers that
    could not look into it, by name: what they would say, nobody knows.
    """

    snapshots: list[Snapshot]
    snapshot: Snapshot
    scores: list[Score]
    shown: Score | None
    changes: list[Line]
    now: str
    closed: bool = False
    unread: tuple[str, ...] = ()

    @property
    def harmful(self) -> bool:
        """Whether a classifier flagged it: then it stays folded until somebody opens it (D5)."""
        return any(score.over for score in self.scores)

    @property
    def flagged(self) -> list[str]:
        """What classifiers flagged it as: read before a picture is seen."""
        return list(dict.fromkeys(score.label for score in self.scores if score.over))

    @property
    def picture(self) -> bool:
        """Whether there is a picture to show, blurred."""
        return not self.closed and shows_picture(self.snapshot)

    @property
    def can_be_sharp(self) -> bool:
        """Whether it can be shown as it is, too."""
        return can_be_sharp(self.snapshot)

    @property
    def mark(self) -> tuple[int | None, int | None]:
        """First character to mark and the one after the last; none where the whole text would be marked."""
        if self.shown is None or self.shown.end <= self.shown.start:
            return None, None
        if (
            not self.snapshot.content[: self.shown.start].strip()
            and not self.snapshot.content[self.shown.end :].strip()
        ):
            return None, None
        return self.shown.start, self.shown.end

    @property
    def remarks(self) -> list[tuple[int, int, str]]:
        """The words of the snapshot that do not read as they look, and what is odd about them."""
        return remarks_on(self.snapshot.content)

    @property
    def unchanged(self) -> bool:
        return not self.changes and self.now == self.snapshot.content


def is_closed(case: Case, viewer: User) -> bool:
    """Whether what it is about is, or lies in, a repository that is private now and that `viewer` did not open (A2).

    No query for what is public.
    """
    home = case.subject.home
    return home is not None and home.visibility == Visibility.PRIVATE and not access(home, viewer).see


def evidence_of(case: Case, viewer: User, *, snapshot_id: str = "", label: str = "") -> Evidence | None:
    """The reported snapshots of `case` with one of them in full; None for a case without reports.

    `snapshot_id` and `label` are what an address asks for; unknown ones count as none. What it is now,
    `viewer` reads only where is_closed() allows it. Three queries and those of the content.
    """
    reported = Snapshot.objects.filter(reports__case_report__case=case).annotate(
        latest=Max("reports__pk"), in_vain=_in_vain()
    )
    snapshots: list[Snapshot] = [*reported.order_by("-latest").defer("text")[:MOST_SNAPSHOTS]]
    if not snapshots:
        return None
    snapshot = next((one for one in snapshots if str(one.pk) == snapshot_id), snapshots[0])
    if snapshot.sealed or snapshot.erased:
        # Locked away (C9) or destroyed (C6): neither scores with their windows, nor what it is now.
        return Evidence(snapshots, snapshot, scores=[], shown=None, changes=[], now="")
    counting = Score.objects.counting().filter(snapshot=snapshot)
    scores = list(counting.select_related("revision").order_by("-value", "-pk"))
    if not sees_thresholds(viewer):
        # The order would tell which of two labels the classifier is surer of (H6).
        scores.sort(key=lambda score: (-score.over, -score.confident, score.label, score.pk))
    highest = scores[0] if scores else None
    closed = is_closed(case, viewer)
    now = snapshot.content if closed else _as_it_is_now(case, snapshot)
    return Evidence(
        snapshots=snapshots,
        snapshot=snapshot,
        scores=scores,
        shown=next((score for score in scores if score.label == label), highest),
        changes=compare(snapshot.content, now),
        now=now,
        closed=closed,
        unread=tuple(sorted({code.partition("@")[0] for code in snapshot.in_vain})),  # type: ignore[attr-defined]
    )


def _in_vain() -> ArraySubquery:
    """The codes of the classifiers that are done with a snapshot and have no score of it."""
    said = Score.objects.filter(snapshot=OuterRef("snapshot"))
    of_one = ~Q(classifier=ScoreRequest.ANY) & ~Exists(said.filter(revision__classifier=OuterRef("classifier")))
    of_any = Q(classifier=ScoreRequest.ANY) & ~Exists(said)
    done = ScoreRequest.objects.filter(snapshot=OuterRef("pk"), done_at__isnull=False)
    return ArraySubquery(done.filter(of_one | of_any).values("classifier"))


def _as_it_is_now(case: Case, snapshot: Snapshot) -> str:
    repository = case.subject.repository
    if repository is not None and is_file(snapshot):
        return file_now(repository, snapshot).whole
    return content_of(case.subject).whole
