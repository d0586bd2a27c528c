"""Taking hold of a case before something is done about it, apart from deciding."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.compiled import Compiled
from foundation.errors import Refused
from moderation.cases.actions.claims import ClaimedByOther
from moderation.cases.models import Case
from moderation.cases.permissions import require_decide


def lock_case(case: Case) -> Case:
    """The row of `case` with clause, lane and subject, locked until the transaction ends. Raises DoesNotExist."""
    row = _locked.first(case.pk)
    if row is None:
        raise Case.DoesNotExist
    return row


@Compiled
def _locked(key: int) -> QuerySet[Case]:
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    return rows.filter(pk=key)


def take_over(case: Case, row: Case) -> None:
    """Let `case` say what its locked row says now: what refresh_from_db does, without a query."""
    for field in Case._meta.concrete_fields:
        setattr(case, field.attname, getattr(row, field.attname))


def lock_to_work(case: Case, actor: User) -> Case:
    """The locked row of an open review that `actor` may decide. Raises Forbidden, ClaimedByOther, or Refused."""
    row = lock_case(case)
    if row.kind != Case.Kind.REVIEW:
        raise Refused(_("An appeal is answered on its own page."), code="appeal")
    require_decide(row, actor)
    if row.state != Case.State.OPEN:
        raise Refused(_("This case was decided meanwhile."), code="decided")
    held = row.assignee_id and row.lease_until and row.lease_until > clock.now()
    if held and row.assignee_id != actor.pk:
        raise ClaimedByOther(row)
    return row
