"""One clock for everything: the database's, read through the SQL function ombud_now() (architecture, "Clock")."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db.models import DateTimeField, Func

from foundation.asking import ask

_past: ContextVar[datetime | None] = ContextVar("past", default=None)


class Now(Func):
    """The database's present moment inside a query; tests set it by replacing the SQL function."""

    function = "ombud_now"
    template = "%(function)s()"
    output_field = DateTimeField()


def now() -> datetime:
    """The database's present moment, UTC; one query."""
    if (past := _past.get()) is not None:
        return past
    ((moment,),) = ask("SELECT ombud_now()")
    assert isinstance(moment, datetime)
    return moment


def full_minute(end: datetime) -> datetime:
    """The minute in which what ends at `end` is over, as one tells it: whoever comes back then is not refused."""
    return (end + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)


def is_importing() -> bool:
    """Whether what is written happened long ago: nobody is told of it now."""
    return _past.get() is not None


@contextmanager
def importing(moment: datetime) -> Iterator[None]:
    """Date what actions write to `moment`: for importing a history that already happened, and for nothing else.

    What holds now is still asked of the database's clock. Raises ValueError for a moment in the future.
    """
    if moment > now():
        raise ValueError("What is imported has happened already.")
    token = _past.set(moment)
    try:
        yield
    finally:
        _past.reset(token)
