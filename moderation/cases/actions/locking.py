"""Taking hold of a case before something is done about it, apart from deciding."""

from functools import cache
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.asking import ask
from foundation.compiled import Compiled
from foundation.errors import Refused
from moderation.cases.actions.free import require_free
from moderation.cases.models import Case
from moderation.cases.permissions import require_decide
from moderation.cases.stakes import Stakes
from moderation.policy.models import Clause
from moderation.policy.queries import clause_in_force
from moderation.subjects.models import Subject
from moderation.subjects.queries import same_words


def lock_case(case: Case) -> Case:
    """The row of `case` with clause, lane and subject, locked until the transaction ends. Raises DoesNotExist."""
    row = _locked.first(case.pk)
    if row is None:
        raise Case.DoesNotExist
    return row


def lock_row(case: Case) -> Case:
    """The same row without clause, lane and subject, which are read when they are asked for."""
    row = _locked_alone.first(case.pk)
    if row is None:
        raise Case.DoesNotExist
    return row


class NoSuchClause(Refused):
    """No clause in force has the code that was named."""

    code, status = "no_such_clause", 400


def lock_by_id(public_id: UUID, stakes: Stakes, clause: str = "") -> tuple[Case, Clause | None]:
    """The same row for somebody with these stakes; raises the same 404 for a missing case and one they are barred from.

    A program names its case by this id and a `clause` in force by its code: one query finds and locks the case, and
    finds the clause with its lane. Raises NoSuchClause for a code of none.
    """
    case, named = _locked_by_id.part(public_id), clause_in_force.part(clause)
    found = next(iter(ask(_both(case.sql, named.sql), [*case.values, *named.values])), None)
    row = next(case.read([found[: case.width]])) if found else None
    if found is None or row is None or stakes.bar(row):
        raise Refused(_("There is no such case."), code="not_found", status=404)
    about = found[case.width :]
    if about[0] is not None:
        return row, next(named.read([about]))
    if clause:
        raise NoSuchClause(_("There is no such clause."))
    return row, None


@cache
def _both(case: str, named: str) -> str:
    return f"SELECT * FROM ({case}) locked LEFT JOIN ({named}) named ON true"  # noqa: S608 - ours


@Compiled
def _locked_by_id(public_id: UUID) -> QuerySet[Case]:
    return Case.objects.select_for_update().filter(public_id=public_id)


@Compiled
def _locked_alone(key: int) -> QuerySet[Case]:
    return Case.objects.select_for_update().filter(pk=key)


@Compiled
def _locked(key: int) -> QuerySet[Case]:
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    return rows.filter(pk=key)


def lock_newest(subject: Subject) -> Case | None:
    """The newest case of `subject`, else of what has the same words, locked with the newest of the other.

    Whoever destroys what is about it, or keeps it for the law, holds these before anything else.
    """
    cases = Case.objects.filter(subject__in=same_words(subject))
    newest = list(cases.order_by("subject", "-pk").distinct("subject").values_list("pk", flat=True))
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=newest).order_by("pk")
    return max(rows, key=lambda row: (row.subject_id == subject.pk, row.pk), default=None)


def lock_to_work(case: Case, actor: User) -> Case:
    """The locked row of an open review that `actor` may decide. Raises Forbidden, ClaimedByOther, or Refused."""
    row = lock_case(case)
    if row.kind != Case.Kind.REVIEW:
        raise Refused(_("An appeal is answered on its own page."), code="appeal")
    require_decide(row, actor)
    if row.state != Case.State.OPEN:
        raise Refused(_("This case was decided meanwhile."), code="decided")
    require_free(row, actor)
    return row
