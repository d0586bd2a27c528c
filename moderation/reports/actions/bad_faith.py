"""What follows from marks of bad faith, of reports and of appeals in the same way (C4, G2; DSA art. 23).

1. Three within 180 days: a notice that says what comes next. There is one in 180 days.
2. Two more since the notice, or since the last limit: a limit on what the person sends us a day, for a while.

Nothing else follows. The person reads both in a letter, and how they stand on a page of their own.
"""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import QuerySet
from django.utils import timezone, translation

from accounts.actions import write_to
from accounts.models import InboxMessage, User
from accounts.queries import system_actor
from accounts.zones import zone_of
from foundation import clock
from foundation.clock import Now
from foundation.templatetags.foundation import exact
from moderation.reports.models import Fewer

WITHIN = timedelta(days=180)
BEFORE_NOTICE, BEFORE_LIMIT = 3, 2
F = TypeVar("F", bound=Fewer)


class BadFaith(ABC, Generic[F]):
    """What people send us in bad faith: how it is counted, how few of it we take then, and in which words.

    Words are in the active language and time zone.
    """

    limits: ClassVar[type[Any]]
    # How keys of letters begin.
    notice: ClassVar[str]
    limit: ClassVar[str]

    @property
    @abstractmethod
    def per_day(self) -> int:
        """How many we take a day under a limit."""

    @property
    @abstractmethod
    def days(self) -> int:
        """How many days a limit holds."""

    @abstractmethod
    def marks(self, person: User, since: datetime, until: datetime) -> int:
        """How many marks `person` got after `since`, until `until` and that among them."""

    @abstractmethod
    def words_of_notice(self) -> tuple[str, str]:
        """Its subject and its text."""

    @abstractmethod
    def reason(self) -> str:
        """Why there is a limit."""

    @abstractmethod
    def words_of_limit(self, limit: F) -> tuple[str, str]:
        """The subject and the text of its letter: why, until when, and what is never limited; see `said_of`."""

    @abstractmethod
    def words_of_lifting(self) -> tuple[str, str]:
        """The subject and the text of the letter that says that a limit was lifted."""

    @abstractmethod
    def link(self) -> tuple[str, str]:
        """Where they read how they stand, and what that is called."""

    def limits_now(self, person: User) -> QuerySet[F]:
        """The limits on `person` that hold now, the one that ends last first."""
        rows: QuerySet[F] = self.limits.objects.filter(person=person, lifted_at=None, ends_at__gt=Now())
        return rows.order_by("-ends_at")

    def follow_up(self, person: User, at: datetime) -> None:
        """Something of `person` was marked at `at`: let follow what follows. Nobody else counts it meanwhile."""
        if self.noticed_at(person, before=at) is None:
            if self.marks(person, at - WITHIN, at) >= BEFORE_NOTICE:
                self._send_notice(person, at)
            return
        enough = self.marks(person, self.counts_from(person, at), at) >= BEFORE_LIMIT
        if enough and not self.limits_now(person).exists():
            self._begin(person, at)

    def noticed_at(self, person: User, *, before: datetime) -> datetime | None:
        """When the last notice of the 180 days before went out; the moment is in its key, as it was decided."""
        notices = InboxMessage.objects.filter(recipient=person, key__startswith=self.notice).order_by("-pk")
        for key in notices.values_list("key", flat=True)[:10]:
            moment = datetime.fromisoformat(key.removeprefix(self.notice))
            if moment <= before:
                return moment if before - moment < WITHIN else None
        return None

    def counts_from(self, person: User, at: datetime) -> datetime:
        """The notice, or the beginning of the last limit before `at`."""
        noticed = self.noticed_at(person, before=at) or at
        earlier = self.limits.objects.filter(person=person, starts_at__lt=at).order_by("-starts_at").first()
        return max(noticed, earlier.starts_at) if earlier else noticed

    def lift(self, row: F, actor: User) -> None:
        """End a limit that holds, whose row is locked; the person hears of it."""
        row.lifted_at, row.lifted_by = clock.now(), actor
        row.save(update_fields=["lifted_at", "lifted_by"])
        with translation.override(row.person.language):
            subject, body = self.words_of_lifting()
            write_to(row.person, key=f"{self.limit}-lifted:{row.pk}", subject=subject, body=body, actor=actor)

    def _send_notice(self, person: User, at: datetime) -> None:
        with translation.override(person.language):
            self._write(person, f"{self.notice}{at.isoformat()}", *self.words_of_notice())

    def _begin(self, person: User, at: datetime) -> None:
        ends_at = clock.full_minute(at + timedelta(days=self.days))
        with translation.override(person.language), timezone.override(zone_of(person)):
            row: F = self.limits.objects.create(
                person=person, per_day=self.per_day, reason=self.reason(), starts_at=at, ends_at=ends_at
            )
            subject, body = self.words_of_limit(row)
            self._write(person, f"{self.limit}:{row.pk}", subject, body)

    def _write(self, person: User, key: str, subject: str, body: str) -> None:
        """A letter; nowhere to go in it for guests, who cannot sign in."""
        link, label = ("", "") if person.is_guest else self.link()
        write_to(person, key=key, subject=subject, body=body, link=link, link_label=label, actor=system_actor())


def said_of(limit: Fewer) -> dict[str, Any]:
    """For words about a limit: why there is one, when it ends, and how many a day are taken."""
    return {"reason": limit.reason, "date": exact(limit.ends_at), "count": limit.per_day}
