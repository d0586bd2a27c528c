"""Business days, as the law counts them for counter-statements (C5; legal-facts.md, counter-notice).

Plain weekdays, Monday to Friday, in UTC: public holidays differ between countries and are counted as weekdays. The law
leaves room for that: at least ten business days and at most fourteen.
"""

from datetime import UTC, datetime, time, timedelta

SATURDAY = 5


def after_business_days(moment: datetime, count: int) -> datetime:
    """When `count` whole business days after the day of `moment` are over: a midnight in UTC."""
    day = moment.astimezone(UTC).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return datetime.combine(day + timedelta(days=1), time.min, UTC)
