"""Who has what, at a glance: initials in a circle beside the name."""

from typing import Any

from django import template

from accounts.models import User

register = template.Library()
# As many colours are in dashboard.css: .face-0 and so on.
COLOURS = 8


@register.inclusion_tag("cases/_face.html")
def face(person: User, viewer: User | None = None) -> dict[str, Any]:
    """The face of `person` with the name beside it; "you" where it is `viewer`. No query."""
    return {
        "person": person,
        "you": viewer is not None and person.pk == viewer.pk,
        "letters": initials(person),
        "colour": person.public_id.int % COLOURS,
    }


def initials(person: User) -> str:
    """Two letters: of first and last name where there is a full name, else the first two of the username."""
    names = person.fullname.split()
    letters = names[0][0] + names[-1][0] if len(names) > 1 else person.username[:2]
    return letters.upper()
