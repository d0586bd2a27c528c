"""A matter described in public in our words, where publicity of a report would do harm (C2; clauses.md, `triage`)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import system_actor
from community.actions import open_discussion
from community.models import Discussion
from foundation.errors import Refused
from moderation.cases.actions.locking import lock_to_work
from moderation.cases.events import record, words
from moderation.cases.feedback import PUBLISHED
from moderation.cases.models import Case, Event, Party
from moderation.cases.naming import names_in
from moderation.policy.models import Clause

SHORTEST, LONGEST = 10, 5_000


def can_be_summed_up(case: Case) -> bool:
    """Whether `case` is about a public repository under a clause that wants our words after triage, and has none yet.

    One query where all of that holds, none elsewhere.
    """
    repository = case.subject.repository
    if repository is None or case.kind != Case.Kind.REVIEW or case.state != Case.State.OPEN:
        return False
    asked = case.clause.publicity == Clause.Publicity.TRIAGE
    return repository.is_public and asked and not case.events.filter(kind=PUBLISHED).exists()


def published_by(case: Case, request_id: UUID | None) -> Event | None:
    """The event of the summary of `case` that this request published; one query where there is an id."""
    if request_id is None:
        return None
    return case.events.filter(kind=PUBLISHED, data__request=request_id.hex).first()


@transaction.atomic
def publish_summary(case: Case, *, text: str, actor: User, request_id: UUID | None = None) -> Discussion:
    """Open a public discussion in the repository of `case` that says in our words what we look at; once.

    Its answers reach the case, as those to a measure do. A `request_id` that is repeated returns the discussion that it
    opened. Raises Forbidden, ClaimedByOther, or Refused: for a case that has none of it, for words that are missing,
    for those that name a reporter or a party, and for other words under the same id.
    """
    row = lock_to_work(case, actor)
    if (before := published_by(row, request_id)) is not None:
        if words(before) != text:
            raise Refused(_("This request was sent before with other words. Use a new key."), code="sent")
        return Discussion.objects.select_related("repository__namespace").get(public_id=before.data["discussion"])
    if not can_be_summed_up(row):
        raise Refused(_("This case is not described in public."), code="not_public")
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise Refused(_("Write a few words, at most 5,000 characters."), code="invalid", status=400)
    if names := names_in(Party(case=row), text):
        said = _("Your words name somebody who reported this or takes part in it: %(names)s. In public we name nobody.")
        raise Refused(said % {"names": ", ".join(names)}, code="names_somebody", status=422)
    repository = row.subject.repository
    assert repository is not None
    discussion = open_discussion(
        repository,
        title=_("What our team looks at here"),
        text=f"{text.strip()}\n\n{_('What do you think? Answers here reach the team.')}",
        actor=system_actor(),
        origin=Discussion.Origin.TEAM,
    )
    data = {"discussion": discussion.public_id.hex} | ({"request": request_id.hex} if request_id else {})
    record(row, PUBLISHED, actor=actor, data=data, text=text)
    case.refresh_from_db()
    return discussion
