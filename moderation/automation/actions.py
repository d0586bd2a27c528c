"""Switching rules."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Forbidden
from moderation.automation.models import Rule


@transaction.atomic
def switch_rule(rule: Rule, mode: str, *, actor: User) -> Rule:
    """Set a rule's mode (I2). Raises Forbidden unless `actor` may switch rules live."""
    if not (actor.is_system or actor.has_perm("automation.switch_live")):
        raise Forbidden(_("You may not switch rules."))
    row = Rule.objects.select_for_update().get(pk=rule.pk)
    row.mode = Rule.Mode(mode)
    row.save(update_fields=["mode"])
    return row
