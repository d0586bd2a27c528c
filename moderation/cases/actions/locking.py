"""Taking hold of a case before something is done about it, apart from deciding."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions.claims import ClaimedByOther
from moderation.cases.models import Case
from moderation.cases.permissions import require_decide


def lock_case(case: Case) -> Case:
    """The row of `case`, locked until the transaction ends."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("clause", "lane", "subject")
    return rows.get(pk=case.pk)


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
