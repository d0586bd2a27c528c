"""Lifting many measures in one go: what a rule, a clause or a decision about many got wrong (D4, E5)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import draft_letter, send_letters
from accounts.models import InboxMessage, User
from foundation.errors import Refused
from moderation.cases.actions.lift import nothing_left_to_review
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION
from moderation.cases.events import record
from moderation.cases.letters_of_lifting import by_person, list_of
from moderation.cases.models import Case, CaseReport, Confirmation, Decision, Party
from moderation.cases.naming import require_discreet
from moderation.cases.permissions import parts_in, require_impartial, require_team
from moderation.cases.stakes import stakes_of
from moderation.reports.models import Report
from moderation.sanctions.actions import lift_all
from moderation.sanctions.measures import DECIDED, KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.queries import EVERYTHING
from repositories.models import Repository

MOST_LIFTED = 1_000
# So many are one transaction: what is done stays done, whatever happens to the rest.
AT_ONCE = 100
TOGETHER = "measures.lifted"


@dataclass
class Lifted:
    """What became of it: measures that were lifted now, and by the public id of the others why not."""

    measures: list[Measure] = field(default_factory=list)
    obstacles: dict[uuid.UUID, Any] = field(default_factory=dict)


def lift_together(
    measures: Collection[uuid.UUID], *, reason: str, actor: User, request_id: uuid.UUID, naming: bool = False
) -> Lifted:
    """Undo each of these measures exactly, with what it brought along, and say so once on each case (E5, G1).

    Those that hold no more are passed over, and those that `actor` may not lift are said in `obstacles`. Not one
    transaction but one for each hundred: called again after a crash it goes on where it ended, and whoever is affected
    is told once for a `request_id` and the same measures. Raises Forbidden for all but the team, Refused for no reason,
    none or too many, and for words that give away who reported any of them: the same person may read them about
    another. `naming` confirms that a name in them may stay (C2).
    """
    require_team(actor)
    if len(reason.strip()) < SHORTEST_EXPLANATION:
        raise Refused(_("Say in a sentence why we lift them: people will read it."), code="invalid", status=400)
    if not measures:
        raise Refused(_("Nothing is left to lift."), code="empty", status=400)
    if len(measures) > MOST_LIFTED:
        words = _("Lift at most %(most)s measures at a time.")
        raise Refused(words % {"most": MOST_LIFTED}, code="too_many", status=400)
    done = Lifted()
    _require_discreet(measures, reason, naming)
    # What is left of a bulk is lifted under its id again, and is news to whom it affects.
    told_as = uuid.uuid5(request_id, " ".join(sorted(one.hex for one in set(measures))))
    for keys in _portions(measures):
        with transaction.atomic():
            _lift(keys, reason.strip(), actor, told_as, done)
    return done


def _require_discreet(measures: Collection[uuid.UUID], reason: str, naming: bool) -> None:
    """Raise what require_discreet raises for any case of these measures; five queries."""
    about = [f"subject__{path}" for path in EVERYTHING]
    cases = set[int]().union(*_cases_of(Measure.objects.filter(public_id__in=measures)).values())
    rows = list(Case.objects.filter(pk__in=cases).select_related(*about).order_by("pk"))
    keys = [row.pk for row in rows]
    reports: dict[int, list[Report]] = defaultdict(list)
    links = CaseReport.objects.filter(case__in=keys).select_related("report__reporter__guest", "report__sender")
    for link in links:
        reports[link.case_id].append(link.report)
    parties = set(Party.objects.filter(case__in=keys).values_list("case", flat=True))
    for row in rows:
        require_discreet(row, reason, confirmed=naming, reports=reports[row.pk], parties=row.pk in parties)


def standing_of_bulk(bulk: int) -> list[uuid.UUID]:
    """The measures of the decisions of a bulk, by its id, that stand."""
    rows = Measure.objects.standing().filter(decisions__bulk=bulk, decisions__undone_at=None, kind__in=DECIDED)
    return list(rows.order_by("pk").distinct().values_list("public_id", flat=True))


def _portions(measures: Collection[uuid.UUID]) -> Iterator[list[int]]:
    """Ids of those that stand, with what they brought along, in portions; those of one case are never parted."""
    chosen = Q(public_id__in=measures) | Q(part_of__public_id__in=measures)
    waiting = Confirmation.objects.filter(hold=OuterRef("pk")).values("decision__case")[:1]
    of_case = Coalesce(Max("decisions__case"), Subquery(waiting), output_field=BigIntegerField())
    rows = Measure.objects.standing().filter(chosen, kind__in=DECIDED).annotate(case=of_case)
    portion: list[int] = []
    last = None
    for key, case in rows.order_by("case", "pk").values_list("pk", "case"):
        if len(portion) >= AT_ONCE and case != last:
            yield portion
            portion = []
        portion.append(key)
        last = case
    if portion:
        yield portion


def _lift(keys: Sequence[int], reason: str, actor: User, told_as: uuid.UUID, done: Lifted) -> None:
    about = [f"subject__{path}" for path in EVERYTHING]
    of_measure = _cases_of(keys)
    locked = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", *about)
    rows = {row.pk: row for row in locked.filter(pk__in=set[int]().union(*of_measure.values())).order_by("pk")}
    barred = _barred(rows.values(), actor)
    kinds = dict(Measure.objects.filter(pk__in=keys).values_list("pk", "kind"))
    allowed = {kind for kind in set(kinds.values()) if actor.has_perm(KINDS[kind].permission)}
    mine = [key for key in keys if kinds[key] in allowed]
    free = [key for key in mine if of_measure[key] and not of_measure[key] & set(barred)]
    for key, public_id in Measure.objects.filter(pk__in=set(keys) - set(free)).values_list("pk", "public_id"):
        why = next((barred[one] for one in of_measure[key] if one in barred), "")
        done.obstacles[public_id] = why if key in mine else _("Only people who may take this measure can lift it.")
    homes = {home.pk for row in rows.values() if (home := row.subject.home) is not None}
    list(Repository.objects.select_for_update(no_key=True).filter(pk__in=homes).order_by("pk").values_list("pk"))
    lifted = lift_all(free, reason=reason, actor=actor)
    by_case: dict[int, list[Measure]] = defaultdict(list)
    for measure in lifted:
        for case in of_measure[measure.pk]:
            by_case[case].append(measure)
    for case, found in sorted(by_case.items()):
        data = {"measures": [one.public_id.hex for one in found], "kinds": [one.kind for one in found]}
        record(rows[case], TOGETHER, actor=actor, data=data, text=reason, at=found[0].lifted_at, seals=found)
        nothing_left_to_review(rows[case])
    send_letters(_letters(lifted, reason, told_as), actor=actor)
    done.measures += lifted


def _cases_of(measures: Collection[int] | QuerySet[Measure]) -> dict[int, set[int]]:
    """By the ids of these measures those of the cases that took them, or hold until a second one agrees (D1).

    Two queries.
    """
    found: dict[int, set[int]] = defaultdict(set)
    taken = Decision.measures.through.objects.filter(measure__in=measures).values_list("measure", "decision__case")
    held = Confirmation.objects.filter(hold__in=measures).values_list("hold", "decision__case")
    for key, case in [*taken, *held]:
        found[key].add(case)
    return found


def _barred(rows: Iterable[Case], actor: User) -> dict[int, Any]:
    """By the id of a case why `actor` lifts nothing of it; two queries."""
    found = list(rows)
    own, parts = stakes_of(actor), parts_in(found, actor)
    why = {}
    for row in found:
        try:
            require_impartial(row, actor, own, part=parts[row.pk])
        except Refused as refusal:
            why[row.pk] = refusal.message
    return why


def _letters(lifted: Sequence[Measure], reason: str, told_as: uuid.UUID) -> list[InboxMessage]:
    """To everybody affected, in their language; who got it from an earlier portion gets no other."""
    letters = []
    for person, theirs in by_person(lifted):
        with translation.override(person.language):
            after = dict.fromkeys(KINDS[one.kind].after_lifting(one) for one in theirs)
            words = _("This holds no more:\n\n%(measures)s\n\n%(after)s\n\n> %(reason)s")
            said = {
                "measures": list_of(theirs),
                "after": " ".join(after),
                "reason": reason.replace("\n", "\n> "),
            }
            letters.append(
                draft_letter(
                    person,
                    key=f"lifted-together:{told_as}",
                    subject=_("We lifted measures"),
                    body=words % said,
                    link="/standing",
                    link_label=_("How you stand now"),
                )
            )
    return letters
