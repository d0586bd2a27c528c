"""The team opens what an owner keeps to few, for a reason that the owner reads (A2)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import people_told_about
from accounts.zones import zone_of
from foundation import clock
from foundation.errors import Forbidden, Refused
from foundation.templatetags.foundation import exact
from foundation.text import clean_text
from repositories.access import access, not_found
from repositories.models import Inspection, Repository

LASTS = timedelta(hours=4)
SHORTEST_REASON, LONGEST_REASON = 10, 2_000


@transaction.atomic
def inspect(repository: Repository, *, reason: str, actor: User) -> Inspection:
    """Let `actor` see and read the repository for four hours, and tell its owner why (A2).

    While one is open for `actor`, it is returned as it is: its end and its reason do not change. Raises Forbidden
    unless `actor` is in the team, Refused for a reason of less than 10 characters, and where `actor` has the files
    anyway; ValidationError for a reason that cannot be kept.
    """
    if not actor.is_team:
        raise Forbidden(gettext_lazy("Only the team can open what an owner keeps to few."))
    reason = clean_text(reason, longest=LONGEST_REASON)
    if len(reason) < SHORTEST_REASON:
        raise Refused(gettext_lazy("Give a reason of 10 characters or more: the owner reads it."), code="reason")
    row = (
        Repository.objects.select_for_update(no_key=True, of=("self",))
        .select_related("namespace")
        .get(pk=repository.pk)
    )
    if row.deleted_at is not None:
        raise not_found()
    found = access(row, actor)
    if found.inspection is not None:
        return found.inspection
    if found.files:
        raise Refused(gettext_lazy("You see this repository and its files already."), code="open")
    moment = clock.now()
    inspection = Inspection.objects.create(
        repository=row, moderator=actor, reason=reason, starts_at=moment, ends_at=moment + LASTS
    )
    for person in people_told_about(row.namespace):
        _tell(person, row, inspection, actor)
    return inspection


@transaction.atomic
def close_inspection(repository: Repository, *, actor: User) -> None:
    """End what `actor` has open of this repository now; where nothing is open, nothing changes."""
    Repository.objects.select_for_update(no_key=True, of=("self",)).values_list("pk").get(pk=repository.pk)
    Inspection.objects.open().filter(repository=repository.pk, moderator=actor).update(ends_at=clock.now())


def _tell(person: User, row: Repository, inspection: Inspection, actor: User) -> None:
    """In the person's language; the moderator's own words stay as they are."""
    with translation.override(person.language), timezone.override(zone_of(person)):
        body = _(
            "A member of our team opened %(name)s, which you do not show to everybody. They can look at it and its "
            "files until %(end)s and change nothing. The reason:"
        )
        quoted = "> " + inspection.reason.replace("\n", "\n> ")
        write_to(
            person,
            key=f"inspection:{inspection.public_id}",
            subject=_("We opened %(name)s to look at it") % {"name": row.full_name},
            body=f"{body % {'name': row.full_name, 'end': exact(inspection.ends_at)}}\n\n{quoted}",
            link=f"{row.get_absolute_url()}/settings/inspections",
            link_label=_("What the team opened"),
            actor=actor,
        )
