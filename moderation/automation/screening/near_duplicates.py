"""The same person, or new accounts, write nearly the same text in several discussions."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from community.models import Discussion
from foundation.clock import Now
from moderation.automation.models import Finding, TextBand, TextPrint
from moderation.automation.screening.prints import Print, print_of
from moderation.automation.screening.texts import DISCUSSIONS, WITHIN, Found, ScreenedText, addresses, reported_before

LIKENESS = 0.8
# The newest texts that share one band: so many are looked at, however many there are.
MOST_OF_A_BAND = 100
# Longer than a flood lasts, so that texts are compared that a worker comes to some days late.
KEPT = timedelta(days=7)
MOST_FORGOTTEN = 1_000

NEAR = """
    SELECT DISTINCT near.text_print_id
    FROM unnest(%s::bigint[]) AS own (band), LATERAL (
        SELECT text_print_id FROM automation_textband
        WHERE band = own.band AND written_at > %s AND written_at < %s
        ORDER BY written_at DESC LIMIT %s
    ) AS near
"""

ALONE = _("This person wrote nearly the same text in several discussions within a day:")
TOGETHER = _("New accounts wrote nearly the same text in several discussions within a day:")


def find_near_duplicates(text: ScreenedText) -> Found | None:
    """Reported at the third discussion, then each time their number has doubled.

    What a maintainer writes at home and the words that open a report are not compared: they may be said often.
    """
    opens_report = text.discussion.origin != Discussion.Origin.PERSON and text.comment.position == 1
    if opens_report or text.at_home or (own := print_of(text.own_words)) is None:
        return None
    _lock(own)
    _keep(text, own)
    others = _densest_day(text, _alike(text, own))
    count = len({text.discussion.pk, *(other.discussion_id for other in others)})
    comments = {other.version.comment_id for other in others} - {text.comment.pk}
    if count < DISCUSSIONS or count < 2 * reported_before(Finding.Kind.NEAR_DUPLICATES, comments):
        return None
    words = ALONE if all(other.author_id == text.author.pk for other in others) else TOGETHER
    return Found(Finding.Kind.NEAR_DUPLICATES, count, (words, *addresses(comments)))


def forget_old_prints() -> None:
    """Delete prints that nothing is compared with any more, some at a time; two workers take different ones."""
    old = TextPrint.objects.filter(written_at__lt=Now() - KEPT).order_by("written_at")
    with transaction.atomic():
        keys = old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST_FORGOTTEN]
        TextPrint.objects.filter(pk__in=list(keys)).delete()


def _lock(own: Print) -> None:
    """Of texts that share a band one is compared after the other: each sees those before it. Others do not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(band) FROM unnest(%s::bigint[]) AS band", [own.bands])


def _keep(text: ScreenedText, own: Print) -> None:
    row = TextPrint(
        version=text.version,
        discussion=text.discussion,
        author=text.author,
        by_newcomer=text.by_newcomer,
        signature=own.signature,
        written_at=text.version.created_at,
    )
    TextPrint.objects.bulk_create([row], ignore_conflicts=True)
    bands = [TextBand(text_print=row, band=band, written_at=row.written_at) for band in own.bands]
    TextBand.objects.bulk_create(bands, ignore_conflicts=True)


def _alike(text: ScreenedText, own: Print) -> list[TextPrint]:
    """Prints of nearly the same text by the same person, and for a new account by others like it, a day around it."""
    suspects = Q(author=text.author)
    if text.by_newcomer:
        suspects |= Q(by_newcomer=True)
    near = _near(text.version.created_at, own) - {text.version.pk}
    rows = TextPrint.objects.filter(suspects, pk__in=near).select_related("version")
    return [one for one in rows if own.likeness(bytes(one.signature)) >= LIKENESS]


def _near(at: datetime, own: Print) -> set[int]:
    """The newest prints a day around `at` that share a band with `own`: itself, and for most texts no other."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [own.bands, at - WITHIN, at + WITHIN, MOST_OF_A_BAND])
        return {key for (key,) in cursor.fetchall()}


def _densest_day(text: ScreenedText, others: list[TextPrint]) -> list[TextPrint]:
    """Those of a day that `text` belongs to: workers may come to the later ones first."""
    at = text.version.created_at
    starts = {at, *(other.written_at for other in others if other.written_at < at)}
    days = [[other for other in others if start <= other.written_at < start + WITHIN] for start in starts]
    return max(days, key=len)
