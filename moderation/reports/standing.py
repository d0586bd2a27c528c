"""What is known of a reporter at the moment of filing, asked in one statement: every report that comes in needs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Exists, Func, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from foundation.clock import Now
from foundation.compiled import Compiled
from moderation.policy.models import Clause
from moderation.reports.addresses import salts_now
from moderation.reports.models import Report, ReporterRecord, ReportingLimit
from moderation.reports.queries import trusted_for
from moderation.reports.reliability import reliability_from

HOUR = timedelta(hours=1)
# Scripts of operators enter what arrived elsewhere: they are not limited.
LIMITED = (Report.Channel.FORM, Report.Channel.API)


@dataclass(frozen=True)
class Standing:
    """One reporter about to file under one clause: the moment, what was filed, what holds."""

    now: datetime
    known: int | None  # the id of the report that this request made before
    sent: list[datetime]  # within the last hour, newest first; what went in one go counts once
    limited: bool  # a limit for reports in bad faith holds
    trusted: bool  # a trusted flagger, for this clause
    reliability: float  # under this clause, 0 to 1
    salt: bytes | None  # for the hash of an address, see addresses.py


def locked_standing(person: User, clause: Clause | None, request_id: UUID) -> Standing:
    """What is known of `person` now, who files under `clause` where it is a report; two queries.

    Their row is locked: parallel requests count one after the other. Raises AssertionError outside of the
    transaction that files.
    """
    assert connection.in_atomic_block, "who may file is asked in the transaction that files"
    _lock(person.pk)
    # A statement of its own: it sees what those wrote for whom the lock made us wait.
    return standing_of(person, clause, request_id)


def standing_of(person: User, clause: Clause | None, request_id: UUID) -> Standing:
    """The same without a lock, for whom no limit counts; one query."""
    key = clause.pk if clause else 0
    (found,) = _standing(person.pk, key, request_id)
    now, known, sent, limited, trusted, records, salt = cast("_Found", found)
    return Standing(now, known, sent, limited, trusted, reliability_from(records, key), salt)


_Found = tuple[datetime, int | None, list[datetime], bool, bool, list[list[int]], bytes | None]


def limits_now() -> QuerySet[ReportingLimit]:
    """Every limit that holds now."""
    return ReportingLimit.objects.filter(lifted_at=None, ends_at__gt=Now())


def in_one_go(reports: QuerySet[Report]) -> QuerySet[Any, dict[str, Any]]:
    """When each thing was filed, newest first, as rows of `at`: what is sent about several comments counts once."""
    sent = reports.order_by().values(one=Coalesce("batch", "public_id")).annotate(at=Min("created_at"))
    return cast("QuerySet[Any, dict[str, Any]]", sent.order_by("-at").values("at"))


# One row of a reporter's record: clause, upheld, decided.
_RECORD = Func(
    "clause_id", "upheld", "decided", template="ARRAY[%(expressions)s]", output_field=ArrayField(BigIntegerField())
)
_lock = Compiled(lambda person: User.objects.select_for_update(no_key=True).filter(pk=person).values_list("pk"))


@Compiled
def _standing(person: int, clause: int, request_id: UUID) -> QuerySet[User, Any]:
    own = Report.objects.filter(reporter=OuterRef("pk"))
    recent = own.filter(channel__in=LIMITED, created_at__gt=Now() - HOUR)
    return User.objects.filter(pk=person).values_list(
        Now(),
        Subquery(own.filter(request_id=request_id).values("pk")),
        ArraySubquery(in_one_go(recent)),
        Exists(limits_now().filter(person=OuterRef("pk"))),
        Exists(trusted_for(clause).filter(user=OuterRef("pk"))),
        ArraySubquery(ReporterRecord.objects.filter(reporter=OuterRef("pk")).values(row=_RECORD)),
        Subquery(salts_now().values("salt")),
    )
