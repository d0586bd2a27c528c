from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import changes
from foundation.errors import Refused
from repositories.access import require_manage
from repositories.actions.release import end_plan
from repositories.actions.stages import hold
from repositories.listing import update_listing
from repositories.models import Gating, Repository, Stage, Visibility


@transaction.atomic
def change_settings(
    repository: Repository,
    *,
    actor: User,
    visibility: str | None = None,
    gating: str | None = None,
    ends_release: bool = False,
) -> Repository:
    """What the owner chooses: visibility and gating (A2).

    A choice that differs from what the plan of a release brought about ends that plan, which the owner has to say
    knowingly with `ends_release` (A7). Raises Forbidden unless `actor` manages the repository, Refused for such a
    choice without it.
    """
    row = (
        Repository.objects.select_for_update(no_key=True, of=("self",))
        .select_related("namespace")
        .get(pk=repository.pk)
    )
    require_manage(row, actor)
    hold(row)
    before = row.visibility, row.gating
    chosen = Visibility(visibility or row.visibility), Gating(gating or row.gating)
    if chosen != before and Stage.objects.filter(repository=row).exists():
        if not ends_release:
            message = _("A release in stages is under way: change its steps, or end it, on its page in the settings.")
            raise Refused(message, code="release")
        end_plan(row)
    row.visibility, row.gating = chosen
    row.save(update_fields=["visibility", "gating"])
    update_listing(row)
    if chosen != before:
        changes.tell("repository.changed", row.pk, actor_id=actor.pk)
    repository.refresh_from_db()
    return repository
