"""What can be chosen in the filters of the queue: clauses, lanes, people of the team, languages, in one query."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import TextField, Value
from django.utils.translation import gettext

from moderation.cases.models import Case, Event
from moderation.cases.queries import team
from moderation.policy.models import Lane
from moderation.policy.queries import active_clauses

CLAUSE, LANE, PERSON, LANGUAGE = "clause", "lane", "person", "language"
# Lanes for a named role that nobody active has: what comes in there, nobody sees.
UNATTENDED = "unattended"
# The newest event of all cases: what comes later is news.
NEWEST = "newest"
_LANGUAGES = "cases.languages"


@dataclass(frozen=True)
class Choice:
    """A clause, a lane, a person or a language: id, code in the address, title and words as they are stored."""

    pk: int
    code: str
    title: str
    text: str

    def __str__(self) -> str:
        return gettext(self.title) if self.title else ""


def choices() -> dict[str, list[Choice]]:
    """Active clauses and all lanes in their order, the team by name, languages of open cases, the newest event.

    By kind, in one query. Languages are asked for at most once a minute, because that looks at every open case.
    """
    nothing = Value("", output_field=TextField())
    unattended = Lane.objects.filter(group__isnull=False).exclude(group__user__is_active=True)
    parts = [
        active_clauses().order_by().values_list(Value(CLAUSE), "order", "pk", "code", "title", nothing),
        Lane.objects.order_by().values_list(Value(LANE), "order", "pk", "code", "title", "text"),
        unattended.order_by().values_list(Value(UNATTENDED), "order", "pk", "code", "title", "text"),
        team().order_by().values_list(Value(PERSON), Value(0), "pk", "username", nothing, nothing),
    ]
    newest = Event.objects.order_by("-pk").values_list(Value(NEWEST), Value(0), "pk", nothing, nothing, nothing)
    parts.append(newest[:1])
    known = cache.get(_LANGUAGES)
    if known is None:
        spoken = Case.objects.filter(state=Case.State.OPEN).exclude(language="").order_by()
        columns = (Value(LANGUAGE), Value(0), Value(0), "language", nothing, nothing)
        parts.append(spoken.values_list(*columns).distinct())
    found: dict[str, list[Choice]] = {
        CLAUSE: [],
        LANE: [],
        UNATTENDED: [],
        NEWEST: [],
        PERSON: [],
        LANGUAGE: known or [],
    }
    for kind, _place, *values in sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (row[1], row[3])):
        found[kind].append(Choice(*values))
    if known is None:
        cache.set(_LANGUAGES, found[LANGUAGE], timeout=60)
    return found
