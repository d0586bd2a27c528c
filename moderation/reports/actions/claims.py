"""The particulars of a claim of rights, and the owner's counter-statement (C5; legal-facts.md)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Forbidden, Refused
from moderation.reports.business_days import after_business_days
from moderation.reports.models import CounterStatement, Report, RightsClaim

CLAUSE, LANE = "third-party-rights", "rights"
# What was closed is restored after so many business days, unless a suit is filed.
RESTORE_AFTER = 10


@dataclass(frozen=True)
class Particulars:
    """What a claim of rights has to say; everything but `right` and `work` may be missing at first."""

    right: str
    work: str
    location: str = ""
    holder: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    good_faith: bool = False
    accurate: bool = False
    signature: str = ""

    @property
    def words(self) -> str:
        """The same as the words of a report: what it is about, and what infringes it."""
        return f"{self.work}\n\n{self.location}".strip()


@dataclass(frozen=True)
class Answer:
    """What a counter-statement has to say: everything of it."""

    text: str
    location: str
    name: str
    address: str
    phone: str
    good_faith: bool
    jurisdiction: bool
    signature: str


def save_claim(report: Report, particulars: Particulars, *, actor: User) -> RightsClaim:
    """Keep the particulars of the claim that `report` is; those before are replaced. Raises Forbidden.

    The words of the report, which keep their versions, are changed by whoever calls.
    """
    if report.reporter_id != actor.pk:
        raise Forbidden(_("Only whoever made this claim can complete it."))
    claim, _made = RightsClaim.objects.update_or_create(report=report, defaults=asdict(particulars))
    return claim


def save_counter_statement(claim: RightsClaim, answer: Answer, *, at: datetime, actor: User) -> CounterStatement:
    """Keep the owner's counter-statement with the moment at which what was closed is restored.

    Who may send one is the question of moderation.cases. Raises Refused for one that lacks something, and for a second.
    """
    assert connection.in_atomic_block, "a counter-statement is kept in the transaction of its event"
    if not all(asdict(answer).values()):
        raise Refused(_("A counter-statement needs all of its particulars."), code="invalid", status=400)
    try:
        with transaction.atomic():
            return CounterStatement.objects.create(
                claim=claim,
                author=actor,
                created_at=at,
                restore_at=after_business_days(at, RESTORE_AFTER),
                **asdict(answer),
            )
    except IntegrityError:
        raise Refused(_("A counter-statement to this claim was sent before."), code="exists") from None
