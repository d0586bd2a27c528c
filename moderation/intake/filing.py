"""Filing what a form says: one report, or one for each of several comments of the same author, in one go."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts.models import User
from community.models import Comment
from moderation.cases.actions.locking import lock_case
from moderation.cases.actions.opening import Said
from moderation.cases.actions.receive import take_in
from moderation.cases.events import seal
from moderation.cases.models import Case
from moderation.intake.limits import require_below_limit
from moderation.policy.models import Clause
from moderation.reports.actions import AlreadyReported, filed_before
from moderation.reports.actions.evidence import EvidenceFile, attach, require_kept
from moderation.reports.addresses import keyed
from moderation.reports.details import Details
from moderation.reports.models import Report
from moderation.reports.standing import Standing
from moderation.subjects.content import Content
from moderation.subjects.lookup import Target

# The room of advisory locks on authors of whom several comments are reported at once.
_LOCKS = 20_402


class Filed(NamedTuple):
    """A report, and whether this request filed it or one before."""

    report: Report
    new: bool


@transaction.atomic
def file_all(
    target: Target,
    *,
    others: Sequence[Comment] = (),
    clause: Clause,
    text: str,
    ground: str,
    confidential: bool,
    request_id: uuid.UUID,
    details: Details,
    files: Iterable[EvidenceFile] = (),
    seen: Content | None = None,
    channel: str = Report.Channel.FORM,
    network: str = "",
    actor: User,
) -> Filed:
    """File the report of `target` with its `files`, and the same of each of `others`; all of them or none.

    What the reporter reported before among the others is left out. Gives the report of `target`: where this request
    filed it before, it is that, and nothing is filed. Raises Refused as receive_report does, and RateLimited: what is
    sent in one go counts once. `network` is where it comes from, for callers who did not hash it themselves.
    """
    standing = require_below_limit(actor, request_id=request_id, clause=clause, danger=details.danger)
    sent = list(files)
    if standing.known:
        asked: dict[str, Any] = {"ground": ground, "confidential": confidential, "details": details}
        before = filed_before(request_id, target=target, clause=clause, text=text, actor=actor, **asked)
        if before is not None:
            require_kept(before, sent)
            return Filed(before, new=False)
    if network:
        details = replace(details, address=keyed(network, standing.salt))
    said = Said(clause, text, ground, confidential, channel, request_id, details)
    filed: Report | None = None
    for one in _in_order_of_cases([target, *others]):
        if one is target:
            filed = take_in(target, said, standing, actor=actor, seen=seen)
            if kept := attach(filed, sent, actor=actor):
                seal(lock_case(filed.case_report.case), *kept)
        else:
            _file_too(one, said, standing, actor)
    assert filed is not None
    return Filed(filed, new=True)


def _file_too(one: Any, said: Said, standing: Standing, actor: User) -> None:
    own_id = uuid.uuid5(said.request_id, one.public_id.hex)
    # The passage and the other addresses are those of the comment that the form was opened for.
    about_this = replace(said, request_id=own_id, details=replace(said.details, passage=""))
    try:
        with transaction.atomic():
            take_in(one, about_this, standing, actor=actor)
    except AlreadyReported:
        return  # since the list was shown: it is with us


def _in_order_of_cases(targets: list[Any]) -> list[Any]:
    """`targets` by the id of their open case, those without one last: locks on several cases go by ascending id.

    All are taken before the first comment is held: whoever decides one of the cases waits for no comment then.
    """
    if len(targets) == 1:
        return targets
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, targets[0].author_id % 2**31])
    rows = Case.objects.filter(subject__comment__in=targets, kind=Case.Kind.REVIEW, state=Case.State.OPEN)
    rows = rows.select_related("subject").only("subject__comment").order_by("pk")
    cases = {one.subject.comment_id: one.pk for one in rows.select_for_update(of=("self",))}
    return sorted(targets, key=lambda one: (one.pk not in cases, cases.get(one.pk, 0), one.pk))
