import dramatiq
from dramatiq_crontab import cron

from foundation import bells
from moderation.reports import addresses, previews

blur_attachments = bells.answers("blur_attachments")(previews.blur_attachments)


@cron("23 * * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def forget_addresses() -> None:
    """Every hour, forget what addresses we kept for 30 days (J4)."""
    addresses.forget_addresses()
