"""Filters and tags for templates that belong to no room."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from foundation.markdown import render

register = template.Library()
RECENT = timedelta(days=30)
# First character, the one after the last, and what to say about it.
Remark = tuple[int, int, str]


@register.filter
def markdown(text: str, names: Mapping[str, str] | None = None) -> SafeString:
    """Markdown of a person as safe HTML; `names` as in foundation.markdown.render."""
    return mark_safe(render(text, names=names))  # noqa: S308 - sanitised by nh3


@register.filter
def exact(at: datetime) -> str:
    """A moment in the reader's zone, with the zone's name: "22 November 2026, 14:05 (UTC)"."""
    local = timezone.localtime(at)
    parts = {"date": date_format(local, "DATE_FORMAT"), "time": date_format(local, "H:i"), "zone": local.tzname()}
    return _("%(date)s, %(time)s (%(zone)s)") % parts


@register.filter
def ago(at: datetime) -> str:
    """A moment in relative words ("3 hours ago", "in 2 days"); the date when it is more than 30 days away."""
    now = timezone.now()
    if abs(now - at) > RECENT:
        return date_format(timezone.localtime(at), "DATE_FORMAT")
    if abs(now - at) < timedelta(minutes=1):
        return _("just now") if at <= now else _("in a moment")
    if at <= now:
        return _("%(time)s ago") % {"time": timesince(at, now, depth=1)}
    return _("in %(time)s") % {"time": timeuntil(at, now, depth=1)}


@register.simple_tag
def highlighted(
    text: str, start: int | None = None, end: int | None = None, remarks: Sequence[Remark] = ()
) -> SafeString:
    """`text` with its characters from `start` to before `end` marked; unmarked where either is missing.

    `remarks` are passages in order that do not overlap, each with words that are shown behind it; one that crosses an
    end of the marked part counts to the part where it begins.
    """
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        return _remarked(text, 0, len(text), remarks)
    start = max([start, *(to for begin, to, _words in remarks if begin < start < to)])
    end = max([start, end, *(to for begin, to, _words in remarks if begin < end < to)])
    parts = [_remarked(text, *span, remarks) for span in ((0, start), (start, end), (end, len(text)))]
    return format_html("{}<mark>{}</mark>{}", *parts)


def _remarked(text: str, start: int, end: int, remarks: Sequence[Remark]) -> SafeString:
    """The characters `start` to before `end`, with the remarks that begin there."""
    parts, place = [], start
    for begin, to, words in remarks:
        if start <= begin < end:
            parts.append((text[place:begin], text[begin:to], words))
            place = to
    marked = format_html_join("", '{}<u class="remarked">{}</u> <small class="remark">[{}]</small>', parts)
    return format_html("{}{}", marked, text[place:end])


@register.filter
def markdown_document(text: str) -> SafeString:
    """Markdown of a file as safe HTML: its line ends are those of an editor, not of the author's paragraphs."""
    return mark_safe(render(text, breaks=False))  # noqa: S308 - sanitised by nh3
