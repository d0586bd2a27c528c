from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from repositories.actions.reread import reread
from repositories.models import Repository

BATCH = 500


class Command(BaseCommand):
    help = (
        "Read the files of all repositories again and compute what lists, search and pages show of them: after an "
        "upgrade. Changes no file and no date; safe to run while people work, and again after it was stopped."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done, failed = 0, 0
        for key in _keys():
            try:
                reread(key)
                done += 1
            except Exception as error:  # noqa: BLE001 - one that cannot be read must not stop the others
                failed += 1
                self.stderr.write(f"Repository {key}: {type(error).__name__}: {error}")
        self.stdout.write(f"{done} repositories are read again.")
        if failed:
            raise CommandError(f"{failed} could not be read; they are named above. Mend them and run this again.")


def _keys() -> Iterator[int]:
    last = 0
    while batch := list(Repository.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]
