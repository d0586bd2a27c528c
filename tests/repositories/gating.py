"""Arranging gated repositories, and asking for their files as a form or a program does."""

import re
from uuid import UUID

from accounts.models import InboxMessage
from repositories.actions.gating import STATUS_AFTER
from repositories.models import AccessRequest, AccessRequestEvent
from tests.repositories.reading import text_of

# A card with a question of every type, as the hub's cards write them; out of the order that a database gives keys.
CARD = """---
license: openrail
extra_gated_heading: Read this first
extra_gated_prompt: You agree **not** to imitate living people.
extra_gated_button_content: I agree
extra_gated_fields:
  Why do you need it?: text
  Country: country
  "When will you begin": date_picker
  I want it for:
    type: select
    options:
      - Research
      - label: Other things
        value: other
  I do no harm: checkbox
---
# {name}
"""
ANSWERS = {
    "Why do you need it?": "To study voices.",
    "Country": "TH",
    "When will you begin": "2026-12-01",
    "I want it for": "Research",
    "I do no harm": True,
}


def posted(response, values):
    """What a browser sends: `values` by the labels of the form on this page, and its hidden fields."""
    page = text_of(response)
    labels = dict(re.findall(r'<label for="id_([\w-]+)">\s*([^<]+?)\s*<', page))
    names = {words.replace("&#x27;", "'"): name for name, words in labels.items()}
    agreed = re.search(r'name="agreed" value="(\w+)"', page)
    sent = {names[label]: "on" if value is True else value for label, value in values.items()}
    return {**sent, "agreed": agreed[1] if agreed else ""}


def history(request):
    """The verbs of the events of a request, oldest first."""
    return list(AccessRequestEvent.objects.filter(request=request).order_by("pk").values_list("verb", flat=True))


def says_what_happened(request):
    """Whether the row stands as the last of its events left it."""
    row, last = AccessRequest.objects.get(pk=request.pk), request.events.order_by("-pk").first()
    decided = row.status != "pending"
    return (row.status, row.reason) == (STATUS_AFTER[last.verb], last.reason) and (
        (row.decided_by, row.decided_at) == ((last.actor, last.at) if decided else (None, None))
    )


def letters(user):
    """Subjects of what we wrote to this person, oldest first."""
    return list(InboxMessage.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def ids_on(response):
    """Ids of the requests a page lists, in order."""
    return [UUID(one) for one in re.findall(r'form="marked"\s+name="request"\s+value="([\w-]+)"', text_of(response))]
