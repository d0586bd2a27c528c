"""What the team is told about words that do not read as they look: in words beside them, never by a colour alone."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifiers.lookalikes import Disguise, disguises

MOST = 200
SCRIPTS = {
    "Cyrillic": gettext_lazy("Cyrillic"),
    "Greek": gettext_lazy("Greek"),
    "Armenian": gettext_lazy("Armenian"),
    "Cherokee": gettext_lazy("Cherokee"),
    "Coptic": gettext_lazy("Coptic"),
    "Lisu": gettext_lazy("Lisu"),
}


def remarks_on(text: str) -> list[tuple[int, int, str]]:
    """The first two hundred disguised words of `text`: first character, the one after the last, and what is odd."""
    odd = [one for one in disguises(text) if one.misleads or one.styled]
    return [(one.start, one.end, _remark(one)) for one in odd[:MOST]]


def _remark(one: Disguise) -> str:
    facts = {
        "reads": one.reads,
        "codes": ", ".join(one.hidden),
        "scripts": ", ".join(str(SCRIPTS[script]) for script in one.scripts),
    }
    if one.scripts and one.hidden:
        return _("looks like “%(reads)s”: %(scripts)s; hidden: %(codes)s") % facts
    if one.scripts:
        return _("looks like “%(reads)s”: %(scripts)s") % facts
    if one.hidden:
        return _("reads “%(reads)s”; hidden: %(codes)s") % facts
    return _("reads “%(reads)s”: letters in another style") % facts
