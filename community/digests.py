"""When the mail that gathers a person's notifications goes out, and how often they want one (L3)."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from accounts.zones import zone_of
from community.models import Digest, MailChoice, Notification
from foundation import bells, clock
from foundation.clock import Now

Rhythm = MailChoice.Rhythm
# A discussion that goes to and fro is one mail, not ten.
SOON = timedelta(minutes=15)
# In the person's zone; weekly ones on Mondays.
HOUR = time(8)
BATCH = 2_000


def due_at(rhythm: str, zone: ZoneInfo, now: datetime) -> datetime:
    """When the next mail of `rhythm`, which is not NEVER, goes out to somebody in `zone`, UTC: always after `now`."""
    if rhythm == Rhythm.SOON:
        return now + SOON
    today = now.astimezone(zone).date()
    # What o'clock it is there decides, so that summer time moves nobody's mail.
    days = (today + timedelta(days=ahead) for ahead in range(9))
    mornings = (datetime.combine(day, HOUR, tzinfo=zone).astimezone(UTC) for day in days)
    return next(at for at in mornings if at > now and (rhythm == Rhythm.DAILY or _is_monday(at, zone)))


def _is_monday(moment: datetime, zone: ZoneInfo) -> bool:
    return moment.astimezone(zone).weekday() == 0


def rhythm_of(user: User) -> str:
    """How often `user` wants mails: a MailChoice.Rhythm."""
    choice = MailChoice.objects.filter(user=user).first()
    return choice.rhythm if choice else Rhythm.DAILY


def ensure_digests(rhythms: Mapping[User, str]) -> None:
    """See to it that each of these people gets a mail at their time, in the transaction that wrote the notifications.

    Their digests to come are held locked until its end: whoever sends one waits, and then finds what was written.
    """
    now = clock.now()
    times: dict[tuple[str, str], datetime] = {}
    missing: dict[int, datetime] = {}
    for user in sorted(rhythms, key=lambda one: one.pk):
        if (rhythm := rhythms[user]) != Rhythm.NEVER:
            place = (rhythm, user.time_zone)
            times[place] = times.get(place) or due_at(rhythm, zone_of(user), now)
            missing[user.pk] = times[place]
    while missing:
        there = Digest.objects.select_for_update().filter(recipient__in=list(missing), done_at=None)
        for key in there.order_by("recipient").values_list("recipient_id", flat=True):
            missing.pop(key)
        # Held only in the next round: one may be written, and even sent, by another worker right now.
        rows = [Digest(recipient_id=key, due_at=at) for key, at in missing.items()]
        Digest.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def choose_rhythm(rhythm: str, *, actor: User) -> None:
    """Let `actor` get mails about discussions as often as `rhythm`, a MailChoice.Rhythm, says.

    With NEVER the one to come is dropped; after NEVER mails begin with what is written from now on.
    """
    before = rhythm_of(actor)
    MailChoice.objects.update_or_create(user=actor, defaults={"rhythm": rhythm})
    to_come = Digest.objects.filter(recipient=actor, done_at=None)
    if rhythm == Rhythm.NEVER:
        to_come.delete()
    elif before == Rhythm.NEVER:
        Notification.objects.filter(recipient=actor, read_at=None, mailed_at=None).update(mailed_at=Now())
    elif rhythm == Rhythm.SOON:
        # What waits has waited long enough.
        to_come.update(due_at=Now())
        bells.ring("send_digests")
    else:
        to_come.update(due_at=due_at(rhythm, zone_of(actor), clock.now()))
