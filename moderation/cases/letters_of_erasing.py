"""Leaving an erased title out of what we wrote to people about its discussion (C6); other letters stay as they are."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import InboxMessage
from community.actions.erasing import GONE
from community.models import Discussion
from foundation.markdown import literal
from moderation.cases.models import Case, Decision, Event, Party, PartyMessage
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.models import Subject

# What begins a title in every language of ours, in a subject too that was cut off in the midst of it.
OPENS = "“"


def leave_titles_out(discussion: Discussion, titles: Collection[str]) -> None:
    """Take these titles out of every letter about `discussion` and its comments: where they stand in quotation marks.

    A subject may hold a part of a title only, so one that names any says something else instead.
    """
    letters = InboxMessage.objects.filter(pk__in=list(_about(discussion).values_list("pk", flat=True)))
    for title in titles:
        quoted = f"“{title}”"
        for words in {quoted, literal(quoted)}:
            named = letters.filter(body__contains=words)
            named.update(body=Replace("body", Value(words), Value(f"“{GONE}”")))
    # What the team is reminded of, it reads at the case.
    letters.filter(key__startswith="measure-ended:").update(body="")
    naming = letters.filter(subject__contains=OPENS)
    for language in set(naming.values_list("recipient__language", flat=True)):
        with translation.override(language):
            naming.filter(recipient__language=language).update(subject=_("About a discussion whose title was erased"))


def _about(discussion: Discussion) -> QuerySet[InboxMessage]:
    """What was written about it or one of its comments: whatever kind of letter may call it by its title."""
    subjects = Subject.objects.filter(Q(discussion=discussion) | Q(comment__discussion=discussion))
    cases = Case.objects.filter(subject__in=subjects)
    decisions = Decision.objects.filter(case__in=cases).values_list("public_id", flat=True)
    parties = Party.objects.filter(case__in=cases).values_list("public_id", flat=True)
    # Rooms above write letters too: what they are about stands in the events of the case.
    named = Event.objects.filter(case__in=cases, data__has_key="appeal").values_list("data__appeal", flat=True)
    appeals = {UUID(one) for one in named}
    statements = StatementOfReasons.objects.filter(subject__in=subjects).values_list("public_id", flat=True)
    measures = Measure.objects.filter(subject__in=subjects).values_list("public_id", flat=True)
    messages = PartyMessage.objects.filter(party__case__in=cases).values_list("public_id", flat=True)
    keys = [f"{kind}:{one}" for kind in ("holds", "undone") for one in decisions]
    keys += [f"{kind}:{one}" for kind in ("appeal", "appeal-told") for one in appeals]
    keys += [f"statement:{one}" for one in statements]
    keys += [f"lifted:{one}" for one in measures]
    keys += [f"matter-message:{one}" for one in messages]
    # Said as the index says it, whose condition it is.
    about = Q(key__in=keys) | Q(link__startswith="/appeals/", link__in=[f"/appeals/{one}" for one in appeals])
    begun = [f"{kind}:{one}:" for kind in ("matter", "matter-decided") for one in parties]
    begun += [f"measure-ended:{one}:" for one in cases.values_list("public_id", flat=True)]
    for begin in begun:
        about |= Q(key__startswith=begin)
    return InboxMessage.objects.filter(about)
