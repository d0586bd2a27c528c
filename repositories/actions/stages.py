"""Storing what the dates of a release brought about (A7). What holds is right without it: see repositories.release."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import people_told_about, system_actor
from accounts.zones import zone_of
from foundation import changes
from foundation.clock import Now
from foundation.templatetags.foundation import exact
from repositories.listing import update_listing
from repositories.models import Repository, Stage
from repositories.release import choices_of, standing

logger = logging.getLogger(__name__)


def store_due_stages() -> int:
    """Store the stages whose date has passed; returns of how many repositories. Twice changes nothing more."""
    count = 0
    for key in list(Repository.objects.filter(stage_due_at__lte=Now()).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                count += _store(key)
        except Exception:  # one must not hold up the others, and the next sweep finds it again
            logger.exception("The stages of repository %s could not be stored.", key)
    return count


def hold(row: Repository) -> None:
    """Let a repository whose row the caller holds locked be as open as the widest stage that was reached (A7).

    What a date brought about is stored with the moment of that date, and its owner hears of it.
    """
    holding = standing(row)
    if holding is None:
        return
    stages = Stage.objects.filter(repository=row)
    passed = stages.filter(position__lte=holding.position, reached_at=None, starts_at__lte=Now())
    passed.update(reached_at=F("starts_at"))
    # A narrower one that nobody began is over: its date must not come into force after somebody narrows.
    stages.filter(position__lt=holding.position, reached_at=None).update(starts_at=None)
    ahead = stages.filter(position__gt=holding.position, reached_at=None, starts_at__isnull=False)
    before = row.visibility, row.gating
    row.visibility, row.gating = choices_of(holding)
    row.stage_due_at = ahead.order_by("starts_at").values_list("starts_at", flat=True).first()
    row.save(update_fields=["visibility", "gating", "stage_due_at"])
    update_listing(row)
    if (row.visibility, row.gating) != before:
        changes.tell("repository.changed", row.pk, actor_id=None)
    if holding.reached_at is None and holding.starts_at is not None:
        for person in people_told_about(row.namespace):
            _tell(person, row, holding, holding.starts_at)


def _store(key: int) -> int:
    rows = Repository.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).select_related("namespace")
    row = rows.filter(pk=key, stage_due_at__lte=Now()).first()
    if row is None:  # somebody else stores it, or did
        return 0
    hold(row)
    return 1


def _tell(person: User, row: Repository, stage: Stage, at: datetime) -> None:
    with translation.override(person.language), timezone.override(zone_of(person)):
        parts = {"name": row.full_name, "step": stage.get_kind_display(), "at": exact(at)}
        write_to(
            person,
            key=f"stage:{row.public_id}:{stage.kind}:{at.isoformat()}",
            subject=_("The next step of your release began: %(name)s") % parts,
            body=_(
                "As you planned, the step “%(step)s” of the release of %(name)s began on %(at)s.\n\n"
                "You can go back to an earlier step at any time, and change the steps that are still to come."
            )
            % parts,
            link=f"{row.get_absolute_url()}/settings/release",
            link_label=_("The release"),
            actor=system_actor(),
        )
