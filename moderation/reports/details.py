"""What a report may bring along besides its clause and its words (C1, C3, C10)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class SenderDetails:
    """Who sent what the team enters, as it arrived (C3)."""

    name: str
    contact: str
    reference: str
    received_at: datetime


@dataclass(frozen=True)
class Details:
    """Evidence, circumstances and origin of a report; everything may be missing.

    `passage` are words of the content, `danger` says that somebody's life is at risk, `batch` is shared by reports sent
    in one go, `address` is the keyed hash of the sender's address (J4), `entered_by` the member of the team who entered
    what `sender` had sent.
    """

    links: tuple[str, ...] = ()
    passage: str = ""
    danger: bool = False
    batch: uuid.UUID | None = None
    address: str = ""
    entered_by: User | None = None
    sender: SenderDetails | None = None


NO_DETAILS = Details()
