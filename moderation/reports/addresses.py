"""Addresses of reporters, as far as we keep them: a keyed hash that nobody can undo, for 30 days (J4).

The key is a secret of this installation together with the salt of a period of 30 days, so that neither the database
alone nor a copy of the secret tells an address. When the period is over its salt is deleted and no hash of it can be
made again: what was sent before and after that moment is never found to come from the same address, and need not be.
"""

import hmac
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation import clock
from foundation.clock import Now
from foundation.compiled import Compiled
from foundation.http import network_of
from moderation.reports.models import AddressSalt, Report

PERIOD = timedelta(days=30)
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def digest(request: HttpRequest) -> str:
    """The keyed hash of the address that `request` comes from, 64 characters; one query.

    Of an address of version 6 only the network counts: whoever has one has all of its addresses.
    """
    return keyed(network_of(request), current_salt())


def keyed(network: str, salt: bytes | None) -> str:
    """The same for a `network` (see foundation.http.network_of), where the `salt` of now is known; None: it is not."""
    key = bytes(salt or current_salt()) + settings.SECRET_KEY.encode()
    return hmac.digest(key, network.encode(), "sha256").hex()


def forget_addresses() -> int:
    """Delete salts of periods that are over, and clear hashes older than 30 days; returns how many were cleared."""
    AddressSalt.objects.filter(starts_at__lte=Now() - PERIOD).delete()
    return Report.objects.filter(created_at__lte=Now() - PERIOD).exclude(address="").update(address="")


def salts_now() -> QuerySet[AddressSalt]:
    """The salt of this period, if it was made already."""
    current = AddressSalt.objects.filter(starts_at__gt=Now() - PERIOD, starts_at__lte=Now())
    return current.order_by("-starts_at")[:1]


_current = Compiled(salts_now)


def current_salt() -> bytes:
    """The salt of this period, made when it is first needed; one query."""
    if (known := _current.first()) is None:
        now = clock.now()
        # Everybody names the same beginning: of two processes that make it at once, one finds the other's.
        starts_at = now - (now - _FIRST) % PERIOD
        known, _made = AddressSalt.objects.get_or_create(
            starts_at=starts_at, defaults={"salt": secrets.token_bytes(32)}
        )
    return bytes(known.salt)
