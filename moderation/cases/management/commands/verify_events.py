from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.cases.checkpoints import BrokenCheckpoints, read_checkpoints
from moderation.cases.models import Event
from moderation.cases.verify import find_faults


class Command(BaseCommand):
    help = (
        "Check the chains of events against themselves, the cases, the sealed texts and the checkpoints outside the "
        "database. Prints a line for every fault; the exit status is 1 when there is one. What happened after the last "
        "checkpoint, less than a minute ago, and was taken back whole cannot be noticed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for fault in find_faults():
            faults += 1
            self.stdout.write(fault)
        events, checkpoints = Event.objects.count(), _checkpoints()
        checked = f"{events} events and {checkpoints} checkpoints checked"
        if faults:
            raise CommandError(f"{checked}. Faults: {faults}.")
        self.stdout.write(f"{checked}. Faults: none.")


def _checkpoints() -> int:
    """How many checkpoints can be read, up to a broken one."""
    count = 0
    try:
        for _line in read_checkpoints():
            count += 1
    except BrokenCheckpoints:
        pass
    return count
