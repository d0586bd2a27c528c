"""What the palette finds: cases, people, repositories, saved views and places of the team (D4)."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.desk import views_of
from moderation.cases.lanes import AFTER, BEFORE, named_lanes
from moderation.cases.models import Case, Event
from moderation.cases.queries import cases, open_to
from moderation.cases.searching import about_words
from moderation.cases.stakes import Stakes, stakes_of
from moderation.subjects.names import name_of
from repositories.queries import listed_for
from repositories.searching import Words

MOST = {"cases": 7, "people": 4, "repositories": 4, "places": 5}  # twenty together
LOOK_BACK = 60  # events of a person among which the cases of lately are looked for
# Pages of the team besides the lanes.
PLACES = {
    "cases:views": _("Saved views"),
    "intake:enter": _("Enter what arrived elsewhere"),
    "cases:flaggers": _("Trusted flaggers"),
    "cases:templates": _("Templates of reasons"),
    "automation:rules": _("Rules"),
    "quality:classifiers": _("Classifiers"),
    "repositories:undocumented": _("Not documented"),
    "policy:policy": _("Our policy"),
    "transparency:report": _("Transparency"),
    "accounts:inbox": _("Inbox"),
    "accounts:settings_profile": _("Settings"),
}
_BEGINNING = re.compile(r"[0-9a-f]{6}[0-9a-f-]{,30}", re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    """One result: what it is called, what else helps to tell it apart, where it leads."""

    label: Any
    detail: Any
    address: str


@dataclass(frozen=True)
class Group:
    """Results of one kind, best first."""

    title: Any
    hits: list[Hit]


def find(text: str, person: User) -> list[Group]:
    """What `person` may see that fits `text`, at most twenty results; without words what they worked on lately.

    After an @ only people are looked for. Groups without a result are left out. Seven queries.
    """
    text, own = " ".join(text.split()), stakes_of(person)
    if not text:
        groups = [Group(_("Lately"), _lately(person, own)), Group(_("Go to"), _places("", person, own))]
    elif text.startswith("@"):
        groups = [Group(_("People"), _people(text[1:]))]
    else:
        groups = [
            Group(_("Cases"), _cases(text, person, own)),
            Group(_("People"), _people(text)),
            Group(_("Repositories"), _repositories(text, person)),
            Group(_("Go to"), _places(text, person, own)),
        ]
    return [group for group in groups if group.hits]


def _cases(text: str, person: User, own: Stakes) -> list[Hit]:
    """Open ones first, then the newest; two queries."""
    try:
        fits = about_words(text, actor=person)
    except Refused:  # a word is too short yet to be looked for
        fits = Q(pk__in=())
    if _BEGINNING.fullmatch(text):
        fits |= _begins(text)
    if fits == Q(pk__in=()):
        return []
    rows = open_to(cases(), person, own).filter(fits).order_by("-state", "-opened_at", "-id")
    return [_hit(case) for case in rows[: MOST["cases"]]]


def _begins(text: str) -> Q:
    """Cases whose id begins so: a range, because that is what the index of ids answers."""
    digits = text.replace("-", "")[:32]
    return Q(public_id__range=(UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))))


def _people(text: str) -> list[Hit]:
    """By the beginning of the username; one query."""
    word = text.lower()
    # From the word to the last word that begins so: the index of names answers a range.
    named = User.objects.alias(lower=Lower("username")).filter(lower__gte=word, lower__lt=word + "\U0010ffff")
    rows = named.filter(is_guest=False).order_by("lower").only("username", "fullname", "public_id")
    return [
        Hit(one.username, one.fullname, reverse("cases:person", args=[one.public_id]))
        for one in rows[: MOST["people"]]
        if not one.is_system
    ]


def _repositories(text: str, person: User) -> list[Hit]:
    """Those that lists show `person`, the most trending first; one query."""
    wanted = Words.of(text).wanted
    rows = listed_for(person).filter(wanted.where, wanted.hint, kind__in=wanted.kinds).order_by("-trending", "-id")
    return [Hit(one.full_name, one.get_kind_display(), one.get_absolute_url()) for one in rows[: MOST["repositories"]]]


def _lately(person: User, own: Stakes) -> list[Hit]:
    """Open cases that `person` holds, then those in which `person` did something; two queries."""
    events = Event.objects.filter(actor=person).order_by("-pk").values_list("case", flat=True)
    recent = list(dict.fromkeys(events[:LOOK_BACK]))
    held = Q(assignee=person, state=Case.State.OPEN)
    rows = open_to(cases(), person, own).filter(held | Q(pk__in=recent))
    places = {key: place for place, key in enumerate(recent)}
    return [_hit(case) for case in sorted(rows, key=lambda case: places.get(case.pk, -1))[: MOST["cases"]]]


def _places(text: str, person: User, own: Stakes) -> list[Hit]:
    """Lanes, saved views and pages whose name holds every word of `text`; two queries."""
    queue = reverse("cases:queue")
    lanes = {**BEFORE, **{lane.code: lane for lane in named_lanes(person, own)}, **AFTER}
    hits = [Hit(title, _("Queue"), f"{queue}?lane={code}") for code, title in lanes.items()]
    hits += [Hit(view.name, _("Saved view"), f"{queue}?{view.query}") for view in views_of(person, lanes)]
    hits += [Hit(title, "", reverse(name)) for name, title in PLACES.items()]
    words = text.lower().split()
    fitting = [hit for hit in hits if all(word in f"{hit.label} {hit.detail}".lower() for word in words)]
    return fitting[: MOST["places"]]


def _hit(case: Case) -> Hit:
    name = name_of(case.subject)
    parts = [str(name.kind), name.whose, name.where, str(case.get_state_display())]
    return Hit(f"{case.clause}: {name.what}", " · ".join(filter(None, parts)), case.get_absolute_url())
