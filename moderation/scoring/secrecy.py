"""Who sees exact scores, thresholds, and how good classifiers are (H6).

Moderators do, unless an administrator takes the permission from their group; everybody else of the team is told in
words whether something was flagged. Terms, hashes and concepts have a permission of their own, `scoring.see_terms`.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.errors import Forbidden

SEE_THRESHOLDS = "scoring.see_thresholds"


def sees_thresholds(person: Any) -> bool:
    """Whether `person` may see exact scores and thresholds; no query where what they may do is known."""
    return bool(person.is_active and (person.is_system or person.has_perm(SEE_THRESHOLDS)))


def require_thresholds(person: Any) -> None:
    """Raise Forbidden for everybody who may not see exact scores and thresholds."""
    if not sees_thresholds(person):
        raise Forbidden(_("You may not see scores and thresholds. Ask an administrator for it if you need them."))
