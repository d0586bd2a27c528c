"""Who may hear what happens: asked of the database for all open streams at once, whatever their number."""

import uuid
from collections.abc import Collection, Iterable

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from moderation.cases.models import Case
from moderation.cases.queries import open_to


def people_of(sessions: Collection[str]) -> dict[str, User]:
    """The members of the team behind those of `sessions` (their keys) that hold now; two queries.

    Unlike a page, asking changes nothing: a session that does not hold is left to the next page to end.
    """
    rows = Session.objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    store = SessionStore()
    contents = {row.session_key: store.decode(row.session_data) for row in rows}
    ids = {str(content[SESSION_KEY]) for content in contents.values() if SESSION_KEY in content}
    team = User.objects.with_perm("cases.view_queue", backend=settings.AUTHENTICATION_BACKENDS[0])
    people = {str(person.pk): person for person in team.filter(pk__in=ids)}
    found = {key: (people.get(str(content.get(SESSION_KEY))), content) for key, content in contents.items()}
    return {key: person for key, (person, content) in found.items() if person and _holds(person, content)}


def case_for(public_id: uuid.UUID, person: User) -> tuple[int, int] | None:
    """Primary key and version of the case, when `person` may see it."""
    rows = open_to(Case.objects.all(), person).filter(public_id=public_id)
    return rows.values_list("pk", "version").first()


def seen_by(cases: Iterable[int], person: User) -> set[int]:
    """Those of `cases` (primary keys) that `person` may see; one query."""
    return set(open_to(Case.objects.filter(pk__in=cases), person).values_list("pk", flat=True))


def _holds(person: User, session: dict[str, str]) -> bool:
    """Whether the password is still that of the session: changing it ends every other session."""
    sealed = session.get(HASH_SESSION_KEY, "")
    valid = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(sealed, one) for one in valid)
