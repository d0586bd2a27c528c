"""Erasing what snapshots keep of a subject (C6); and the work that says what is to be erased."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from community.models import CommentVersion
from community.projections import HiddenWords, without_quotes, words_of
from foundation import bells, clock
from foundation.clock import Now
from moderation.subjects.content import CARD
from moderation.subjects.files import part_of
from moderation.subjects.legal_holds import held_subjects
from moderation.subjects.models import Erasure, Quarantine, Snapshot, Subject
from moderation.subjects.queries import same_words
from repositories.holding import is_card


def due() -> QuerySet[Erasure]:
    """Erasures that are ordered and that no legal hold stops: work (architecture, idea 2)."""
    rows = Erasure.objects.filter(ordered_at__isnull=False, cancelled_at=None)
    return rows.exclude(subject__in=held_subjects()).select_related("subject")


def order(erasure: Erasure, paths: Collection[str] = ()) -> None:
    """The decision is final: from now on it is destroyed, of a repository the files at `paths`."""
    erasure.paths, erasure.ordered_at = sorted(paths), clock.now()
    Erasure.objects.filter(pk=erasure.pk).update(paths=erasure.paths, ordered_at=erasure.ordered_at, due_at=Now())
    bells.ring("erase")


def cancel(erasure: Erasure) -> bool:
    """Give it up where nothing was destroyed yet; whether it was given up."""
    rows = Erasure.objects.filter(pk=erasure.pk, steps=0, done_at=None, cancelled_at=None)
    return bool(rows.update(cancelled_at=clock.now(), done_at=clock.now()))


def snapshots_of(erasure: Erasure) -> QuerySet[Snapshot]:
    """The snapshots of what `erasure` destroys, of a repository those of its files."""
    rows = Snapshot.objects.filter(subject__in=same_words(erasure.subject))
    if not erasure.subject.repository_id:
        return rows
    cards = [CARD for path in erasure.paths if is_card(path)]
    return rows.filter(part__in=[*cards, *map(part_of, erasure.paths)])


def erase_snapshots(erasure: Erasure) -> list[Snapshot]:
    """Empty what was kept of it as evidence, locked away or not, and what others kept who quoted it.

    Before the words themselves are erased: by them we know who quoted them. Doing it twice changes nothing more.
    Returns those that were changed.
    """
    quoting = erase_quotes(erasure)
    rows = snapshots_of(erasure)
    gone: dict[str, Any] = {"ciphertext": b"", "key": b""}
    Quarantine.objects.filter(snapshot__in=rows, done_at=None).update(done_at=Now(), lease=None, **gone)
    keys = list(rows.values_list("pk", flat=True))
    Snapshot.objects.filter(pk__in=keys).update(title="", text="", erased=True, sealed=False)
    return [*quoting, *Snapshot.objects.filter(pk__in=keys).select_related("subject").order_by("pk")]


def erase_quotes(erasure: Erasure) -> list[Snapshot]:
    """Leave the words out of what was kept of others in the same discussion, who quoted them; returns these."""
    words, others = _quoted(erasure.subject)
    changed = []
    for other in others.exclude(pk__in=snapshots_of(erasure)) if words else []:
        text = without_quotes(other.text, words)
        if text != other.text:
            other.text = text
            other.save(update_fields=["text"])
            changed.append(other)
    return changed


def _quoted(subject: Subject) -> tuple[HiddenWords, QuerySet[Snapshot]]:
    """The words that are to go, and the snapshots of the same discussion that may quote them."""
    discussion = subject.discussion_id or (subject.comment and subject.comment.discussion_id)
    if not discussion:
        return words_of(()), Snapshot.objects.none()
    its = Q(comment__position=1) if subject.discussion_id else Q(comment=subject.comment_id)
    versions = CommentVersion.objects.filter(its, comment__discussion=discussion)
    in_it = Q(subject__discussion=discussion) | Q(subject__comment__discussion=discussion)
    return words_of(versions.values_list("text", flat=True)), Snapshot.objects.filter(in_it)
