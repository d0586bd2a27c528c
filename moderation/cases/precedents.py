"""Decided cases that are like an open one, and whether a decision departs from them (D6).

Alike is the cosine between the texts, less OTHER_CLAUSE for a case under another clause: such a one comes before a
case under the same clause only when it is clearly more alike. Looked at are the newest decided cases: SAME_CLAUSE of
the case's own clause, and OTHERS of all others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.cases.models import Case, CaseReport, Decision
from moderation.cases.queries import cases, open_to
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.scoring.models import Embedding

SAME_CLAUSE, OTHERS = 2_000, 500
OTHER_CLAUSE = 0.15
# Looked through for those that the viewer may see.
NEAREST = 40
# Below that it is another matter; from ALIKE on it says how we decide such things.
LEAST, ALIKE = 0.3, 0.8
# So many of the precedents that are alike must agree before a decision can depart from them.
AGREEING = 3
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
    """The `n` decided cases most like `case` that `viewer` may see, most alike first; five queries.

    None for a case whose text was not read yet, or lies in quarantine.
    """
    reported = Embedding.objects.filter(snapshot__reports__case_report__case=case)
    own = reported.order_by("-snapshot__reports__pk").first()
    near = _nearest(case, own) if own else {}
    rows = open_to(cases(), viewer).filter(pk__in=list(near))
    measures = Prefetch("measures", Measure.objects.order_by("pk"))
    decisions = Decision.objects.final().filter(case__in=list(near)).select_related("clause").order_by("pk")
    decisions = decisions.exclude(overturned=Decision.Overturned.WHOLLY)
    decided = {one.case_id: one for one in decisions.prefetch_related(measures)}
    found = [
        Precedent(row, decided[row.pk], list(decided[row.pk].measures.all()), near[row.pk][1])
        for row in rows
        if row.pk in decided
    ]
    return sorted(found, key=lambda one: -near[one.case.pk][0])[:n]


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
    return rows.annotate(vector=Subquery(newest.values(f"{path}__vector")[:1])).values_list("pk", "clause_id", "vector")


def _nearest(case: Case, own: Embedding) -> dict[int, tuple[float, float]]:
    """Id of each of the nearest decided cases to its rank and its similarity; one query."""
    import numpy as np  # only where it is needed: pages without precedents load nothing heavy

    decided = Case.objects.filter(kind=Case.Kind.REVIEW, state=Case.State.DECIDED).exclude(pk=case.pk)
    newest = decided.order_by("-decided_at", "-id")
    same = _read(newest.filter(clause=case.clause_id)[:SAME_CLAUSE], own.model)
    others = _read(newest.exclude(clause=case.clause_id)[:OTHERS], own.model)
    rows = [(key, clause, bytes(vector)) for key, clause, vector in same.union(others, all=True) if vector is not None]
    if not rows:
        return {}
    matrix = np.frombuffer(b"".join(vector for _key, _clause, vector in rows), dtype="<f2").astype(np.float32)
    cosines = matrix.reshape(len(rows), -1) @ np.frombuffer(own.vector, dtype="<f2").astype(np.float32)
    found = {
        key: (value - (OTHER_CLAUSE if clause != case.clause_id else 0), value)
        for (key, clause, _vector), value in zip(rows, cosines.tolist(), strict=True)
        if value >= LEAST
    }
    nearest = sorted(found, key=lambda key: -found[key][0])[:NEAREST]
    return {key: found[key] for key in nearest}
