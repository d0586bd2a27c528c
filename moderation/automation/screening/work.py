"""Working off what was written: each text in a transaction of its own, so that one that fails holds up nobody."""

from datetime import UTC

from django.db.models import Q

from accounts.models import User
from community.models import Comment, CommentVersion
from foundation.models import Change
from foundation.work import work_off
from moderation.automation.models import TextPrint
from moderation.automation.screening.characters import find_disguises
from moderation.automation.screening.links import find_links
from moderation.automation.screening.near_duplicates import find_near_duplicates, forget_old_prints
from moderation.automation.screening.report import report_person, report_text
from moderation.automation.screening.texts import ScreenedText
from moderation.automation.screening.throttle import throttled
from moderation.intake.guests import forget_words
from moderation.subjects import quarantine
from moderation.subjects.models import Subject

CHECKS = (find_near_duplicates, find_links, find_disguises)
WRITTEN, THROTTLED = "text.written", "throttle.reached"


def screen_texts() -> int:
    """Look at everything that was written since; returns how many changes were worked off."""
    count = work_off(Change.objects.filter(kind__in=(WRITTEN, THROTTLED)), _screen)
    forget_old_prints()
    return count


def forget_prints() -> int:
    """Delete prints and copies of what was locked away: nothing compares or keeps it any more (C9).

    Returns how many changes.
    """
    return work_off(Change.objects.filter(kind="evidence.locked"), _forget)


def _forget(change: Change) -> None:
    subject = Subject.objects.get(pk=change.object_id)
    first = Q(discussion=subject.discussion_id, position=1) if subject.discussion_id else Q(pk=subject.comment_id)
    TextPrint.objects.filter(version__comment__in=Comment.objects.filter(first)).delete()
    forget_words(subject)


def _is_locked(comment: Comment) -> bool:
    about = Q(snapshot__subject__comment=comment)
    if comment.position == 1:
        about |= Q(snapshot__subject__discussion=comment.discussion_id)
    return bool(quarantine.standing().filter(about).exists())


def _screen(change: Change) -> None:
    if change.kind == WRITTEN:
        _screen_text(change.object_id)
    else:
        person = User.objects.get(pk=change.object_id)
        at = change.created_at.astimezone(UTC)
        report_person(person, throttled(person, at), at)


def _screen_text(version_id: int) -> None:
    """Run every check on a version of a comment; what members of the team write is not reported."""
    rows = CommentVersion.objects.select_related("author", "comment__discussion__repository__namespace")
    version = rows.get(pk=version_id)
    if version.comment.hidden and _is_locked(version.comment):
        return
    text = ScreenedText(version)
    found = [one for check in CHECKS if (one := check(text))]
    if found and not version.author.is_team:  # asked last: it costs two queries, and most texts are harmless
        report_text(text, found)
