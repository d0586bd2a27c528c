"""The steps of reporting: what it is about, which of these it is, then the form. Every step is an address (C1).

Whoever wrote something already and then chooses anew takes it along in hidden fields; then the steps are sent by POST.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest, QueryDict

from moderation.intake.choices import Choice, Offer, Topic

# What an address may bring along to the form.
IN_ADDRESS = ("passage", "links", "file", "at")
# What of a form is no part of what was written.
_STEERING = ("about", "clause", "step", "csrfmiddlewaretoken", "others_after", "found")
LONGEST_IN_ADDRESS = 2_000


class Step(StrEnum):
    ABOUT = "about"
    CLAUSE = "clause"
    FORM = "form"
    SEND = "send"


@dataclass(frozen=True)
class Place:
    """Where somebody is on the way to a report: the step, what was chosen so far, and what was written already."""

    step: Step
    topic: Topic | None
    choice: Choice | None
    kept: list[tuple[str, str]]
    posted: bool

    def address(self, **chosen: str) -> str:
        """The query string of a step, with what an address brings along."""
        query = QueryDict(mutable=True)
        query.update(chosen)
        for name, value in self.kept:
            query.appendlist(name, value)
        return f"?{query.urlencode()}"


def place_of(request: HttpRequest, offer: Offer) -> Place:
    """Where `request` is: a POST without a step sends the form, an address or form that names no choice asks for it."""
    posted = request.method == "POST"
    data = request.POST if posted else request.GET
    topic = offer.topic(data.get("about", ""))
    choice = offer.choice(data.get("clause", ""), topic)
    if topic is None and choice is not None:
        topic = next((one for one in offer.topics if choice in one.choices), None)
    wanted = data.get("step", Step.FORM if not posted or _looks_for_others(data) else Step.SEND)
    if wanted == Step.SEND:
        step = Step.SEND
    elif wanted == Step.FORM and choice:
        step = Step.FORM
    else:
        step = Step.CLAUSE if topic and wanted != Step.ABOUT else Step.ABOUT
    names = [name for name in data if (name not in _STEERING if posted else name in IN_ADDRESS)]
    kept = [(name, _short(value, posted)) for name in names for value in data.getlist(name)]
    return Place(step, topic, choice, kept, posted)


def _looks_for_others(data: QueryDict) -> bool:
    """Whether what was sent asks for other comments to choose from: by a button, or by Enter in the field for words.

    `found` is what the page that was sent had looked for already.
    """
    return "others_after" in data or data.get("find", "").strip() not in ("", data.get("found", "").strip())


def _short(value: str, posted: bool) -> str:
    return value if posted else value[:LONGEST_IN_ADDRESS]
