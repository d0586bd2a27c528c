from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.cases.checkpoints import BrokenCheckpoints, read_checkpoints
from moderation.cases.models import Event
from moderation.cases.verify import find_faults


class Command(BaseCommand):
    help = (
        "Check the chains of events against themselves, the cases, the sealed texts, the rows that they speak of and "
        "the checkpoints outside the database. Prints a line for every fault; the exit status is 1 when there is one. "
        "What happened after the last checkpoint, less than a minute ago, and was taken back whole cannot be noticed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults, uncovered = 0, Counter[str]()
        for fault in find_faults(uncovered):
            faults += 1
            self.stdout.write(fault)
        events, checkpoints = Event.objects.count(), _checkpoints()
        checked = f"{events} events and {checkpoints} checkpoints checked"
        if uncovered:
            old = ", ".join(f"{count} {name}" for name, count in sorted(uncovered.items()))
            checked += f". Not covered, because older than events that speak of rows: {old}"
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
