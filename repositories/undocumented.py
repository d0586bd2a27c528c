"""Repositories that many people use and whose card leaves out what they need to know (A10)."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from repositories.models import Kind, Repository, long_columns

ORDER = ("-downloads", "-id")
TOPICS = {
    "risks": gettext_lazy("risks"),
    "limitations": gettext_lazy("limitations"),
    "intended_use": gettext_lazy("intended and out-of-scope use"),
}


def undocumented(kind: str = "", topic: str = "") -> list[QuerySet[Repository]]:
    """Listed repositories of a kind, or of all, whose card lacks a topic, or any; parts for `page(first, also=…)`.

    One part for each kind, since the index that holds the order begins with it.
    """
    rows = Repository.objects.filter(listed=True).exclude(missing_documentation=[])
    rows = rows.select_related("namespace").defer(*long_columns())
    if topic:
        rows = rows.filter(missing_documentation__contains=[topic])
    return [rows.filter(kind=one) for one in Kind if kind in ("", one)]


def question(row: Repository) -> str:
    """The address of a new discussion that asks the owner for what is missing; its words can be changed there."""
    topics = "\n".join(f"- {TOPICS[topic]}" for topic in row.missing_documentation if topic in TOPICS)
    text = _(
        "Many people use this, and its card does not say yet what they need to know:\n\n%(topics)s\n\n"
        "Would you add it? A heading for each with a few sentences is enough."
    )
    words = {"title": _("Would you add to the card what is missing?"), "text": text % {"topics": topics}}
    return f"{row.get_absolute_url()}/discussions/new?{urlencode(words)}"
