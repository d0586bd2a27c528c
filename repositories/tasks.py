from datetime import timedelta

import dramatiq
from dramatiq_crontab import cron

from foundation import bells
from repositories import git, scanning
from repositories.actions import restrictions, stages

scan_files = bells.answers("scan_files")(scanning.scan_due_files)
store_due_stages = bells.answers("store_due_stages")(stages.store_due_stages)
show_cards_again = bells.answers("show_cards_again")(restrictions.show_cards_again)
store_ended_labels = bells.answers("store_ended_labels")(restrictions.store_ended_labels)

# An upload takes hours at most; what is older was left by a program that died.
LEFT_OVER = timedelta(days=1)


@cron("17 3 * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def sweep_leftovers() -> None:
    """Every night, remove the drafts of uploads that nobody finished."""
    git.sweep_leftovers(LEFT_OVER)
