"""Messages of commits: the first line is the headline, the rest says more."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()
LONGEST = 120


@register.filter
def headline(message: str) -> str:
    """The first line, cut where it is very long; words for a message that says nothing."""
    line = message.strip().partition("\n")[0].strip()
    return (line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…") or _("(no message)")


@register.filter
def details(message: str) -> str:
    """What follows the headline; all of the message where the headline was cut."""
    line, _end, rest = message.strip().partition("\n")
    return rest.strip() if len(line.strip()) <= LONGEST else message.strip()
