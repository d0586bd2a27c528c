"""Writing and switching rules: who may, when one has earned it to be live, and what takes it back (I2)."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.automation.definition import faults_of
from moderation.automation.models import Rule, RuleRun, RuleSwitch
from moderation.automation.record import Record, record_of
from moderation.scoring.secrecy import require_thresholds

SWITCH, WRITE = "automation.switch_live", "automation.change_rule"
# What a rule is: whoever changes one of these has another rule, whose record begins anew.
CONDITIONS = ("subject_kinds", "clauses", "conditions", "clause", "measure")
# What it takes to be live: whoever could change that could let any rule act.
LIVE = ("floor", "enough", "hourly_limit")


@transaction.atomic
def switch_rule(rule: Rule, mode: str, *, actor: User) -> Rule:
    """Set a rule's mode (I2).

    Raises Forbidden unless `actor` may switch rules, Refused for live while its record does not suffice.
    """
    if not (actor.is_system or actor.has_perm(SWITCH)):
        raise Forbidden(gettext_lazy("You may not switch rules."))
    row = Rule.objects.select_for_update().get(pk=rule.pk)
    # An import brings along what was earned elsewhere.
    if mode == Rule.Mode.LIVE and row.mode != Rule.Mode.LIVE and not clock.is_importing():
        require_earned(row)
    return _set(row, mode, RuleSwitch.Reason.PERSON, actor)


@transaction.atomic
def write_rule(rule: Rule, *, actor: User) -> Rule:
    """Save a new `rule`; it starts in shadow (I2).

    Raises Forbidden unless `actor` may write rules; Refused (400) for one that could not act, see definition.py, and
    for a code that is taken.
    """
    _require_writer(actor)
    _require_sound(rule)
    require_seeing(rule, actor)
    if Rule.objects.filter(code=rule.code).exists():
        raise Refused(gettext_lazy("There is a rule with this code. Choose another one."), code="taken", status=400)
    rule.mode = Rule.Mode.SHADOW
    rule.since = clock.now()
    rule.save()
    return rule


@transaction.atomic
def change_rule(rule: Rule, changed: Collection[str], *, actor: User) -> Rule:
    """Save what was `changed` of a rule, names of its fields (not its mode); a live one goes back to shadow (I2).

    With other CONDITIONS it is another rule: its record begins now. Raises Forbidden unless `actor` may write rules,
    and switch them for what it takes to be LIVE; Refused (400) for one that could not act.
    """
    _require_writer(actor)
    if not set(changed).isdisjoint(LIVE) and not actor.has_perm(SWITCH):
        raise Forbidden(gettext_lazy("What it takes to be live is set by those who may switch rules."))
    _require_sound(rule)
    if "conditions" in changed:
        require_seeing(rule, actor)
    row = Rule.objects.select_for_update().get(pk=rule.pk)
    for name in changed:
        setattr(row, name, getattr(rule, name))
    if not set(changed).isdisjoint(CONDITIONS):
        row.since = clock.now()
        if row.mode == Rule.Mode.LIVE:
            _set(row, Rule.Mode.SHADOW, RuleSwitch.Reason.CHANGED, actor)
    row.save()
    return row


def differing(rule: Rule, values: Mapping[str, Any]) -> list[str]:
    """The names of those `values` that `rule` does not have yet; of lists of codes the order says nothing."""

    def same(old: Any, new: Any) -> bool:
        return set(old) == set(new) if isinstance(old, list) and isinstance(new, list) else bool(old == new)

    return [name for name, value in values.items() if not same(getattr(rule, name), value)]


def _require_writer(actor: User) -> None:
    if not (actor.is_system or actor.has_perm(WRITE)):
        raise Forbidden(gettext_lazy("You may not write rules."))


def require_seeing(rule: Rule, person: User) -> None:
    """Raise Forbidden where `rule` compares a score with a number, unless `person` may see scores (H6).

    Whoever tries numbers learns the scores from which cases are left.
    """
    if rule.read.exact:
        require_thresholds(person)


def _require_sound(rule: Rule) -> None:
    names = ("subject_kinds", "clauses", "conditions", "clause", "measure", "lasts")
    for fault in faults_of({name: getattr(rule, name) for name in names}).values():
        raise Refused(" ".join(fault.messages), code="unsound", status=400)


def require_earned(rule: Rule) -> None:
    """Raise Refused, with what is missing, unless the record of `rule` lets it act."""
    record = record_of(rule)
    if record.decided < rule.enough:
        message = gettext_lazy(
            "People decided about %(decided)s of its runs so far; it takes %(enough)s before it may go live."
        )
        raise Refused(message % {"decided": record.decided, "enough": rule.enough}, code="not_proven")
    if not record.suffices(rule):
        message = gettext_lazy(
            "People agreed with %(agreed)s of %(decided)s of its runs; it takes %(floor)s %% before it may go live."
        )
        shares = {"agreed": record.agreed, "decided": record.decided, "floor": rule.floor_percent}
        raise Refused(message % shares, code="not_precise")


def held_back(rule: Rule) -> RuleSwitch.Reason | None:
    """Why a live `rule`, whose row the caller holds locked, must not act any more; None while it may. Two queries."""
    acted = RuleRun.objects.filter(rule=rule, decision__isnull=False, ran_at__gt=clock.now() - timedelta(hours=1))
    if acted.count() >= rule.hourly_limit:
        return RuleSwitch.Reason.LIMIT
    return RuleSwitch.Reason.PRECISION if _fell(rule, record_of(rule)) else None


def take_back(rule: Rule, reason: RuleSwitch.Reason) -> Rule:
    """Let a live rule only watch again, in the caller's transaction, and tell those who may switch it."""
    system = system_actor()
    _set(rule, Rule.Mode.SHADOW, reason, system)
    number = rule.switches.count()
    for person in User.objects.with_perm(SWITCH, backend=settings.AUTHENTICATION_BACKENDS[0]):
        with translation.override(person.language):
            body = gettext("It only watches now, because of this: %(reason)s. Look at what it did, and switch it live "
                           "again when you are sure of it.")  # fmt: skip
            write_to(
                person,
                key=f"rule:{rule.public_id}:{number}",
                subject=gettext("The rule “%(rule)s” went back to shadow") % {"rule": gettext(rule.title)},
                body=body % {"reason": reason.label},
                link=reverse("automation:rule", args=[rule.public_id]),
                link_label=gettext("The rule"),
                actor=system,
            )
    return rule


def watch_rules() -> int:
    """Take back every live rule that people agree with too seldom; returns how many (I2)."""
    count = 0
    for key in Rule.objects.filter(mode=Rule.Mode.LIVE).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            rule = Rule.objects.select_for_update().filter(pk=key, mode=Rule.Mode.LIVE).first()
            if rule is not None and _fell(rule, record_of(rule)):
                take_back(rule, RuleSwitch.Reason.PRECISION)
                count += 1
    return count


def _fell(rule: Rule, record: Record) -> bool:
    return record.decided >= rule.enough and not record.suffices(rule)


def _set(rule: Rule, mode: str, reason: RuleSwitch.Reason, actor: User) -> Rule:
    if rule.mode != mode:
        rule.mode = Rule.Mode(mode)
        rule.save(update_fields=["mode"])
        RuleSwitch.objects.create(rule=rule, mode=mode, reason=reason, actor=actor)
    return rule
