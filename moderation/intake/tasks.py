from datetime import timedelta

import dramatiq
from dramatiq_crontab import cron

from foundation import bells
from moderation.intake import guests, mail, taking_over
from moderation.reports.actions import evidence

take_over_reports = bells.answers("take_over_reports")(taking_over.take_over_all)
send_confirmations = bells.answers("send_confirmations")(mail.send_confirmations)


@cron("41 * * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def forget_unconfirmed() -> None:
    """Every hour, delete the reports whose address nobody confirmed (C1)."""
    guests.forget_unconfirmed()


@cron("47 3 * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def remove_orphaned_evidence() -> None:
    """Every night, remove files of reports that were never filed."""
    evidence.remove_orphans(timedelta(days=1))
