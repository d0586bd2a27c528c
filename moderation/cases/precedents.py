"""Decided cases that are like an open one, and whether a decision departs from them (D6).

Alike is the cosine between the texts, less OTHER_CLAUSE for a case under another clause: such a one comes before a
case under the same clause only when it is clearly more alike. Looked at are the newest decided cases: SAME_CLAUSE of
the case's own clause, and OTHERS of all others.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.cases.models import Case, CaseReport, Decision
from moderation.cases.queries import cases, open_to
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.scoring.models import Embedding
from moderation.subjects.names import Name, name_of

SAME_CLAUSE, OTHERS = 2_000, 500
OTHER_CLAUSE = 0.15
# Looked through for those that the viewer may see.
NEAREST = 40
# Below that it is another matter; from ALIKE on it says how we decide such things.
LEAST, ALIKE = 0.3, 0.8
# So many of the precedents that are alike must agree before a decision can depart from them.
AGREEING = 3
_COLUMNS = ("pk", "clause_id", "vector")
# By how much what a verdict weighs must differ to be a departure.
MUCH = 2


@dataclass(frozen=True)
class Precedent:
    """A decided case with the decision that counts and its measures; `similarity` is the cosine, up to 1."""

    case: Case
    decision: Decision
    measures: list[Measure]
    similarity: float

    @property
    def how_similar(self) -> str:
        """The similarity in words."""
        if self.similarity >= 0.95:
            return _("nearly the same words")
        if self.similarity >= ALIKE:
            return _("very similar")
        return _("similar") if self.similarity >= 0.6 else _("somewhat similar")

    @property
    def name(self) -> Name:
        """What it was about, without the content; no query."""
        return name_of(self.case.subject)

    @property
    def severity(self) -> int:
        return severity_of(one.kind for one in self.measures)


@dataclass(frozen=True)
class Departure:
    """The precedents that agree with each other and that a verdict differs from."""

    precedents: list[Precedent]


def severity_of(kinds: Iterable[str]) -> int:
    """How much the strongest of the measures weighs; 0 for none."""
    return max((KINDS[kind].weight for kind in kinds), default=0)


def similar_decided(case: Case, viewer: User, n: int = 5) -> list[Precedent]:
    """The `n` decided cases most like `case` that `viewer` may see, most alike first; six queries.

    None for a case whose text was not read yet, or lies in quarantine.
    """
    return similar_decided_of([case], viewer, n)[case.pk]


def similar_decided_of(some: Sequence[Case], viewer: User, n: int = 5) -> dict[int, list[Precedent]]:
    """The same of each of `some`, by its id; as many queries for fifty as for one."""
    owns = _embeddings_of(some)
    near = _nearest([(case, owns[case.pk]) for case in some if case.pk in owns])
    keys = {key for found in near.values() for key in found}
    if not keys:
        return {case.pk: [] for case in some}
    rows = {row.pk: row for row in open_to(cases(), viewer).filter(pk__in=keys)}
    measures = Prefetch("measures", Measure.objects.order_by("pk"))
    decisions = Decision.objects.final().filter(case__in=keys).select_related("clause").order_by("pk")
    decisions = decisions.exclude(overturned=Decision.Overturned.WHOLLY)
    decided = {one.case_id: one for one in decisions.prefetch_related(measures)}
    return {
        case.pk: [
            Precedent(rows[key], decided[key], list(decided[key].measures.all()), similarity)
            for key, (_rank, similarity) in near.get(case.pk, {}).items()
            if key in rows and key in decided
        ][:n]
        for case in some
    }


def departs(outcome: str, kinds: Sequence[str], precedents: Sequence[Precedent]) -> Departure | None:
    """Whether a verdict differs from at least three precedents that are alike and agree; None when it does not.

    It differs by its outcome, or by measures much stronger or much milder than all of theirs.
    """
    alike = [one for one in precedents if one.similarity >= ALIKE]
    agreeing = max(
        ([one for one in alike if one.decision.outcome == value] for value in Decision.Outcome.values), key=len
    )
    if len(agreeing) < AGREEING:
        return None
    if agreeing[0].decision.outcome != outcome:
        return Departure(agreeing)
    chosen, theirs = severity_of(kinds), [one.severity for one in agreeing]
    stronger, milder = chosen - max(theirs) >= MUCH, min(theirs) - chosen >= MUCH
    return Departure(agreeing) if stronger or milder else None


def _read(rows: QuerySet[Case], model: str) -> QuerySet[Case, Any]:
    """Id, clause and vector of `rows`: that of the newest reported content which the same model read, or None."""
    path = "report__snapshot__embedding"
    newest = CaseReport.objects.filter(case=OuterRef("pk"), **{f"{path}__model": model}).order_by("-pk")
    return rows.annotate(vector=Subquery(newest.values(f"{path}__vector")[:1])).values_list(*_COLUMNS)


def _embeddings_of(some: Sequence[Case]) -> dict[int, Embedding]:
    """The vector of the newest reported content of each of the cases that has one, by the case's id; one query."""
    rows = Embedding.objects.filter(snapshot__reports__case_report__case__in=[case.pk for case in some])
    rows = rows.annotate(of_case=F("snapshot__reports__case_report__case"), by_report=F("snapshot__reports__pk"))
    newest = rows.order_by("of_case", "-by_report").distinct("of_case")
    return {one.of_case: one for one in newest}


def _nearest(some: Sequence[tuple[Case, Embedding]]) -> dict[int, dict[int, tuple[float, float]]]:
    """By the id of each case those of the nearest decided ones, nearest first, with rank and similarity; one query."""
    import numpy as np  # only where it is needed: pages without precedents load nothing heavy

    groups = list({(case.clause_id, own.model): None for case, own in some})
    if not groups:
        return {}
    decided = Case.objects.filter(kind=Case.Kind.REVIEW, state=Case.State.DECIDED).order_by("-decided_at", "-id")
    parts = []
    for number, (clause, model) in enumerate(groups):
        for part in (decided.filter(clause=clause)[:SAME_CLAUSE], decided.exclude(clause=clause)[:OTHERS]):
            parts.append(_read(part, model).annotate(number=Value(number)).values_list(*_COLUMNS, "number"))
    found: dict[int, list[tuple[int, int, bytes]]] = defaultdict(list)
    for key, clause, vector, number in parts[0].union(*parts[1:], all=True):
        if vector is not None:
            found[number].append((key, clause, bytes(vector)))
    nearest = {}
    for case, own in some:
        rows = found[groups.index((case.clause_id, own.model))]
        if not rows:
            continue
        matrix = np.frombuffer(b"".join(vector for *_row, vector in rows), dtype="<f2").astype(np.float32)
        cosines = matrix.reshape(len(rows), -1) @ np.frombuffer(own.vector, dtype="<f2").astype(np.float32)
        near = {
            key: (value - (OTHER_CLAUSE if clause != case.clause_id else 0), value)
            for (key, clause, _vector), value in zip(rows, cosines.tolist(), strict=True)
            if value >= LEAST and key != case.pk
        }
        keys = sorted(near, key=lambda key: -near[key][0])[:NEAREST]
        nearest[case.pk] = {key: near[key] for key in keys}
    return nearest
