"""What is left of a measure, as a countdown that is right without JavaScript (F5)."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from moderation.appeals.wording import MeasureLine
from moderation.cases.clocks import in_words

register = template.Library()


@register.simple_tag
def left(line: MeasureLine, now: datetime) -> SafeString:
    """How long `line` holds from `now` on, in words that static/js/ombud.js keeps right; "" where it has no end.

    No live region: a screen reader reads it where it stands, and is told nothing each minute.
    """
    rest = line.left(now)
    if rest is None:
        return SafeString("")
    words = _("%(time)s left.")
    return format_html(
        '<time datetime="{}" data-left="{}" data-words="{}" data-over="{}">{}</time>',
        line.ends_at.isoformat() if line.ends_at else "",
        int(rest.total_seconds()),
        words % {"time": "{time}"},
        _("It is over: load this page again."),
        words % {"time": in_words(rest)},
    )
