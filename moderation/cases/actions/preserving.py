"""What the law wants kept of something before it is gone everywhere else: encrypted, destroyed by its date (C9)."""

from pathlib import Path

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.actions.erasing import heads_of, titles_of
from community.models import CommentVersion, Discussion
from foundation.errors import Refused
from moderation.cases.actions.evidence import SHORTEST_REASON, lock_subject_away, require_member
from moderation.cases.events import record
from moderation.cases.models import Case
from moderation.cases.permissions import require_no_stake
from moderation.reports.actions.preserving import hand_over, preserve
from moderation.reports.models import PreservedFile
from moderation.subjects import quarantine
from moderation.subjects.actions import take_snapshot
from moderation.subjects.content import Content
from moderation.subjects.files import content_of_file
from moderation.subjects.models import Erasure, Subject
from moderation.subjects.queries import same_words
from repositories import git


def preserve_all(work: Erasure) -> list[Model]:
    """Lock away every version of what `work` is about, and every content of its files; again changes nothing.

    What was kept of the same words elsewhere too: of a discussion and the comment that opens it. The caller holds the
    newest cases of both locked. Returns the rows that were not there before, or are changed.
    """
    subject = work.subject
    if subject.repository is None:
        for content in _versions(subject):
            take_snapshot(subject, content)
        return [snapshot for one in same_words(subject) for snapshot in lock_subject_away(one)]
    repository = subject.repository
    found = git.contents_at(repository, heads_of(repository), work.paths)
    kept = []
    for path, commit in found.values():
        if seen := content_of_file(repository, path, commit):
            kept.append((take_snapshot(subject, seen), path, commit))
    locked = lock_subject_away(subject)
    for snapshot, path, commit in kept:
        row = quarantine.standing().filter(snapshot=snapshot).first()
        file = git.find_file(repository, path, commit)
        if row is not None and file is not None:
            with git.open_file(repository, file) as stream:
                if (file_row := preserve(row, stream, name=path)) is not None:
                    locked.append(file_row)
    return locked


def _versions(subject: Subject) -> list[Content]:
    """Everything that was ever written there, as it was; of a discussion with its titles."""
    discussion: Discussion | None = subject.discussion
    about = {"comment__discussion": discussion, "comment__position": 1} if discussion else {"comment": subject.comment}
    texts = CommentVersion.objects.filter(**about).order_by("number").values_list("text", flat=True)
    title = discussion.title if discussion else ""
    found = [Content("text", title, text, "") for text in texts]
    if discussion:
        found.append(Content("text", title, "\n".join(sorted(titles_of(discussion))), ""))
    return found


@transaction.atomic
def hand_over_evidence(case: Case, folder: Path, *, reason: str, actor: User) -> list[Path]:
    """Write every file that is preserved for `case` into `folder`, for the authorities; an event says so (C9).

    Raises Forbidden unless `actor` is of the lane's people, Refused without a reason or where nothing is kept.
    """
    row = Case.objects.select_for_update(of=("self",)).select_related("lane", "subject").get(pk=case.pk)
    if not actor.is_system:
        require_member(row.lane, actor)
        require_no_stake(row, actor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence who asks for it, and under which number."), code="invalid", status=400)
    kept = PreservedFile.objects.filter(quarantine__in=quarantine.standing(), quarantine__snapshot__subject=row.subject)
    files = list(kept.order_by("pk"))
    if not files:
        raise Refused(_("No file is preserved for this case."), code="not_found", status=404)
    data = {"files": [one.public_id.hex for one in files]}
    record(row, "evidence.handed_over", actor=actor, data=data, text=reason, moves=False)
    return [hand_over(one, folder) for one in files]
