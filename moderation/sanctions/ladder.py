"""The ladder is advice (F4): which sanction the history of a person suggests, and why, in a sentence. Pure functions.

A strike is a violation that one of us decided and that stands. It counts fully for RECENT, a little for KEPT, and then
no more. What does serious harm begins a step higher, and so does what comes again after the limit was said to be
reached, or after a ban.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from moderation.sanctions.measures import KINDS, MeasureKind

RECENT, KEPT = timedelta(days=30), timedelta(days=180)
# Severities of clauses, from 1 to 5: from which on something does serious harm, and up to which it only disturbs.
SERIOUS, SLIGHT = 4, 2
# What is suggested on each step: of several kinds the first that the registry names.
STEPS: tuple[MeasureKind, ...] = tuple(
    kind for _step, kind in sorted({one.step: one for one in reversed(KINDS.values()) if one.step is not None}.items())
)
_BANS = frozenset(kind.code for kind in KINDS.values() if kind.step is not None and kind.lasts)
_LIMIT = STEPS[1].code


@dataclass(frozen=True)
class Strike:
    """A violation that stands: when it was decided, how severe its clause is, and which measures followed."""

    at: datetime
    severity: int
    measures: Sequence[str] = ()


@dataclass(frozen=True)
class Suggestion:
    """The sanction that the history suggests; `number` counts this one among those within `days`."""

    kind: MeasureKind
    number: int
    days: int
    serious: bool
    after_ban: bool
    after_limit: bool

    @property
    def sentence(self) -> str:
        """Why, in the active language."""
        known = {
            1: _("The first within %(days)s days."),
            2: _("The second within %(days)s days."),
            3: _("The third within %(days)s days."),
        }
        pattern = known.get(self.number) or _("Number %(number)s within %(days)s days.")
        parts = [pattern % {"number": self.number, "days": self.days}]
        if self.serious:
            parts.append(_("It does serious harm."))
        if self.after_ban:
            parts.append(_("It comes again after a ban."))
        elif self.after_limit:
            parts.append(_("It comes again after we said that the limit is reached."))
        return " ".join(parts)


def suggest(strikes: Sequence[Strike], *, severity: int, now: datetime) -> Suggestion:
    """What to choose for somebody with these `strikes` who breaks a clause of this `severity` at `now`."""
    kept = [one for one in strikes if now - KEPT < one.at <= now]
    recent = [one for one in kept if one.at > now - RECENT]
    serious = severity >= SERIOUS
    after_ban = any(not _BANS.isdisjoint(one.measures) for one in recent)
    after_limit = any(_LIMIT in one.measures for one in recent)
    step = len(recent)
    if not recent and kept and severity > SLIGHT:
        step = 1
    if serious or after_ban or after_limit:
        step = max(step, 1) + (1 if (kept and serious) or after_ban or after_limit else 0)
    among, days = (recent, RECENT.days) if recent else (kept, KEPT.days)
    return Suggestion(STEPS[min(step, len(STEPS) - 1)], len(among) + 1, days, serious, after_ban, after_limit)


def follows(suggestion: Suggestion, kinds: Sequence[str]) -> bool:
    """Whether the measures `kinds` hold no sanction of another step than the suggested one; none is no departure."""
    chosen = {KINDS[kind].step for kind in kinds if kind in KINDS} - {None}
    return chosen <= {suggestion.kind.step}
