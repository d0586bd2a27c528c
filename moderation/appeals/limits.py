"""How much one person may contest and write to us: checked where it comes in, never in the actions (C4, G2)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.errors import RateLimited
from moderation.appeals.actions import file_appeal, say
from moderation.appeals.actions.bad_faith import SENDING, hold_person, limits_now
from moderation.appeals.models import Appeal, AppealLimit, AppealMessage
from moderation.appeals.queries import contest_until
from moderation.cases.models import Decision
from moderation.reports.actions.evidence import EvidenceFile, discard

# Messages that one person may send in an hour, over all appeals.
MOST_AN_HOUR = 30
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@transaction.atomic
def file_within_limit(decision: Decision, *, text: str, actor: User, files: Sequence[EvidenceFile] = ()) -> Appeal:
    """Contest `decision` as the action does. Raises RateLimited after APPEALS_PER_DAY in a day, and what it raises.

    Fewer while a limit for appeals in bad faith holds: but never what a rule decided, and never what would be too late
    when the limit ends. Appeals of one person count one after the other, however many come in at once.
    """
    hold_person(actor.pk, SENDING)
    appeal = file_appeal(decision, text=text, actor=actor, files=files)
    # Asked after it was filed, so that whoever may not, or did before, is told so; a refusal takes it back.
    try:
        _require_within_limits(appeal, actor)
    except RateLimited:
        discard(appeal.files.all())
        raise
    return appeal


def _require_within_limits(appeal: Appeal, actor: User) -> None:
    now = clock.now()
    own = Appeal.objects.filter(appellant=actor, created_at__gt=now - DAY).exclude(pk=appeal.pk)
    _require_fewer(own.order_by("-created_at"), settings.APPEALS_PER_DAY, now)
    limit = limits_now(actor).first()
    decision = appeal.decision
    if limit and not decision.interim and contest_until(decision, actor) >= limit.ends_at:
        counted = own.filter(decision__interim=False).order_by("-created_at")
        _require_below_own_limit(counted, limit, now)


@transaction.atomic
def say_within_limit(
    appeal: Appeal, *, text: str, actor: User, files: Sequence[EvidenceFile] = (), request_id: UUID | None = None
) -> tuple[AppealMessage, bool]:
    """Take a message of `actor` as the action does; with whether it is new, for what was sent before is no other one.

    Raises RateLimited after MOST_AN_HOUR within the last hour, and what the action raises.
    """
    hold_person(actor.pk, SENDING)
    new = request_id is None or not AppealMessage.objects.filter(request_id=request_id).exists()
    if new:
        now = clock.now()
        sent = AppealMessage.objects.filter(author=actor, from_team=False, created_at__gt=now - HOUR)
        times = list(sent.order_by("-created_at").values_list("created_at", flat=True)[:MOST_AN_HOUR])
        if len(times) == MOST_AN_HOUR:
            words = _("You wrote a lot within the last hour. Please wait a little.")
            raise RateLimited(words, until=times[-1] + HOUR, now=now)
    return say(appeal, text=text, actor=actor, files=files, request_id=request_id), new


def _require_fewer(own: QuerySet[Appeal], most: int, now: datetime) -> None:
    times = list(own.values_list("created_at", flat=True)[: max(most, 1)])
    if len(times) >= max(most, 1):
        until = times[-1] + DAY
        words = _("You contested many decisions within a day, and we want to look at each with care. You can contest "
                  "the next one on %(date)s, %(time)s (%(zone)s).")  # fmt: skip
        raise RateLimited(words % _moment(until), until=until, now=now)


def _require_below_own_limit(counted: QuerySet[Appeal], limit: AppealLimit, now: datetime) -> None:
    times = list(counted.values_list("created_at", flat=True)[: limit.per_day])
    if len(times) >= limit.per_day:
        until = min(times[-1] + DAY, limit.ends_at)
        words = _("%(reason)s You can contest the next one on %(date)s, %(time)s (%(zone)s); the limit ends on "
                  "%(end)s. What a rule decided you can contest at any time.")  # fmt: skip
        end = date_format(timezone.localtime(limit.ends_at), "DATE_FORMAT")
        raise RateLimited(words % {**_moment(until), "reason": limit.reason, "end": end}, until=until, now=now)


def _moment(until: datetime) -> dict[str, str]:
    local = timezone.localtime(until)
    return {
        "date": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "H:i"),
        "zone": local.tzname() or "",
    }
