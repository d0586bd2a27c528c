"""Sending the mail of letters: leased work, at least once, the same Message-ID each time (G1, L3).

A batch goes over one connection, and each mail is recorded as soon as the server took it: a worker that dies loses
nothing, and of what it sent at most the one it was just sending goes out twice.
"""

import logging
from datetime import timedelta
from types import TracebackType

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet

from accounts.letters import compose
from accounts.models import MailDelivery, User
from foundation.clock import Now
from foundation.work import claim, put_back, said

logger = logging.getLogger(__name__)
BATCH = 50
LEASE = timedelta(minutes=2)
# A mail that is refused is tried again after one minute, two, four ...: twelve times, in a day and a half.
FIRST_PAUSE = timedelta(minutes=1)
MOST_REFUSALS = 12


class UnreachableError(Exception):
    """No connection to the mail server: no fault of any mail."""


class NoAddressError(Exception):
    """The person has no address any more."""


def send_due_mail() -> int:
    """Send every mail that is due; returns how many went out.

    While the server cannot be reached everything waits, with growing pauses, and nothing is given up.
    """
    count = 0
    rows = MailDelivery.objects.select_related("message__recipient__guest")
    while claimed := claim(rows, limit=BATCH, lease=LEASE):
        with Postman() as postman:
            for number, row in enumerate(claimed):
                try:
                    count += _deliver(row, postman)
                except UnreachableError as error:
                    for one in claimed[number:]:
                        _wait_for_the_server(one, error)
                    return count
    return count


class Postman:
    """One connection for a batch; after a mail that failed, a new one: nobody knows what the server still expects."""

    def __init__(self) -> None:
        self.connection = get_connection()

    def __enter__(self) -> "Postman":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Hand over one mail. Raises UnreachableError without a connection, whatever went wrong else."""
        try:
            self.connection.open()
        except Exception as error:
            raise UnreachableError(f"{type(error).__name__}: {error}") from error
        try:
            self.connection.send_messages([mail])
        except Exception:
            self._close()
            raise

    def _close(self) -> None:
        try:
            self.connection.close()
        except Exception as error:  # noqa: BLE001 - what was sent is recorded; the goodbye matters to nobody
            logger.info("The mail server did not say goodbye: %s", type(error).__name__)


def _deliver(row: MailDelivery, postman: Postman) -> bool:
    """Send the mail of `row` and record it; whether it went out. Raises UnreachableError."""
    try:
        with transaction.atomic():
            # Recorded first and committed after: the row stays locked while it is sent, so that no other worker
            # sends it too, however long the server takes.
            if not _take(row):
                return False
            postman.send(compose(row.message, to=_address_of(row.message.recipient)))
    except UnreachableError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever fails, the row stays and says why
        _note_refusal(row, error)
        return False
    return True


def _address_of(person: User) -> str:
    if not person.mail_address:
        raise NoAddressError("The person has no address any more.")
    return person.mail_address


def _take(row: MailDelivery) -> bool:
    """Record that `row` was sent; False when another worker has it by now."""
    return bool(_ours(row).update(done_at=Now(), lease=None, lease_until=None))


def _wait_for_the_server(row: MailDelivery, error: Exception) -> None:
    _note(row, error)
    put_back(row, error)


def _note_refusal(row: MailDelivery, error: Exception) -> None:
    """Put `row` back with a longer pause than before, or give it up."""
    refusals = row.refusals + 1
    last = refusals >= MOST_REFUSALS or isinstance(error, NoAddressError)
    _note(row, error, refusals=refusals)
    if last:
        _ours(row).update(given_up=True, done_at=Now(), lease=None, lease_until=None)
        logger.warning("Mail %s is given up after %s refusals: %s", row.pk, refusals, type(error).__name__)
    else:
        put_back(row, error, pause=FIRST_PAUSE * 2 ** (refusals - 1))


def _note(row: MailDelivery, error: Exception, **values: int) -> None:
    """Keep what went wrong, and for good what did so first."""
    _ours(row).update(first_error=row.first_error or said(error), last_error=said(error), **values)


def _ours(row: MailDelivery) -> QuerySet[MailDelivery]:
    """The row, unless another worker has it by now."""
    return MailDelivery.objects.filter(pk=row.pk, lease=row.lease, done_at=None)
